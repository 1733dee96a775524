"""Soundstage: a text prompt in, a film with sound out, behind the API people already call."""

from soundstage.film import Film, Frames, Order, Screenplay, Shot, Soundtrack, Waveform
from soundstage.render.engine import Brief, Engine, EngineSpec, Workplace

__all__ = [
    "Brief",
    "Engine",
    "EngineSpec",
    "Film",
    "Frames",
    "Order",
    "Screenplay",
    "Shot",
    "Soundtrack",
    "Waveform",
    "Workplace",
]

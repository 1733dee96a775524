"""Stage 2 of 5. Shots in, frames out. Knows no HTTP, no jobs, no files."""

from soundstage.render.engine import Brief, Engine, EngineSpec, Workplace

__all__ = ["Brief", "Engine", "EngineSpec", "Workplace"]

"""Who speaks with which voice: cast and manner to a voice's settings. Speaks nothing.

One character keeps one voice for the whole film, and two characters share one only when there are more of
them than voices. The tables stand in data/voices.toml.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from soundstage.film import CastMember

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from soundstage.film import Line, Screenplay

_FALLBACK = "en-us"
_WHISPERS = {"female": "whisperf", "child": "whisperf"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A character's voice, before any manner."""

    kind: str  #: "female", "male", "child"
    variant: str  #: of espeak-ng
    pitch: int
    rate_wpm: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How one line is to be spoken."""

    variant: str
    rate_wpm: int
    pitch: int
    pitch_range: int
    level_db: float  #: against the level of plain speech


def cast_voices(screenplay: Screenplay) -> dict[str, Voice]:
    """Return a voice for everyone who speaks, by name, in the order in which they first do."""
    members = {member.name: member for member in screenplay.cast}
    voices: dict[str, Voice] = {}
    taken: set[tuple[str, int]] = set()
    for name in _speakers(screenplay):
        member = members.get(name, CastMember(name=name))
        voices[name] = _cast(member, screenplay.seed, taken)
        taken.add((voices[name].variant, voices[name].pitch))
    return voices


def deliver(line: Line, voice: Voice) -> Delivery:
    """Return how a line is spoken: the voice, bent by the line's manner."""
    rate, pitch, pitch_range, level_db, variant = 1.0, voice.pitch, 50, 0.0, voice.variant
    said = " ".join(line.manner).lower()
    for manner in _table()["manners"]:
        if any(word in said for word in manner["words"]):
            rate *= manner.get("rate", 1.0)
            pitch += manner.get("pitch", 0)
            pitch_range += manner.get("range", 0)
            level_db += manner.get("level_db", 0.0)
            if manner.get("whisper"):
                variant = _WHISPERS.get(voice.kind, "whisper")
    return Delivery(
        variant=variant,
        rate_wpm=round(voice.rate_wpm * rate),
        pitch=min(max(pitch, 0), 99),
        pitch_range=min(max(pitch_range, 0), 99),
        level_db=level_db,
    )


def espeak_language(tag: str, data: Path) -> tuple[str, str | None]:
    """Return espeak-ng's name for a language tag, and a note when another has to stand in."""
    known = _languages(data)
    names: Mapping[str, str] = _table()["languages"]
    tag = tag.strip().lower().replace("_", "-") or "en"
    while tag:
        name = names.get(tag, tag)
        if name in known:
            return name, None
        asked, _, _ = tag.rpartition("-")
        if not asked:
            break
        tag = asked
    return _FALLBACK, f"there is no voice for the language {tag!r}: an English one reads it"


@cache
def _languages(data: Path) -> frozenset[str]:
    return frozenset(path.name.lower() for path in (data / "lang").rglob("*") if path.is_file())


def _speakers(screenplay: Screenplay) -> Iterable[str]:
    lines = (line for shot in screenplay.shots for line in shot.dialogue)
    return dict.fromkeys(line.speaker for line in sorted(lines, key=lambda line: float(line.start)))


def _cast(member: CastMember, seed: int, taken: set[tuple[str, int]]) -> Voice:
    chance = int.from_bytes(hashlib.sha256(f"{seed}/{member.name}".encode()).digest()[:8], "big")
    gender = member.gender if member.gender != "unknown" else ("female", "male")[chance % 2]
    character = _character(member)
    age = "adult" if member.age == "unknown" else member.age
    kind = "child" if age == "child" else gender
    group = _table()["casts"][character.get("cast", kind)]
    entry = group.get(age, group.get("adult"))
    choices: list[Mapping[str, Any]] = entry["voices"]
    if character.get("cast") == "narrator" and member.gender != "unknown":
        choices = [choices[1 if gender == "female" else 0]]
    first = (chance >> 8) % len(choices)
    ordered = [choices[(first + k) % len(choices)] for k in range(len(choices))]
    voice = next((v for v in ordered if (v["variant"], v.get("pitch", 50)) not in taken), ordered[0])
    variant, pitch = str(voice["variant"]), int(voice.get("pitch", 50))
    if "variant" in character:
        variant, pitch = str(character["variant"]), 50
    while (variant, pitch) in taken and pitch < 92:
        pitch += 7  # more people than voices: a step higher tells them apart
    return Voice(kind=kind, variant=variant, pitch=pitch, rate_wpm=int(entry["rate"]))


def _character(member: CastMember) -> Mapping[str, Any]:
    said = f"{member.name} {member.description}".lower()
    for character in _table()["characters"]:
        if any(word in said for word in character["words"]):
            return character
    return {}


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads((resources.files("soundstage.sound") / "data" / "voices.toml").read_text("utf-8"))

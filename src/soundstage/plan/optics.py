"""Stage 1 of 5, part: what the camera looks through: focal length, aperture, focus. Knows no framing.

Names of lenses stand in `data/lenses.toml`; millimetres and stops are read by rule.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from soundstage.plan.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.sentences import Mention
    from soundstage.plan.sources import Extent

_MILLIMETRES = lazy_pattern(
    r"(?P<on>\b(?:on|in)\s(?:grainy\s|vintage\s|kodak\s)?)?\b(?P<mm>\d{1,4})[\s-]?"
    r"(?P<unit>mm|millimet(?:er|re)s?)\b"
    r"(?:\s(?P<next>[a-z]+))?",
    re.IGNORECASE,
)
_APERTURE = lazy_pattern(
    r"\b[ft]\s?/?\s?(\d{1,2}(?:\.\d{1,2})?)\b(?!\s*(?:mm|[a-z]))|\b(\d{1,2}(?:\.\d)?) aperture\b",
    re.IGNORECASE,
)
#: Shortest and longest focal lengths anyone mounts; "1080mm" and "5mm" are no lenses.
_FOCAL_RANGE_MM = (8, 1200)
_STOPS = (0.7, 32.0)
_LENS = frozenset(
    {
        "lens",
        "lenses",
        "prime",
        "anamorphic",
        "focal",
        "macro",
        "telephoto",
        "portrait",
        "wide",
        "f",
        "spherical",
    }
)
#: Behind millimetres: they are a film's, a gun's or a size.
_NO_LENS = frozenset({
    "film", "stock", "celluloid", "print", "grain", "footage", "kodak", "fujifilm", "pistol", "gun",
    "bullet", "bullets", "round", "rounds", "handgun", "cannon", "shell", "shells", "howitzer", "thick",
    "long", "tall", "of", "reel", "camera", "look", "movie", "home", "projector",
})  # fmt: skip
#: Gauges of film: lenses only where the prompt says so.
_GAUGES = frozenset({8, 16, 65, 70})


@dataclass(frozen=True, slots=True, kw_only=True)
class Optics:
    """What a text says of the lens; None where it says nothing."""

    focal_length_mm: float | None = None
    f_number: float | None = None
    focus: str | None = None
    said: tuple[Extent, ...] = ()


def read_optics(text: str, mentions: Sequence[Mention]) -> Optics:
    """Read the lens from a shot's text; what is said last is said closer: "macro, shallow depth of field"."""
    facts: dict[str, Any] = {}
    said: list[Extent] = []
    for mention in mentions:
        if mention.hit.table == "lenses" and not mention.negated:
            facts |= mention.hit.entry.facts
            said.append((mention.unit.start, mention.unit.end))
    told = bool(facts) or _APERTURE.search(text) is not None
    for found in _MILLIMETRES.finditer(text):
        if _is_lens(found, told=told):
            facts["focal_length_mm"] = float(found["mm"])
            said.append((found.start("mm"), found.end("unit")))
            break
    for found in _APERTURE.finditer(text):
        stop = float(found[1] or found[2])
        if _STOPS[0] <= stop <= _STOPS[1]:
            facts["f_number"] = stop
            said.append(found.span())
            break
    known = {name: facts[name] for name in ("focal_length_mm", "f_number", "focus") if name in facts}
    return Optics(**known, said=tuple(sorted(said)))


def _is_lens(found: re.Match[str], *, told: bool) -> bool:
    """Tell whether millimetres are a lens's; a gauge of film is one only where the text speaks of lenses."""
    length, following = int(found["mm"]), (found["next"] or "").lower()
    if not _FOCAL_RANGE_MM[0] <= length <= _FOCAL_RANGE_MM[1] or following in _NO_LENS:
        return False
    return following in _LENS or not (found["on"] or (length in _GAUGES and not told))

"""The endpoint family, read from `family.toml`. Knows no request."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soundstage.errors import EndpointUnknown
from soundstage.film import FrameSize

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from soundstage.film import CaptionChoice, ShotType

#: Owners whose apps have a name of three segments; both fal clients know exactly these.
NAMESPACES = ("workflows", "comfy")
MAX_NAME = 200  #: characters of a name that an error repeats and compares


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What an absent field means."""

    seconds: int
    shot_seconds: int
    generate_audio: bool
    shot_type: ShotType
    aspect_ratio: str
    negative_prompt: str
    cfg_scale: float
    fps: int
    captions: CaptionChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One row of the family: what it is called and how it differs from its sisters."""

    id: str  #: "fal-ai/kling-video/v3/pro/text-to-video"
    title: str
    description: str  #: one sentence
    since: date  #: served here since
    tags: tuple[str, ...]
    engine: str  #: taken when the request names none
    resolution: str  #: taken when the request names none
    defaults: Defaults
    sizes: Mapping[str, Mapping[str, FrameSize]]  #: resolution -> aspect ratio -> pixels
    dropped: frozenset[str] = frozenset()  #: fields its sisters have and it ignores

    @property
    def name(self) -> str:
        """The id without its owner, in CamelCase, as schemas are called: "KlingVideoV3ProTextToVideo"."""
        words = self.id.partition("/")[2].replace("/", "-").split("-")
        return "".join(word[:1].upper() + word[1:] for word in words)

    @property
    def app(self) -> str:
        """The part of the id that request URLs carry: "fal-ai/kling-video"."""
        return app_of(self.id)

    def size(self, aspect_ratio: str, resolution: str | None) -> FrameSize:
        """Return the frame's pixels; no resolution is the endpoint's own."""
        return self.sizes[resolution or self.resolution][aspect_ratio]


@cache
def endpoints() -> tuple[Endpoint, ...]:
    """Return every endpoint that is served, in the table's order."""
    table = tomllib.loads(Path(__file__).with_name("family.toml").read_text("utf-8"))
    sizes = {
        resolution: {aspect: FrameSize(width=w, height=h) for aspect, (w, h) in frames.items()}
        for resolution, frames in table["sizes"].items()
    }
    return tuple(_row(row, table["defaults"], sizes) for row in table["endpoint"])


def _row(
    row: dict[str, Any], defaults: dict[str, Any], sizes: Mapping[str, Mapping[str, FrameSize]]
) -> Endpoint:
    return Endpoint(
        id=row["id"],
        title=row["title"],
        description=row["description"],
        since=row["since"],
        tags=tuple(row["tags"]),
        engine=row["engine"],
        resolution=row["resolution"],
        defaults=Defaults(**{**defaults, **row.get("defaults", {})}),
        sizes=sizes,
        dropped=frozenset(row["dropped"]),
    )


def app_of(endpoint_id: str) -> str:
    """Return the part of an endpoint's id that request URLs carry, as both fal clients cut it."""
    parts = endpoint_id.split("/")
    return "/".join(parts[: 3 if parts[0] in NAMESPACES else 2])


def find_endpoint(endpoint_id: str) -> Endpoint:
    """Return the endpoint of this name.

    Raises:
        EndpointUnknown: there is none; the message lists those there are.
    """
    for endpoint in endpoints():
        if endpoint.id == endpoint_id:
            return endpoint
    asked = endpoint_id[:MAX_NAME]
    # The nearest first: who reads one line of an error finds what was meant.
    served = sorted(
        (e.id for e in endpoints()), key=lambda name: difflib.SequenceMatcher(None, asked, name).ratio()
    )
    raise EndpointUnknown(f"No endpoint is called {asked!r}; served here: {', '.join(reversed(served))}")

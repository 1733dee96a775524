"""What a film says about its own making, inside the file. Never a clock: same input, same bytes."""

from __future__ import annotations

import re
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from soundstage.film import Facts, Screenplay

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def metadata(screenplay: Screenplay, facts: Facts) -> dict[str, str]:
    """Return the film's metadata: players know `title` and `comment`, the other keys are ours."""
    told = {
        "title": screenplay.title,
        "comment": f"Made with Soundstage: {facts.made_by}",
        "made_by": facts.made_by,
        "engine": facts.engine,
        "engine_version": facts.engine_version,
        "seed": str(facts.seed),
        "soundstage_version": version("soundstage"),
    }
    return {key: _plain(value) for key, value in told.items()}


def _plain(text: str) -> str:
    # Half a surrogate pair, as from a title cut inside an emoji, is no UTF-8 and would end the film.
    return _CONTROL.sub(" ", text).encode("utf-8", "replace").decode().strip()

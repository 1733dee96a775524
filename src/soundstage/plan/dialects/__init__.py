"""The screenplay in the words of neural engines. Pure: a Screenplay in, text out. Knows no engine.

What the screenplay says is told, edits included; of its prompts only what no field has (`said.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from soundstage.film import Screenplay

__all__ = ["DIALECTS", "Dialect", "speak"]

Dialect = Literal["prose", "h3", "shots"]
DIALECTS: tuple[Dialect, ...] = get_args(Dialect)


def speak(screenplay: Screenplay, dialect: Dialect) -> tuple[str, ...]:
    """Return a screenplay in a dialect: one text, or with "shots" one for each shot."""
    if dialect == "shots":
        from soundstage.plan.dialects.shots import to_shot_prompts  # noqa: PLC0415 - each loads what it needs

        return to_shot_prompts(screenplay)
    if dialect == "h3":
        from soundstage.plan.dialects.h3 import to_h3  # noqa: PLC0415 - the same

        return (str(to_h3(screenplay)),)
    from soundstage.plan.dialects.prose import to_prose  # noqa: PLC0415 - the same

    return (to_prose(screenplay),)

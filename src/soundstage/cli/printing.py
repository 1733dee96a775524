"""A screenplay on paper: as a storyboard, as JSON, or in an engine's words. Knows no flag."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from soundstage.film import Screenplay

Dialect = Literal["prose", "h3", "shots"]


def print_screenplay(screenplay: Screenplay, out: Any, *, as_json: bool, dialect: Dialect | None) -> None:
    """Print a screenplay: in a dialect, else as JSON, else for a person to read."""
    from soundstage import planning

    if dialect is not None:
        out.write("\n\n".join(planning.speak(screenplay, dialect)) + "\n")
    elif as_json:
        out.write(json.dumps(screenplay, indent=2, ensure_ascii=False, default=_fields_of) + "\n")
    else:
        from soundstage.cli.storyboard import print_storyboard

        print_storyboard(planning.draw_storyboard(screenplay), out)


def _fields_of(noun: Any) -> dict[str, Any]:
    if dataclasses.is_dataclass(noun):
        return {field.name: getattr(noun, field.name) for field in dataclasses.fields(noun)}
    return dict(noun)  # a mapping that may not change

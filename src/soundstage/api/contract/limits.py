"""How long a film may be, at which door, and a prompt at all. Knows no field."""

from __future__ import annotations

from dataclasses import dataclass

PROMPT_CHARACTERS = 2500
MAX_SEED = 2**32 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The lengths a door allows, in whole seconds."""

    min_seconds: int
    max_seconds: int
    min_shot_seconds: int = 1
    integer_seconds: bool = False  #: True: `"duration": 5` counts as `"duration": "5"`


#: What fal documents: strings "3" to "15".
WIRE_LIMITS = Limits(min_seconds=3, max_seconds=15)
#: The terminal has no client to surprise, and films of a minute are still made in one sitting.
TERMINAL_LIMITS = Limits(min_seconds=3, max_seconds=60, integer_seconds=True)

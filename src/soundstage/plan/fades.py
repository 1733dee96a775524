"""Stage 1 of 5, part: fades from and to black, where a prompt asks for one. Nobody else fades a film.

"Fade in from black: …", "… Fade to black."; the music's and a light's own fading is none of the picture's.
"""

from __future__ import annotations

import functools
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from soundstage.plan.tables import rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.film import Shot


def with_fades(shots: Sequence[Shot], prompts: Sequence[str]) -> list[Shot]:
    """Return shots with the fades their own words ask for; the first and last hear the whole prompt too."""
    made = list(shots)
    if not made:
        return made
    opens, closes = _wordings()
    said = " \n".join(prompts)
    if opens.search(made[0].text) or opens.search(said):
        made[0] = replace(made[0], entrance="fade")
    for at, shot in enumerate(made):
        if closes.search(shot.text) or (at == len(made) - 1 and closes.search(said)):
            made[at] = replace(shot, exit="fade")
    if len(made) > 1 and made[0].exit == "fade" and not closes.search(made[0].text):
        made[0] = replace(made[0], exit="cut")
    return made


@functools.cache
def _wordings() -> tuple[re.Pattern[str], re.Pattern[str]]:
    table = rules("shots")["fades"]
    opens = "|".join(re.escape(word) for word in table["opens"])
    alone = "|".join(re.escape(word) for word in table["opens_alone"])
    closes = "|".join(re.escape(word) for word in table["closes"])
    last = "|".join(re.escape(word) for word in table["closes_alone"])
    who = r"(?:(?:and|then|finally|the scene|the screen|the shot|scene|screen)[\s,]+)*"
    edge = rf"(?:^|[\n.!?;:。！？；…\"”])\s*{who}"  # noqa: RUF001 - prompts are typed with these marks
    return (
        re.compile(rf"(?<!\w)(?:{opens})(?!\w)|^\s*(?:{alone})\s*[:.,]", re.IGNORECASE),
        re.compile(
            rf"(?<!\w)(?:{closes})(?!\w)|{edge}(?:{last})(?=\s*(?:[.!;,\n]|at the end|$))", re.IGNORECASE
        ),
    )

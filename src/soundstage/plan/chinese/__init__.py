"""Stage 1 of 5, part: prompts in Chinese. Sentences become the nodes the English grammar makes.

`segmentation` finds the words, `phrasing`, `deeds` and `clauses` put them in the order English has, and
`speakers` tells who says a quote. Behind this folder no part of the planner knows which language it reads.
The tables (`data/chinese/`) load with the first Chinese sentence.
"""

from __future__ import annotations

from soundstage.plan.chinese.glossary import meanings
from soundstage.plan.chinese.speakers import (
    clean_name,
    could_speak,
    gender_and_age,
    name_of,
    plain_manner,
    speaker_after,
    speaker_before,
)

__all__ = [
    "clean_name",
    "could_speak",
    "gender_and_age",
    "meanings",
    "name_of",
    "plain_manner",
    "speaker_after",
    "speaker_before",
]

"""One prompt for each shot, for engines that film one at a time: each says again who is seen, and how.

The lead stands in every prompt in identical words, and so does the description of a subject of
several shots: that is what keeps a face and a style from one shot to the next.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from soundstage.plan.dialects.naming import Naming, noun_phrase, subject_key
from soundstage.plan.dialects.phrasing import listed, paragraph
from soundstage.plan.dialects.prose import tell_shot
from soundstage.plan.dialects.seen import tell_style

if TYPE_CHECKING:
    from soundstage.film import Screenplay, Subject


def to_shot_prompts(screenplay: Screenplay) -> tuple[str, ...]:
    """Return a prompt for each shot, in order."""
    lasting = _describe_lasting(screenplay)
    lead = [tell_style(screenplay), f"It is about {listed(lasting.values())}" if lasting else ""]
    return tuple(
        paragraph([*lead, *tell_shot(shot, screenplay, Naming(fixed=lasting), before=None)])
        for shot in screenplay.shots
    )


def _describe_lasting(screenplay: Screenplay) -> dict[str, str]:
    """Return key -> fullest description of every subject that is in several shots."""
    seen: Counter[str] = Counter()
    fullest: dict[str, Subject] = {}
    for shot in screenplay.shots:
        seen.update({subject_key(subject) for subject in shot.subjects})
        for subject in shot.subjects:
            key = subject_key(subject)
            if key not in fullest or _fullness(subject) > _fullness(fullest[key]):
                fullest[key] = subject
    return {key: noun_phrase(subject) for key, subject in fullest.items() if seen[key] > 1}


def _fullness(subject: Subject) -> int:
    return len(subject.attributes) + sum(relation.kind == "wearing" for relation in subject.relations)

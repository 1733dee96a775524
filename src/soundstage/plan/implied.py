"""Stage 1 of 5, part: sounds nobody said that what is seen brings along. Driven by `data/implied.toml`."""

from __future__ import annotations

import functools
from types import MappingProxyType
from typing import TYPE_CHECKING

from soundstage.film import Effect, Seconds
from soundstage.plan.drafts import family_of
from soundstage.plan.lexicon import rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from soundstage.film import Span, Subject
    from soundstage.plan.pacing import Slot

#: Sounds of one shot that nobody said; more is noise.
_MOST = 4
#: One that lasts as long as its deed gets this much of the shot at least.
_LEAST_S = 0.8


def imply_effects(subjects: Sequence[Subject], slot: Slot, said: frozenset[str]) -> list[Effect]:
    """Return what is heard of deeds in the picture, at the time of each, but what was `said`."""
    made: dict[str, Effect] = {}
    for subject in subjects:
        deeds = list(_deeds(subject))
        for at, (verb, action, spans) in enumerate(deeds):
            for name, length_s in _heard(subject, verb, action, subjects):
                if name in said or name in made or len(made) >= _MOST:
                    continue
                starts = float(slot.start_s) + float(slot.seconds) * at / len(deeds)
                ends = float(slot.start_s) + float(slot.seconds)
                lasts = length_s or max(_LEAST_S, float(slot.seconds) / len(deeds))
                made[name] = Effect(
                    name=name, said="", implied=True, spans=spans, start=Seconds(round(starts, 3)),
                    end=Seconds(round(min(starts + lasts, ends), 3)),
                )  # fmt: skip
    return list(made.values())


def imply_beds(subjects: Sequence[Subject]) -> tuple[str, ...]:
    """Return the ambience that things in the picture make all the time: a fire, waves, a crowd."""
    beds = rules("implied")["beds"].items()
    return tuple(bed for bed, kinds in beds if any(_is_one(subject, kinds) for subject in subjects))


def _deeds(subject: Subject) -> Iterator[tuple[str, str, tuple[Span, ...]]]:
    yield subject.verb or "", subject.action or "", subject.spans
    for deed in subject.then:
        yield deed.verb, deed.action, deed.spans


def _heard(
    subject: Subject, verb: str, action: str, subjects: Sequence[Subject]
) -> Iterator[tuple[str, float]]:
    for row in dict.fromkeys((*_rows().get(verb, ()), *_rows().get(f"{action}:", ()), *_rows()[""])):
        rule = rules("implied")[row]
        kinds, things = rule.get("kinds"), rule.get("things")
        others = (other for other in subjects if other is not subject)
        if (kinds is None or _is_one(subject, kinds)) and (
            things is None or any(_is_one(other, things) for other in others)
        ):
            yield row.partition("-")[0], float(rule["seconds"])


@functools.cache
def _rows() -> Mapping[str, tuple[str, ...]]:
    """Return the rows of each verb, of each action behind a colon, and of those that need no deed."""
    rows: dict[str, tuple[str, ...]] = {"": ()}
    for row, rule in rules("implied").items():
        if row == "beds":
            continue
        deeds = (*rule.get("verbs", ()), *(f"{action}:" for action in rule.get("actions", ())))
        for deed in deeds or ("",):
            rows[deed] = (*rows.get(deed, ()), row)
    return MappingProxyType(rows)


def _is_one(subject: Subject, kinds: Sequence[str]) -> bool:
    head = subject.noun.lower().rsplit(" ", 1)[-1]
    return not {subject.kind, family_of(subject.kind), head, head.removesuffix("s")}.isdisjoint(kinds)

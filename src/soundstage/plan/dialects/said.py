"""What of a deed only the prompt's own words tell: "pours" + "steaming milk into a ceramic cup".

Taken from behind the verb's span, as far as nothing else of the screenplay begins. Whatever was edited no
longer matches its span, and is told from its fields alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.plan.dialects.phrasing import words
from soundstage.plan.inflection import verb_forms
from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.tables import rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from soundstage.film import Deed, Screenplay, Shot, Span, Subject

_END = lazy_pattern(r"[.,;:!?…\n\"“”「」()\[\]]|\s[-–—]\s")  # noqa: RUF001 - dashes as they are typed
_WORD = lazy_pattern(r"[^\s]+")
#: Fields of a shot that are told in sentences of their own.
_TOLD_APART = (
    "place", "setting", "time_of_day", "season", "weather", "era", "framing", "angle", "lens",
    "move", "pace", "music", "on_screen_text",
)  # fmt: skip


def complement(deed: Subject | Deed, shot: Shot, screenplay: Screenplay) -> str:
    """Return what follows a deed's verb in the prompt; empty where the deed was edited, or is not English."""
    if not deed.spans or not deed.verb or not screenplay.language.startswith("en"):
        return ""
    span = _verb_span(deed, screenplay)
    if span is None:
        return ""
    prompt = screenplay.prompts[span.prompt]
    stop = _END.search(prompt, span.end)
    end = min([stop.start() if stop else len(prompt), *_starts(deed, shot, span)])
    return _trimmed(prompt[span.end : end])


def _verb_span(deed: Subject | Deed, screenplay: Screenplay) -> Span | None:
    """Return where a deed's verb stands; None where an edit has given it another."""
    for span in reversed(deed.spans):
        known = 0 <= span.prompt < len(screenplay.prompts)
        if known and _is_form(screenplay.prompts[span.prompt][span.start : span.end], deed.verb or ""):
            return span
    return None


def _is_form(said: str, verb: str) -> bool:
    irregular = rules("inflection")["verbs"]
    forms = {form for form, _ in verb_forms(verb, irregular)}
    return said.lower().strip() in forms


def _starts(deed: Subject | Deed, shot: Shot, after: Span) -> Iterator[int]:
    """Yield where, behind a verb, something begins that is told elsewhere."""
    spans = [span for name in _TOLD_APART for span in shot.sources.get(name, ())]
    spans += [span for event in (*shot.dialogue, *shot.effects) for span in event.spans]
    for subject in shot.subjects:
        others = [other for other in (subject, *subject.then) if other is not deed]
        spans += [other.spans[-1] for other in others if other.spans and other.verb]
        if subject is not deed and (subject.verb or subject.action):
            spans += subject.spans[:1]
    for span in spans:
        if span.prompt == after.prompt and span.start >= after.end:
            yield span.start


def _trimmed(text: str) -> str:
    """Return a text up to its first "and" or "while", without the function words that are left at its end."""
    loose = words()["loose"]
    told: list[str] = []
    for match in _WORD.finditer(text):
        if match[0].lower() in loose["breaks"]:
            break
        told.append(match[0])
    while told and told[-1].lower() in loose["ends"]:
        told.pop()
    return " ".join(told)

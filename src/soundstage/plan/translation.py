"""Stage 1 of 5, part: lines in other languages than our voices speak best, put into English. Knows no shot.

Without a translator, or where it fails, a line stays as it is: `translated` is False and a note says why.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from soundstage.film import Note
from soundstage.plan.pacing import speaking_s
from soundstage.plan.ports import ModelFailed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from soundstage.film import Line, Screenplay, Shot, Span
    from soundstage.plan.ports import Translator

#: Languages that are spoken as they are.
_NATIVE = frozenset({"en", "zh"})
_TARGET = "en"


def translate_lines(screenplay: Screenplay, translator: Translator | None) -> Screenplay:
    """Return a screenplay whose lines are English or Chinese, as far as a translator makes them so."""
    foreign = sorted({
        line.language
        for shot in screenplay.shots for line in shot.dialogue
        if line.language not in _NATIVE and line.translated is None
    })  # fmt: skip
    notes: list[Note] = []
    shots = screenplay.shots
    for language in foreign:
        texts = list(dict.fromkeys(
            line.text for shot in shots for line in shot.dialogue
            if line.language == language and line.translated is None
        ))  # fmt: skip
        english, reason = _ask(translator, texts, language)
        if reason:
            said = f"{len(texts)} line{'s stay' if len(texts) > 1 else ' stays'} in {language}: {reason}"
            import logging  # noqa: PLC0415 - few prompts have anything to tell

            level = logging.INFO if translator is None else logging.WARNING
            logging.getLogger(__name__).log(
                level, "lines stay in their language", extra={"language": language, "reason": reason}
            )
            notes.append(Note(kind="language", text=said, spans=_spans(shots, language)))
        shots = tuple(_with(shot, language, english, notes) for shot in shots)
    return replace(screenplay, shots=shots, notes=(*screenplay.notes, *notes)) if foreign else screenplay


def _ask(translator: Translator | None, texts: Sequence[str], language: str) -> tuple[Mapping[str, str], str]:
    """Return the English of each text, and why there is none."""
    if translator is None:
        return {}, "no translator is set"
    try:
        answers = list(translator.translate(texts, language, _TARGET))
    except ModelFailed as exc:
        return {}, f"{translator.name}: {exc}"
    except Exception as exc:  # noqa: BLE001 - a stranger's translator may fail in any way, and no film with it
        return {}, f"{translator.name} failed: {type(exc).__name__}"
    answers = [" ".join(answer.split()) for answer in answers]
    if len(answers) != len(texts) or not all(answers):
        return {}, f"{translator.name} gave {sum(map(bool, answers))} lines for {len(texts)}"
    return dict(zip(texts, answers, strict=True)), ""


def _spans(shots: Sequence[Shot], language: str) -> tuple[Span, ...]:
    return tuple(
        span for shot in shots for line in shot.dialogue if line.language == language for span in line.spans
    )


def _with(shot: Shot, language: str, english: Mapping[str, str], notes: list[Note]) -> Shot:
    lines = tuple(
        _line(line, english) if line.language == language and line.translated is None else line
        for line in shot.dialogue
    )
    for line in lines:
        if line.translated and line.original and speaking_s(line.text, _TARGET) > line.seconds + 1.0:
            needed_s = speaking_s(line.text, _TARGET)
            said = f"the translated line takes {needed_s:.1f} s to say and has {line.seconds:.1f} s"
            notes.append(Note(kind="timing", text=said, shot=shot.id, spans=line.spans))
    return replace(shot, dialogue=lines)


def _line(line: Line, english: Mapping[str, str]) -> Line:
    if line.text not in english:
        return replace(line, translated=False)
    return replace(
        line, text=english[line.text], spoken=None, language=_TARGET, translated=True, original=line.text
    )

"""Stage 1 of 5, part: the forms of Japanese and Korean verbs. Knows no English.

A form is `s` where it may end a sentence, `that` where it can only stand before a noun, `te` where another
deed follows, `ing` where it goes on beside another. In Japanese the plain form does both of the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: The last kana of a Japanese verb: its stem's kana before ます, and its て form.
_GODAN = {
    "く": ("き", "いて"), "ぐ": ("ぎ", "いで"), "す": ("し", "して"), "む": ("み", "んで"),
    "ぶ": ("び", "んで"), "ぬ": ("に", "んで"), "る": ("り", "って"),
    "う": ("い", "って"), "つ": ("ち", "って"),
}  # fmt: skip
#: What stands behind a て form and only says that it lasts, ends or goes somewhere.
_LASTING = (
    "いる", "いた", "います", "いました", "いく", "いった", "いきます", "くる", "きた", "きます", "る", "た",
    "しまう", "ある", "おり", "いて",
)  # fmt: skip
#: Behind a Korean stem, and behind its 고 or linking form.
_TAILS = (
    ("고", "te"), ("으며", "te"), ("며", "te"), ("면서", "ing"), ("으면서", "ing"), ("다가", "te"),
    ("는", "that"), ("던", "that"), ("는다", "s"), ("습니다", "s"), ("지만", "te"), ("자", "te"),
    ("은", "that"), ("는데", "te"), ("기", "base"),
)  # fmt: skip
_LASTING_KOREAN = (("있다", "s"), ("있는", "that"), ("있었다", "s"), ("있습니다", "s"), ("있고", "te"))
#: Hangul is composed: 28 divides the code of a syllable without a final consonant, counted from the first.
_FIRST_SYLLABLE, _FINALS = 0xAC00, 28
_N, _L, _B, _SS = 4, 8, 17, 20


def verb_forms_joined(wording: str, _: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each form of a verb, "食べる*" or "걷다/걸어", with what it is: s, that, te, ing."""
    if "/" in wording:
        yield from _korean(*wording.split("/"))
    elif wording.endswith(("다", "는")):
        yield wording, "s"
    else:
        yield from _japanese(wording)


def _japanese(wording: str) -> Iterator[tuple[str, str]]:
    verb = wording.rstrip("*")
    yield verb, "s"
    if verb.endswith("する"):
        stem, te = verb[:-2] + "し", verb[:-2] + "して"
    elif verb in ("来る", "やって来る"):
        stem, te = verb[:-1], verb[:-1] + "て"
    elif verb.endswith(("行く", "いく")):
        stem, te = verb[:-1] + "き", verb[:-1] + "って"
    elif wording.endswith("*"):
        stem, te = verb[:-1], verb[:-1] + "て"
    elif verb[-1] in _GODAN:
        i_kana, te_kana = _GODAN[verb[-1]]
        stem, te = verb[:-1] + i_kana, verb[:-1] + te_kana
    else:
        return
    yield te, "te"
    yield te[:-1] + ("た" if te.endswith("て") else "だ"), "s"
    for lasting in _LASTING:
        yield te + lasting, "s" if lasting not in ("おり", "いて") else "te"
    yield stem + "ながら", "ing"
    yield stem + "つつ", "ing"
    yield stem + "ます", "s"
    yield stem + "ました", "s"
    if len(stem) > 1:
        yield stem, "te"


def _korean(plain: str, linked: str) -> Iterator[tuple[str, str]]:
    """Yield a Korean verb's forms from its stem (걷-) and its linking form (걸어)."""
    stem = plain.removesuffix("다")
    yield plain, "s"
    for tail, kind in _TAILS:
        yield stem + tail, kind
    for lasting, kind in _LASTING_KOREAN:
        yield f"{stem}고 {lasting}", kind
        yield f"{linked} {lasting}", kind
    if _is_open(stem):
        yield _close(stem, _N) + "다", "s"
        yield _close(stem, _N), "that"
        yield _close(stem, _L), "that"
        yield _close(stem, _B) + "니다", "s"
    elif _final(stem) == _L:
        yield _close(stem, _N), "that"
        yield _close(stem, _N) + "다", "s"
        yield _close(stem, 0) + "는", "that"
    if _final(linked) == 0:
        past = _close(linked, _SS)
        for tail, kind in (("다", "s"), ("습니다", "s"), ("던", "that"), ("고", "te")):
            yield past + tail, kind
    if _final(linked) == 0 and linked != stem:
        # 걷다 becomes 걸으며, 춥다 추운: the stem in the linking form goes on before a vowel.
        soft = linked[:-1]
        if soft:
            yield soft + "으며", "te"
            yield soft + "으면서", "ing"
            yield soft + "은", "that"
    yield linked, "te"
    yield linked + "서", "te"


def _final(text: str) -> int:
    """Return the number of the final consonant of the last syllable, 0 when it has none."""
    code = ord(text[-1]) - _FIRST_SYLLABLE
    return code % _FINALS if 0 <= code < 11172 else 0


def _is_open(text: str) -> bool:
    return _final(text) == 0


def _close(text: str, final: int) -> str:
    """Return a text whose last syllable has that final consonant in place of its own."""
    return text[:-1] + chr(ord(text[-1]) - _final(text) + final)

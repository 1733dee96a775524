# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: the quoted stretches of a prompt, in every quote style. Knows no speaker.

Apostrophes, inches (`5"`, `6'2"`) and decades (`'90s`) open nothing. A straight quote spans at most one line
end, as text wrapped by hand does. A prompt written as JSON has keys, which are no quotes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.plan.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What opens, and what may close it.
_PAIRS = {
    "“": '”"', "”": "”", "「": "」", "『": "』", "«": "»", "»": "«", "„": '“”"', '"': '"”', "＂": "＂",
    "‹": "›", "‘": "’'", "‚": "‘’", "〝": "〞〟", "'": "'’",
}  # fmt: skip
_OPENERS = lazy_pattern(f"[{''.join(_PAIRS)}]")
_STRAIGHT = frozenset("\"＂'")
_SINGLE = frozenset("'‘’‚")
#: Marks in a prompt; who writes more writes no dialogue, and each costs a search to the line's end.
_MOST_MARKS = 400
#: Spoken lines of MiniMax H3 and of Ovi.
_TAGGED = lazy_pattern(r"<d>\s*(?:\[([^\]]{1,20})\])?\s*([^<]{1,600}?)</d>|<S>([^<]{1,600}?)<E>")
#: Two characters that stand for one mark; replaced one for one, so that offsets stay true.
_DOUBLED = lazy_pattern(r"``|''|\\\"")
#: Quotes nest this deep and no deeper: a thousand opening marks must not be searched a thousand times.
_DEEPEST = 6
#: Longest quote between single marks: beyond it the "quote" is two apostrophes.
_LONGEST_SINGLE = 240
#: Longest quote at all; a longer one has lost its closing mark.
_LONGEST = 900
#: Words that begin with an apostrophe.
_ELIDED = lazy_pattern(r"['‘’](?:em|til|cause|bout|round|twas|tis|n|neath|cuz|kay|sup|tween)\b")
_JSON = lazy_pattern(r"\s{0,5}(?:```(?:json)?\s{0,5})?(?:\[\s{0,5})?\{\s{0,9}\"")
_KEY = lazy_pattern(r"\s{0,20}:")


@dataclass(frozen=True, slots=True)
class Quote:
    """A quoted stretch."""

    start: int  #: offset of the opening mark
    end: int  #: offset behind the closing mark
    text: str  #: what stands between
    language: str = ""  #: as a tag around it names it
    tagged: bool = False  #: its marks are for speech alone
    key: str | None = None  #: the JSON key it is the value of; empty for a key itself; None outside JSON


def find_quotes(text: str) -> tuple[Quote, ...]:
    """Return the outermost quotes of `text`, in order."""
    text = _DOUBLED.sub(_one_mark, text)
    tagged = [
        Quote(m.start(), m.end(), (m[2] or m[3] or "").strip(), m[1] or "", tagged=True)
        for m in _TAGGED.finditer(text)
    ]
    plain = [q for q in _plain(text) if not any(t.start < q.end and q.start < t.end for t in tagged)]
    found = sorted((q for q in (*tagged, *plain) if any(map(str.isalnum, q.text))), key=lambda q: q.start)
    return tuple(_with_keys(text, found)) if _is_json(text) else tuple(found)


def _one_mark(match: re.Match[str]) -> str:
    after = match.string[match.end() : match.end() + 1]
    return ' "' if after.isalnum() else '" '


def _is_json(text: str) -> bool:
    return _JSON.match(text) is not None


def _with_keys(text: str, quotes: list[Quote]) -> Iterator[Quote]:
    key = ""
    for quote in quotes:
        if _KEY.match(text, quote.end):
            key = quote.text.lower().replace("_", " ")
            yield Quote(quote.start, quote.end, quote.text, key="")
        else:
            yield Quote(quote.start, quote.end, quote.text, key=key)


def _plain(text: str) -> Iterator[Quote]:
    at = marks = 0
    while marks < _MOST_MARKS and (opener := _OPENERS.search(text, at)) is not None:
        at, end = opener.start(), None
        if _opens(text, at):
            marks += 1
            end = _closing(text, at)
        if end is None:
            at += 1
            continue
        yield Quote(at, end + 1, text[at + 1 : end].strip().rstrip("\\"))
        at = end + 1


def _opens(text: str, at: int) -> bool:
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    if text[at] in _SINGLE:
        # Between letters it is an apostrophe, before a digit a decade, after a digit a foot mark.
        if before.isalnum() or after.isspace() or after.isdigit() or before in "'’‘":
            return False
        return not (text[at] in "'’" and _ELIDED.match(text, at)) and text[at] != "’"
    if text[at] in '"”':
        inches = before.isdigit() and not after.isalpha()
        return not inches and not (text[at] == "”" and (before.isalnum() or not after.isalnum()))
    if text[at] == "»":  # the German way round: »…«
        return not before.isalnum() and not after.isspace()
    return True


def _closing(text: str, at: int) -> int | None:
    opener, closers = text[at], _PAIRS[text[at]]
    depth, openers, lines = 1, 1, 0
    longest = _LONGEST_SINGLE if opener in _SINGLE else _LONGEST
    for end in range(at + 1, min(len(text), at + longest)):
        char = text[end]
        if char == "\n" and (opener in _STRAIGHT or opener in _SINGLE):
            lines += 1
            if lines > 1 or opener in _SINGLE or not _wrapped(text, end):
                return None
        if char in closers and _closes(text, opener, end):
            depth -= 1
            if depth == 0:
                return end
        elif char == opener and (opener not in _STRAIGHT or opener in _SINGLE):
            # Between single marks another opener may be an apostrophe: it only counts towards giving up.
            depth += opener not in _SINGLE
            openers += 1
            if openers > _DEEPEST:
                return None
    return None


def _wrapped(text: str, end: int) -> bool:
    """Tell whether a line was wrapped by hand inside a sentence: no end mark before, a word behind."""
    behind = text[end + 1 : end + 2]
    return text[end - 1 : end] not in '.!?:"”)\n' and behind.isalpha() and behind.islower()


def _closes(text: str, opener: str, end: int) -> bool:
    after = text[end + 1] if end + 1 < len(text) else " "
    before = text[end - 1]
    if opener not in _SINGLE:
        inches = text[end] == '"' and before.isdigit() and (after in " -" and _another(text, end))
        return not inches
    # "isn't he" goes on; "the dogs' owner" too, unless a sentence mark stands before the quote.
    return not after.isalnum() and (before in ".,!?…。！？—-" or not _another_follows(text, end))


def _another(text: str, end: int) -> bool:
    """Tell whether the same line holds a closing mark right behind a sentence mark."""
    line = text[end + 1 : end + 1 + _LONGEST].split("\n", 1)[0]
    mark = line.find('"')
    return mark > 0 and line[mark - 1] in ".,!?…"


def _another_follows(text: str, end: int) -> bool:
    """Tell whether the same line holds a better closing mark: one behind a sentence mark."""
    line = text[end + 1 : end + 1 + _LONGEST_SINGLE].split("\n", 1)[0]
    better = re.search(r"[.,!?…][’']", line)
    opens_again = re.search(r"(?:^|[\s(:,])['‘](?=\w)", line)
    return bool(better) and not (opens_again and opens_again.start() < better.start())

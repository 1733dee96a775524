# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: the quoted stretches of a prompt, in every quote style. Knows no speaker.

Apostrophes, inches (`5"`, `6'2"`) and decades (`'90s`) open nothing. A straight quote never spans a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What opens, and what may close it.
_PAIRS = {
    "“": "”", "「": "」", "『": "』", "«": "»", "„": "“”", '"': '"', "＂": "＂", "‹": "›", "‘": "’",
    "〝": "〞", "'": "'",
}  # fmt: skip
_STRAIGHT = frozenset("\"＂'")
_SINGLE = frozenset("'‘’")
#: MiniMax H3's spoken lines.
_TAGGED = re.compile(r"<d>\s*(?:\[([^\]]{1,20})\])?\s*(.*?)</d>", re.DOTALL)
#: Quotes nest this deep and no deeper: a thousand opening marks must not be searched a thousand times.
_DEEPEST = 6
#: Longest quote between single marks: beyond it the "quote" is two apostrophes.
_LONGEST_SINGLE = 240


@dataclass(frozen=True, slots=True)
class Quote:
    """A quoted stretch."""

    start: int  #: offset of the opening mark
    end: int  #: offset behind the closing mark
    text: str  #: what stands between
    language: str = ""  #: as a tag around it names it


def find_quotes(text: str) -> tuple[Quote, ...]:
    """Return the outermost quotes of `text`, in order."""
    tagged = [Quote(m.start(), m.end(), m[2].strip(), m[1] or "") for m in _TAGGED.finditer(text)]
    plain = [q for q in _plain(text) if not any(t.start < q.end and q.start < t.end for t in tagged)]
    return tuple(sorted((q for q in (*tagged, *plain) if q.text.strip()), key=lambda q: q.start))


def _plain(text: str) -> Iterator[Quote]:
    at = 0
    while at < len(text):
        end = _closing(text, at) if text[at] in _PAIRS and _opens(text, at) else None
        if end is None:
            at += 1
            continue
        yield Quote(at, end + 1, text[at + 1 : end].strip())
        at = end + 1


def _opens(text: str, at: int) -> bool:
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    if text[at] in _SINGLE:
        # Between letters it is an apostrophe, before a digit a decade, after a digit a foot mark.
        return not before.isalnum() and not after.isspace() and not after.isdigit()
    if text[at] == '"':
        return not (before.isdigit() and not after.isalpha())
    return True


def _closing(text: str, at: int) -> int | None:
    opener, closers = text[at], _PAIRS[text[at]]
    depth, openers = 1, 1
    for end in range(at + 1, len(text)):
        char = text[end]
        if char == "\n" and (opener in _STRAIGHT or opener in _SINGLE):
            return None
        if opener in _SINGLE and end - at > _LONGEST_SINGLE:
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


def _closes(text: str, opener: str, end: int) -> bool:
    if opener not in _SINGLE:
        return True
    after = text[end + 1] if end + 1 < len(text) else " "
    before = text[end - 1]
    # "isn't he" goes on; "the dogs' owner" too, unless a sentence mark stands before the quote.
    return not after.isalnum() and (before in ".,!?…。！？" or not _another_follows(text, end))


def _another_follows(text: str, end: int) -> bool:
    """Tell whether the same line holds a better closing mark: one behind a sentence mark."""
    line = text[end + 1 : end + 1 + _LONGEST_SINGLE].split("\n", 1)[0]
    better = re.search(r"[.,!?…][’']", line)
    opens_again = re.search(r"(?:^|[\s(:,])['‘](?=\w)", line)
    return bool(better) and not (opens_again and opens_again.start() < better.start())

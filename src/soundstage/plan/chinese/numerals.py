"""Stage 1 of 5, part: Chinese numbers. Knows no measure word."""

from __future__ import annotations

_DIGITS = {"零": 0, "两": 2, **{char: value for value, char in enumerate("一二三四五六七八九", 1)}}
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
#: A crowd beyond this is drawn as this many.
_MOST = 1000
NUMERALS = frozenset((*_DIGITS, *_SCALES))


def read_number(text: str) -> int | None:
    """Return the number a numeral says ("十二", "12"), at most a thousand; None when it says none."""
    if text.isdecimal():
        return min(int(text[:5]), _MOST) or None
    total, digit = 0, 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _SCALES:
            total = max(total, 0) + max(digit, 1) * _SCALES[char]
            digit = 0
        else:
            return None
    return min(total + digit, _MOST) or None

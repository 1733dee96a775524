"""Writes out in English what espeak-ng misreads: money, years, clock times, fractions, units, signs.

espeak-ng 1.52 reads "$5" as "dollar five", 1999 as a number, "1/2" as "one slash two" and "km/h" by letters.
Pure text to text; knows no voice.
"""
# ruff: noqa: RUF001 - signs that look alike are what this file is about

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_NUMBER = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_MONEY = {
    "$": ("dollar", "cent"), "£": ("pound", "penny"), "€": ("euro", "cent"),
    "¥": ("yen", ""), "￥": ("yen", ""),
}  # fmt: skip
_UNITS = {
    "km/h": "kilometres an hour", "m/s": "metres a second", "mph": "miles an hour", "km": "kilometres",
    "cm": "centimetres", "mm": "millimetres", "m": "metres", "kg": "kilograms", "mg": "milligrams",
    "g": "grams", "ml": "millilitres", "l": "litres", "lbs": "pounds", "lb": "pounds", "ft": "feet",
    "min": "minutes", "sec": "seconds", "s": "seconds", "hz": "hertz", "khz": "kilohertz", "w": "watts",
    "kw": "kilowatts", "fps": "frames a second", "gb": "gigabytes", "mb": "megabytes",
}  # fmt: skip
_PARTS = {2: "half", 3: "third", 4: "quarter", 5: "fifth", 6: "sixth", 8: "eighth", 10: "tenth"}
_SMALL = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_DECADES = {"20": "twenties", "30": "thirties", "40": "forties", "50": "fifties", "60": "sixties",
            "70": "seventies", "80": "eighties", "90": "nineties"}  # fmt: skip
#: Before a number of four digits these make it a year.
_DATING = (
    r"in|since|until|till|by|from|of|year|before|after|around|circa|spring|summer|autumn|fall|winter|"
    r"january|february|march|april|may|june|july|august|september|october|november|december"
)


def write_out_english(text: str) -> str:
    """Return an English line with what a voice would misread in words."""
    for pattern, said in _RULES:
        text = re.sub(pattern, said, text, flags=re.IGNORECASE)
    return text


def _money(match: re.Match[str]) -> str:
    sign, amount, scale = match[1], match[2], match[3] or ""
    coin, small = _MONEY[sign]
    plural = coin if (amount == "1" and not scale) or coin == "yen" else f"{coin}s"
    whole, _, part = amount.partition(".")
    if scale or len(part) != 2 or not small:
        return f"{amount}{scale} {plural}"
    plural = coin if whole == "1" else f"{coin}s"
    return f"{whole} {plural}" + (f" {part.lstrip('0')}" if part.strip("0") else "")


def _year(match: re.Match[str]) -> str:
    return f"{match[1]} {_say_year(match[2])}"


def _say_year(year: str) -> str:
    century, rest = year[:2], year[2:]
    if year[:3] == "200":
        return year  # two thousand and four
    if rest == "00":
        return f"{century} hundred"
    return f"{century} oh {rest[1]}" if rest[0] == "0" else f"{century} {rest}"


def _decade(match: re.Match[str]) -> str:
    century = match[1] or ""
    return f"{century} {_DECADES[match[2]]}".strip()


def _clock(match: re.Match[str]) -> str:
    hour, minute = str(int(match[1])), match[2]
    if minute == "00":
        return hour if match[3] else f"{hour} o'clock"
    return f"{hour} oh {minute[1]}" if minute[0] == "0" else f"{hour} {minute}"


def _fraction(match: re.Match[str]) -> str:
    top, bottom = int(match[1]), int(match[2])
    if bottom not in _PARTS or not 0 < top < bottom:
        return f"{top} over {bottom}"
    part = _PARTS[bottom]
    plural = "halves" if part == "half" else f"{part}s"
    return f"{_SMALL[top] if top < len(_SMALL) else top} {part if top == 1 else plural}"


def _measure(match: re.Match[str]) -> str:
    unit = _UNITS[match[2].lower()]
    if match[1] == "1":
        first, _, rest = unit.partition(" ")
        unit = " ".join(filter(None, ("foot" if first == "feet" else first.removesuffix("s"), rest)))
    return f"{match[1]} {unit}"


def _degrees(match: re.Match[str]) -> str:
    scale = {"C": "Celsius", "F": "Fahrenheit"}[match[3].upper()]
    return f"{'minus ' if match[1] else ''}{match[2]} {'degree' if match[2] == '1' else 'degrees'} {scale}"


def _height(match: re.Match[str]) -> str:
    return f"{match[1]} foot {match[2] or ''}".strip()


#: In order: what stands first would be taken apart by what comes after.
_RULES: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (rf"([$£€¥￥])\s?({_NUMBER})(\s(?:hundred|thousand|million|billion|trillion))?", _money),
    (rf"(?<![\w.])([-−])?({_NUMBER})\s?°\s?([CF])\b", _degrees),
    (r"\b(\d)['′](\d{1,2})(?:[\"″]|\b)", _height),
    (rf"\b({_DATING})\s((?:1[1-9]|20)\d\d)\b(?![.,]\d|:|%)", _year),
    (r"(?<![\w.])(1[5-9]|20)?'?([2-9]0)s\b", _decade),
    (r"\b([01]?\d|2[0-3]):([0-5]\d)\b(?!:)(\s?[ap]\.?m\b)?", lambda m: _clock(m) + (m[3] or "")),
    (r"(?<![\d/.])(\d{1,3})/(\d{1,3})(?![\d/])", _fraction),
    (rf"(?<![\w.])({_NUMBER})\s?({'|'.join(sorted(_UNITS, key=len, reverse=True))})\b(?!')", _measure),
    (rf"(?<![\w.-])({_NUMBER})\s?[-–]\s?({_NUMBER})(?![\w-])", r"\1 to \2"),
    (r"\bno\.\s?(\d)", r"number \1"),
    (r"#(\d)", r"number \1"),
    (r"(?<=\d)\s?[x×]\s?(?=\d)", " times "),
    (r"(?<=\d)\s?÷\s?(?=\d)", " divided by "),
    (r"\s&\s", " and "),
)

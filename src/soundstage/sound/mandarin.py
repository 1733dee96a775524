"""Writes out in hanzi what espeak-ng reads wrongly in Chinese: numbers, years, signs, units, polyphones.

espeak-ng 1.52 reads 2024年 as a number, and drops ℃ and the minus sign. Pure text to text; knows no voice.
"""
# ruff: noqa: RUF001 - signs that look alike are what this file is about

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_DIGITS = "零一二三四五六七八九"
_GROUPS = ("", "万", "亿", "万亿", "亿亿")
_PLACES = ("", "十", "百", "千")
#: After these a lone 2 is 两, not 二.
_COUNTED = "个位只条头匹间张本次年天小时分钟种件块公里米岁人名杯辆艘座颗滴句群队点"
_UNITS = {
    "km/h": "公里每小时", "km": "公里", "cm": "厘米", "mm": "毫米", "kg": "公斤", "g": "克", "m": "米",
    "ml": "毫升", "l": "升", "h": "小时", "min": "分钟", "s": "秒",
}  # fmt: skip
_MONEY = {"$": "美元", "¥": "元", "￥": "元", "€": "欧元", "£": "英镑"}
_SIGNS = {"&": "和", "+": "加", "=": "等于", "@": "艾特", "×": "乘", "÷": "除以"}
_NUMBER = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_NOT_AFTER = r"(?<![A-Za-z0-9.])"  # the 4 of "MP4" belongs to its word


def write_out(text: str) -> str:
    """Return a Chinese line with its numbers, units and signs in hanzi."""
    for pattern, said in _RULES:
        text = re.sub(pattern, said, text)
    for sign, word in _SIGNS.items():
        text = text.replace(sign, word)
    for written, heard in _polyphones().items():
        text = text.replace(written, heard)
    return text


@cache
def _polyphones() -> Mapping[str, str]:
    """Return words with a character that is misread, and others of their sound, the longest first."""
    text = (resources.files("soundstage.sound") / "data" / "mandarin.toml").read_text("utf-8")
    table = tomllib.loads(text)["polyphones"]
    return {word: table[word] for word in sorted(table, key=len, reverse=True)}


def say_number(digits: str) -> str:
    """Return "1204.5" as 一千二百零四点五; commas between thousands are allowed."""
    whole, _, fraction = digits.replace(",", "").partition(".")
    if len(whole) > 16 or (len(whole) > 1 and whole.startswith("0")) or _is_code(whole):
        said = say_digits(whole)  # a telephone number or a code
    else:
        said = _say_whole(int(whole))
    return f"{said}点{say_digits(fraction)}" if fraction else said


def _is_code(whole: str) -> bool:
    mobile = len(whole) == 11 and whole.startswith("1")
    return mobile or (len(whole) >= 9 and not whole.endswith("000"))


def say_digits(digits: str) -> str:
    """Return "2024" as 二零二四."""
    return "".join(_DIGITS[int(d)] for d in digits)


def _say_whole(number: int) -> str:
    if number == 0:
        return _DIGITS[0]
    groups: list[str] = []
    gap = False
    rank = 0
    while number:
        number, four = divmod(number, 10_000)
        if four:
            said = _say_four(four) + _GROUPS[rank]
            groups.append(said + ("零" if gap and groups else ""))
        # A zero is said once where the next lower group starts below a thousand.
        gap = four < 1_000
        rank += 1
    said = "".join(reversed(groups))
    return said[1:] if said.startswith("一十") else said


def _say_four(number: int) -> str:
    said, zero = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit == 0:
            zero = bool(said)
            continue
        said += ("零" if zero else "") + _DIGITS[digit] + _PLACES[place]
        zero = False
    return said


def _temperature(match: re.Match[str]) -> str:
    below = "零下" if match[1] else ""
    return f"{below}{say_number(match[2])}{'华氏' if match[3] == 'F' else '摄氏'}度"


def _year(match: re.Match[str]) -> str:
    return say_digits(match[1]) + "年"


def _percent(match: re.Match[str]) -> str:
    return f"{'负' if match[1] else ''}百分之{say_number(match[2])}"


def _fraction(match: re.Match[str]) -> str:
    return f"{say_number(match[2])}分之{say_number(match[1])}"


def _clock(match: re.Match[str]) -> str:
    hour, minute = int(match[1]), int(match[2])
    if minute == 0:
        return f"{_two(hour)}点整"
    return f"{_two(hour)}点{'零' if minute < 10 else ''}{_say_whole(minute)}分"


def _two(number: int) -> str:
    return "两" if number == 2 else _say_whole(number)


def _money(match: re.Match[str]) -> str:
    return f"{'两' if match[2] == '2' else say_number(match[2])}{_MONEY[match[1]]}"


def _measure(match: re.Match[str]) -> str:
    said = "两" if match[2] == "2" else say_number(match[2])
    return f"{'负' if match[1] else ''}{said}{_UNITS[match[3].lower()]}"


def _span(match: re.Match[str]) -> str:
    return f"{say_number(match[1])}到{say_number(match[2])}"


def _negative(match: re.Match[str]) -> str:
    return f"负{say_number(match[1])}"


def _plain(match: re.Match[str]) -> str:
    after = match.string[match.end() : match.end() + 1]
    before = match.string[: match.start()][-1:]
    counted = match[0] == "2" and after and after in _COUNTED and before != "第"
    return "两" if counted else say_number(match[0])


def _half_width(match: re.Match[str]) -> str:
    return chr(ord(match[0]) - 0xFEE0)


#: In order: what stands first would be taken apart by what comes after.
_RULES: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (r"[０-９％＋－．／：]", _half_width),
    (rf"(-|−|零下)?({_NUMBER})\s*°\s*([CF])", _temperature),
    (rf"{_NOT_AFTER}(?!1000年)((?:1\d|20)\d\d)年", _year),
    (rf"(?<![\d])(-|−)?({_NUMBER})\s*%", _percent),
    (rf"([$¥￥€£])\s*({_NUMBER})", _money),
    (r"(?<![\d/])(\d{1,2}):([0-5]\d)(?![\d:])", _clock),
    (r"(?<![\d/])(\d{1,3})/(\d{1,3})(?![\d/])", _fraction),
    (rf"{_NOT_AFTER}(-|−)?({_NUMBER})\s*(km/h|km|cm|mm|kg|ml|min|[gmlhs])(?![A-Za-z])", _measure),
    (rf"{_NOT_AFTER}({_NUMBER})\s*[-–~～]\s*({_NUMBER})(?!\d)", _span),
    (rf"(?<![\w\d])[-−]({_NUMBER})", _negative),
    (rf"{_NOT_AFTER}(?:{_NUMBER})(?![A-Za-z])", _plain),
)

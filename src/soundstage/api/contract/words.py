"""Says what is wrong with a value: field, value, rule, nearest legal value. Translates pydantic's errors.

What it returns can always be written as JSON: no lone surrogate, no NaN, no endless integer.
"""

from __future__ import annotations

import difflib
import json
import math
import re
from typing import TYPE_CHECKING, Any, cast

from soundstage.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic_core import ErrorDetails

SHOWN_CHARACTERS = 60  #: of a value within a sentence
ECHOED_CHARACTERS = 500  #: of a string in `input`; a megabyte sent is no megabyte sent back
ECHOED_ITEMS = 10
ECHOED_DEPTH = 3
_LONG_INTEGER = 10**20

#: pydantic's type -> what fal calls it; the others have one name.
_FAL_TYPES = {
    "too_short": "sequence_too_short",
    "too_long": "sequence_too_long",
    "dataclass_type": "dict_type",
    "tuple_type": "list_type",
    "model_type": "dict_type",
    "int_parsing_size": "int_type",
    "unexpected_keyword_argument": "extra_forbidden",
    "nul_character": "value_error",
}
_TYPE_RULES = {
    "dataclass_type": "it must be an object",
    "tuple_type": "it must be a list",
    "string_type": "it must be a string",
    "bool_type": "it must be true or false, without quotes",
    "int_parsing_size": "it must be a whole number of at most 64 bits",
    "unexpected_keyword_argument": "no such field is known here; take it out, or correct its name",
    "int_type": "it must be a whole number, without quotes",
    "float_type": "it must be a number, without quotes",
    "finite_number": "it must be a finite number",
    "list_type": 'it must be a list of objects, as [{"prompt": "...", "duration": "5"}]',
    "dict_type": "it must be an object",
    "model_type": 'it must be an object, as {"prompt": "...", "duration": "5"}',
    "string_unicode": "it must be text; half of a surrogate pair is none",
    "nul_character": "it must not contain the NUL character",
}

_BOOLEAN_WORDS = {
    "true": "true", "yes": "true", "on": "true", "1": "true",
    "false": "false", "no": "false", "off": "false", "0": "false",
}  # fmt: skip


def problem(
    loc: tuple[str | int, ...],
    kind: str,
    rule: str,
    value: Any,
    *,
    value_words: str | None = None,
    nearest: str | None = None,
    ctx: dict[str, Any] | None = None,
) -> Problem:
    """Return a Problem whose sentence has field, value, rule and the nearest legal value."""
    field = ".".join(str(part) for part in loc)
    told = f"{field!r} is {value_words or show(value)}: {rule}"
    if nearest is not None:
        told += f"; the nearest legal value is {nearest}"
    return Problem(loc=("body", *loc), msg=told, type=kind, ctx=ctx or {}, input=echo(value))


def translate(error: ErrorDetails) -> Problem:
    """Return one of pydantic's errors in fal's words."""
    loc, kind, value = tuple(error["loc"]), error["type"], error["input"]
    ctx = dict(error.get("ctx", {}))
    fal_type = _FAL_TYPES.get(kind, kind)
    if kind == "missing":
        field = ".".join(str(part) for part in loc)
        return Problem(
            loc=("body", *loc), msg=f"{field!r} is missing: it is required", type=kind, input=echo(value)
        )
    if kind == "literal_error":
        return not_one_of(loc, value, _options(ctx["expected"]))
    if kind in ("string_too_long", "string_too_short"):
        return _wrong_length(loc, kind, value, ctx)
    if kind in ("too_long", "too_short"):
        limit = int(ctx["max_length" if kind == "too_long" else "min_length"])
        word = "at most" if kind == "too_long" else "at least"
        name = "max_length" if kind == "too_long" else "min_length"
        return problem(
            loc, fal_type, f"it takes {word} {limit} {_items(limit)}", value,
            value_words=f"a list of {len(value)} {_items(len(value))}", nearest=f"{limit} {_items(limit)}",
            ctx={name: limit},
        )  # fmt: skip
    if kind in ("greater_than_equal", "less_than_equal"):
        key, word = ("ge", "at least") if kind == "greater_than_equal" else ("le", "at most")
        limit = _plain_number(ctx[key])
        return problem(loc, kind, f"it must be {word} {limit}", value, nearest=str(limit), ctx={key: limit})
    rule = _TYPE_RULES.get(kind, error["msg"])
    return problem(loc, fal_type, rule, value, nearest=_nearest_of_type(kind, value))


def not_one_of(
    loc: tuple[str | int, ...],
    value: Any,
    options: Sequence[str | int],
    *,
    kind: str = "literal_error",
    rule: str | None = None,
) -> Problem:
    """Return the Problem of a value that is none of the options.

    A `literal_error` lists them in a sentence, as pydantic does; a `one_of` as a list, as fal does.
    `rule` stands for a list too long to read.
    """
    listed = _listed(options)
    if rule is None:
        rule = f"it must be {listed}"
        if isinstance(options[0], str) and not isinstance(value, str):
            rule = f"it must be a string, {listed}"
    comparable = isinstance(value, str | int | float) and not isinstance(value, bool)
    near = json.dumps(nearest(value, options)) if comparable else None
    expected = list(options) if kind == "one_of" else listed
    return problem(loc, kind, rule, value, nearest=near, ctx={"expected": expected})


def nearest(value: Any, options: Sequence[str | int]) -> str | int:
    """Return the option closest to a value: by size where both are numbers, by spelling elsewhere."""
    wanted = _magnitude(value)
    sizes = [_magnitude(option) for option in options]
    if wanted is not None and None not in sizes:
        known = cast("list[float]", sizes)
        return options[min(range(len(options)), key=lambda i: abs(known[i] - wanted))]
    texts = [str(option) for option in options]
    close = difflib.get_close_matches(
        str(value)[:SHOWN_CHARACTERS] if isinstance(value, str) else "", texts, 1, 0.0
    )
    return options[texts.index(close[0])] if close else options[0]


def _magnitude(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return float(max(-_LONG_INTEGER, min(_LONG_INTEGER, value)))
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    found = (
        re.fullmatch(r"\s*(-?\d{1,12}(?:\.\d{1,12})?)\s*(p|k)?\s*", value, re.IGNORECASE)
        if isinstance(value, str)
        else None
    )
    if found is None:
        return None
    # "4k" names the width in thousands; the other resolutions name the height.
    return float(found[1]) * (540 if (found[2] or "").lower() == "k" else 1)


def _options(expected: str) -> list[str | int]:
    """Return the options that pydantic lists in a sentence: "'16:9', '9:16' or '1:1'"."""
    quoted = re.findall(r"'([^']*)'", expected)
    return quoted or [int(number) for number in re.findall(r"\d+", expected)]


def _listed(options: Sequence[str | int]) -> str:
    quoted = [f"'{o}'" if isinstance(o, str) else str(o) for o in options]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def _wrong_length(loc: tuple[str | int, ...], kind: str, value: str, ctx: dict[str, Any]) -> Problem:
    if kind == "string_too_short":
        return problem(
            loc, kind, "it takes at least 1 character", value,
            value_words="empty", nearest="one word", ctx={"min_length": ctx["min_length"]},
        )  # fmt: skip
    limit = ctx["max_length"]
    return problem(
        loc, kind, f"it takes at most {limit} characters", value,
        value_words=f"{len(value)} characters long", nearest=f"its first {limit} characters",
        ctx={"max_length": limit},
    )  # fmt: skip


def _nearest_of_type(kind: str, value: Any) -> str | None:
    if isinstance(value, int) and abs(value) >= _LONG_INTEGER:
        return None
    if kind == "string_type" and isinstance(value, int | float):
        return json.dumps(show(value))
    if kind == "bool_type":
        return _BOOLEAN_WORDS.get(str(value).strip().lower()) if isinstance(value, str | int) else None
    if kind in ("int_type", "float_type") and not isinstance(value, bool):
        size = _magnitude(value)
        if size is not None and abs(size) < _LONG_INTEGER:
            return str(round(size)) if kind == "int_type" else f"{size:g}"
    return None


def _items(count: int) -> str:
    return "element" if count == 1 else "elements"


def _plain_number(number: float) -> float | int:
    return int(number) if number == int(number) else number


def show(value: Any) -> str:
    """Return a value as it may stand in a sentence: short, and always encodable."""
    if isinstance(value, str):
        text = _encodable(value[:SHOWN_CHARACTERS])
        return json.dumps(text + ("..." if len(value) > SHOWN_CHARACTERS else ""), ensure_ascii=False)
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _LONG_INTEGER:
        return f"an integer of {value.bit_length()} bits"  # str() refuses beyond 4300 digits
    return json.dumps(value) if value is None or isinstance(value, bool | int | float) else repr(type(value))


def echo(value: Any, depth: int = 0) -> Any:
    """Return what was sent as JSON that can always be written, shortened where it is long."""
    if isinstance(value, str):
        text = _encodable(value[:ECHOED_CHARACTERS])
        return text if len(value) <= ECHOED_CHARACTERS else f"{text}... ({len(value)} characters)"
    if isinstance(value, dict | list | tuple):
        return "..." if depth >= ECHOED_DEPTH else _echo_inside(cast("Any", value), depth + 1)
    plain = value is None or isinstance(value, bool)
    if plain or (isinstance(value, int | float) and abs(value) < _LONG_INTEGER):  # false for NaN and infinity
        return value
    return show(value)


def _echo_inside(value: Any, depth: int) -> Any:
    if isinstance(value, dict):
        items = list(cast("dict[Any, Any]", value).items())[:ECHOED_ITEMS]
        return {_encodable(str(k)[:SHOWN_CHARACTERS]): echo(v, depth) for k, v in items}
    return [echo(v, depth) for v in list(value)[:ECHOED_ITEMS]]


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")

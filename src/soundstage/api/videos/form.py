"""A request of `/v1/videos` -> its fields, from JSON or a form. Knows no field's meaning, only its type."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from pydantic_core import from_json as parse_json
from python_multipart.exceptions import FormParserError
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser

from soundstage.api.intake import read_body
from soundstage.errors import OrderRefused, Problem

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from starlette.datastructures import FormData
    from starlette.requests import Request

MAX_FIELDS = 200
#: "multi_prompt[][prompt]": how the openai package writes what is no plain value
_KEY = re.compile(r"(?P<name>[^\[\]]+)(?P<listed>\[\])?(\[(?P<inner>[^\[\]]+)\])?")
_TRUE, _FALSE = ("true", "1", "yes", "on"), ("false", "0", "no", "off")


async def read_fields(request: Request, *, max_bytes: int, types: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields that were sent, without empty ones; an uploaded file is a closed `UploadFile`.

    Args:
        request: its body has not been read.
        max_bytes: of the body, files included.
        types: what the text of a form's field stands for: "int", "float", "bool" or "json".

    Raises:
        OrderRefused: the body is too long, or neither a JSON object nor a form.
    """
    body = await read_body(request, max_bytes)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    # curl calls whatever it is given with -d a form.
    if kind == "multipart/form-data" or (
        kind == "application/x-www-form-urlencoded" and not _is_object(body)
    ):
        return _typed(await _parse_form(request.headers, body, kind), types)
    return {name: value for name, value in _parse_object(body).items() if value not in (None, "")}


def _is_object(body: bytes) -> bool:
    return body.lstrip()[:1] == b"{"


def _parse_object(body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        value: Any = parse_json(body, allow_inf_nan=False)
    except ValueError as exc:
        raise _unreadable(f"the body is no JSON: {exc}", "json_invalid") from exc
    if not isinstance(value, dict):
        raise _unreadable("the body is JSON and no object", "dict_type")
    return cast("dict[str, Any]", value)


async def _parse_form(headers: Headers, body: bytes, kind: str) -> FormData:
    async def pieces() -> AsyncGenerator[bytes, None]:
        yield body
        yield b""

    try:
        if kind == "multipart/form-data":
            parser = MultiPartParser(
                headers, pieces(), max_files=MAX_FIELDS, max_fields=MAX_FIELDS, max_part_size=len(body) + 1
            )
            form = await parser.parse()
        else:
            form = await FormParser(headers, pieces()).parse()
    except (MultiPartException, FormParserError, KeyError, UnicodeError) as exc:
        raise _unreadable(f"the body does not read as the form it is called: {exc}", "form_invalid") from exc
    await form.close()  # of a file only the name is wanted: nothing here takes one
    return form


def _unreadable(why: str, kind: str) -> OrderRefused:
    words = f'{why}; send a JSON object, as {{"prompt": "..."}}, or a form with a field prompt'
    return OrderRefused((Problem(loc=("body",), msg=words, type=kind),))


def _typed(form: FormData, types: Mapping[str, str]) -> dict[str, Any]:
    """Return a form's fields as the values they stand for; what reads as none of them stays text."""
    fields: dict[str, Any] = {}
    inner: dict[str, dict[str, list[str]]] = defaultdict(dict)
    listed: set[str] = set()
    for key in form:
        values = form.getlist(key)
        found = _KEY.fullmatch(key)
        name = found["name"] if found else key
        if found is not None and found["inner"]:
            inner[name][found["inner"]] = [value for value in values if isinstance(value, str)]
            if found["listed"]:
                listed.add(name)
        elif values[-1] != "":
            value = values[-1]
            fields[name] = value if isinstance(value, UploadFile) else _read(value, types.get(name, "text"))
    for name, columns in inner.items():
        fields[name] = (
            _rows(columns) if name in listed else {key: values[-1] for key, values in columns.items()}
        )
    return fields


def _rows(columns: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    """Return a list of objects from the columns that a form makes of it."""
    count = max(len(values) for values in columns.values())
    return [{key: values[i] for key, values in columns.items() if i < len(values)} for i in range(count)]


def _read(text: str, kind: str) -> Any:
    # Text that does not read is passed on as it is: the contract's own sentence tells what is wrong with it.
    with suppress(ValueError):
        match kind:
            case "int":
                return int(text)
            case "float":
                return float(text) if math.isfinite(float(text)) else text
            case "bool":
                return True if text.lower() in _TRUE else False if text.lower() in _FALSE else text
            case "json":
                return parse_json(text, allow_inf_nan=False)
            case _:
                return text
    return text

"""The JSON Schema of a screenplay, made from its nouns and from the bounds an edited one is held to.

Said here is what one noun may hold. What nouns owe each other (shots without gaps, lines within their shot)
is beyond a schema, and `contract/edited.py` says it to whoever breaks it.
"""

from __future__ import annotations

import ast
import inspect
import math
import re
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from pydantic import TypeAdapter

from soundstage import screenplay
from soundstage.api.contract.blanks import FILLED
from soundstage.api.contract.edited import BOUNDS, FPS
from soundstage.screenplay import Screenplay

if TYPE_CHECKING:
    from collections.abc import Iterator

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_MARK = re.compile(r"#:\s?(.*)$")


@cache
def _made(ref_template: str) -> Schema:
    schema = TypeAdapter(Screenplay).json_schema(ref_template=ref_template)
    nouns = {"Screenplay": schema, **schema["$defs"]}
    for name, words in _descriptions():
        owner, _, field = name.partition(".")
        nouns[owner]["properties"][field]["description"] = words
    for (noun, field), (low, high) in BOUNDS.items():
        limits = {"minimum": low} if math.isinf(high) else {"minimum": low, "maximum": high}
        _number(nouns[noun]["properties"][field]).update(limits)
    for side in ("width", "height"):
        nouns["FrameSize"]["properties"][side]["multipleOf"] = 2
    nouns["Screenplay"]["properties"]["fps"]["enum"] = list(FPS)
    for noun in nouns.values():
        noun["required"] = [
            name for name in noun.get("required", ()) if name not in FILLED.get(noun["title"], ())
        ]
        for field in noun["properties"].values():
            field.pop("title", None)
    return schema


def screenplay_schema() -> Schema:
    """Return the schema as a document of its own."""
    return {"$schema": DRAFT, **_made("#/$defs/{model}")}


def screenplay_shapes(ref: str) -> Schema:
    """Return the schema as the shapes of a larger document, by name; `ref` is where those stand in it."""
    schema = dict(_made(ref + "{model}"))
    return {**schema.pop("$defs"), "Screenplay": schema}


def _number(field: Schema) -> Schema:
    """Return the part of a field's schema that speaks of numbers: the case that is not null."""
    cases = cast("list[Schema]", field.get("anyOf", ()))
    return next((case for case in cases if case.get("type") != "null"), field)


def _descriptions() -> Iterator[tuple[str, str]]:
    """Yield "Noun.field" and the `#:` comment beside it, or above it."""
    source = inspect.getsource(screenplay)
    lines = source.splitlines()
    for noun in ast.parse(source).body:
        if not isinstance(noun, ast.ClassDef):
            continue
        for field in noun.body:
            if not isinstance(field, ast.AnnAssign) or not isinstance(field.target, ast.Name):
                continue
            above = lines[field.lineno - 2].strip()
            found = _MARK.search(lines[(field.end_lineno or field.lineno) - 1])
            found = found or (_MARK.match(above) if above.startswith("#:") else None)
            if found:
                yield f"{noun.name}.{field.target.id}", found[1].strip()

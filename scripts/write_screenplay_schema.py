"""Writes the JSON Schema of a screenplay into docs/: as a file, and as tables in docs/02-screenplay.md.

python scripts/write_screenplay_schema.py; a test fails while the stored ones are not those of the nouns.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soundstage.api.describe.screenplays import screenplay_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).parent.parent / "docs"
SCHEMA = DOCS / "screenplay.schema.json"
PAGE = DOCS / "02-screenplay.md"
BEGIN, END = "<!-- made by scripts/write_screenplay_schema.py: begin -->", "<!-- end -->"
#: From the film down to what is in a shot; the schema's own order is the alphabet.
ORDER = (
    "Screenplay", "Shot", "Camera", "CameraChange", "Lens", "Subject", "Deed", "Relation", "Line", "Effect",
    "Music", "CastMember", "Note", "Span", "FrameSize",
)  # fmt: skip


def schema_text() -> str:
    """Return the file's text."""
    return json.dumps(screenplay_schema(), indent=2, ensure_ascii=False) + "\n"


def page_text(page: str) -> str:
    """Return the page with its tables made anew."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return "\n".join([before + BEGIN, "", *_tables(), END + after])


def _tables() -> Iterator[str]:
    schema = screenplay_schema()
    nouns = {"Screenplay": schema, **schema["$defs"]}
    assert set(nouns) == set(ORDER), set(nouns) ^ set(ORDER)
    for name in ORDER:
        noun = nouns[name]
        yield from (f"**{name}.** {noun['description']}", "", "| field | is | |", "|---|---|---|")
        for field, told in noun["properties"].items():
            need = "; **required**" if field in noun.get("required", ()) else _default(told)
            yield f"| `{field}` | {_kind(told)}{need} | {_cell(told.get('description', ''))} |"
        yield ""


def _default(told: dict[str, Any]) -> str:
    value = told.get("default")
    return (
        "" if value in (None, [], "", {}) or isinstance(value, dict) else f"; default `{json.dumps(value)}`"
    )


def _kind(told: dict[str, Any]) -> str:
    """Return a type in words: "list of Line", "0 to 1", "left, right"."""
    cases = [case for case in told.get("anyOf", [told]) if case.get("type") != "null"]
    absent = " or null" if "anyOf" in told else ""
    kind = cases[0]
    if "$ref" in kind:
        words = kind["$ref"].rpartition("/")[2]
    elif "enum" in kind:
        words = ", ".join(f"`{value}`" for value in kind["enum"])
    elif kind["type"] == "array":
        words = f"list of {_kind(kind['items'])}"
    elif kind["type"] == "object":
        words = f"name to {_kind(kind['additionalProperties'])}"
    else:
        words = {"string": "text", "boolean": "true or false"}.get(kind["type"], kind["type"])
        if "maximum" in kind:
            words += f" {kind['minimum']} to {kind['maximum']}"
    return words + absent


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    SCHEMA.write_text(schema_text(), "utf-8")
    PAGE.write_text(page_text(PAGE.read_text("utf-8")), "utf-8")

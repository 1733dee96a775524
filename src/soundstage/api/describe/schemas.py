"""JSON Schemas of what goes in and comes out. Made from the contract's tables and `shapes.toml`."""

from __future__ import annotations

import tomllib
from copy import deepcopy
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from soundstage.api.contract.fields import WORDS, OrderFields
from soundstage.api.contract.rules import SOURCES

if TYPE_CHECKING:
    from collections.abc import Collection

    from soundstage.api.contract import Endpoint

Schema = dict[str, Any]

REF = "#/components/schemas/"
ORDER = "x-fal-order-properties"  #: how fal's own pages order a form's fields
SHOT = "KlingV3MultiPromptElement"
_NULL: Schema = {"type": "null"}
#: A blank prompt beside another source counts as absent.
_BLANK: Schema = {"anyOf": [_NULL, {"type": "string", "pattern": r"^\s*$"}]}


@cache
def _shapes() -> Schema:
    text = resources.files("soundstage.api.describe").joinpath("shapes.toml").read_text(encoding="utf-8")
    return {name: ordered({"title": name, **shape}) for name, shape in tomllib.loads(text).items()}


def shapes() -> Schema:
    """Return every shape of an answer, by name; the caller may change what it gets."""
    return deepcopy(_shapes())


def ordered(schema: Schema) -> Schema:
    """Return an object's schema with its fields' order written down, since JSON objects have none."""
    return {**schema, ORDER: list(schema["properties"])} if "properties" in schema else schema


@cache
def _fields() -> tuple[Schema, Schema]:
    """Return the schemas of a request and of a shot, as pydantic reads them."""
    whole = OrderFields.model_json_schema(ref_template=REF + "{model}")
    shot = whole.pop("$defs")["ShotFields"]
    whole["properties"]["multi_prompt"]["anyOf"][0]["items"] = {"$ref": REF + SHOT}
    return whole, shot


def field_defaults(endpoint: Endpoint) -> dict[str, Any]:
    """Return what an absent field means at this endpoint, where it means one thing."""
    own = endpoint.defaults
    return {
        "duration": str(own.seconds),
        "generate_audio": own.generate_audio,
        "shot_type": own.shot_type,
        "aspect_ratio": own.aspect_ratio,
        "negative_prompt": own.negative_prompt,
        "cfg_scale": own.cfg_scale,
        "resolution": endpoint.resolution,
        "fps": own.fps,
        "engine": endpoint.engine,
        "captions": own.captions,
    }


def input_schema(endpoint: Endpoint, engines: Collection[str]) -> Schema:
    """Return the schema of an endpoint's request: it takes what `read_order` takes.

    But for sums: that shots last 3 to 15 seconds together, that a `duration` equals theirs, and what makes
    a screenplay whole cannot be said in JSON Schema.
    """
    whole, _ = _fields()
    properties = {
        name: deepcopy(field) for name, field in whole["properties"].items() if name not in endpoint.dropped
    }
    defaults = field_defaults(endpoint)
    for name, field in properties.items():
        field.pop("default", None)
        if name in defaults:
            field["default"] = defaults[name]
    properties["engine"]["anyOf"][0]["enum"] = sorted(engines)
    schema: Schema = {
        "title": f"{endpoint.name}Input",
        "type": "object",
        "properties": properties,
        "anyOf": [_with_source(source) for source in SOURCES],
    }
    return ordered(schema)


def _with_source(source: str) -> Schema:
    """Return the case of a film made from this source: it is there, and the others are not."""
    other = {name: _BLANK if name == "prompt" else _NULL for name in SOURCES if name != source}
    kinds: dict[str, Schema] = {
        "prompt": {"type": "string", "minLength": 1, **WORDS},
        "multi_prompt": {"type": "array"},
        "screenplay": {"type": "object"},
    }
    return {
        "title": f"made from {source}",
        "required": [source],
        "properties": {source: kinds[source], **other},
    }


def shot_schema(endpoint: Endpoint) -> Schema:
    """Return the schema of an element of `multi_prompt`."""
    shot = deepcopy(_fields()[1])
    shot["properties"]["duration"]["default"] = str(endpoint.defaults.shot_seconds)
    return ordered(shot)


def output_schema(endpoint: Endpoint) -> Schema:
    """Return the schema of an endpoint's output."""
    return {**shapes()["Output"], "title": f"{endpoint.name}Output"}

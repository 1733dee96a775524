"""llms.txt: how to call an endpoint, as Markdown for language models and people. Made from its schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from soundstage.api.contract import endpoints, find_endpoint
from soundstage.api.contract.fields import OURS
from soundstage.api.contract.rules import SOURCES
from soundstage.api.describe.openapi import CATEGORY
from soundstage.api.describe.operations import DOORS, operations
from soundstage.api.describe.schemas import ORDER, SHOT, input_schema, output_schema, shapes, shot_schema
from soundstage.api.parts import parts_of
from soundstage.api.problems import problem_table
from soundstage.api.queue import links_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from starlette.requests import Request

    from soundstage.api.contract import Endpoint
    from soundstage.api.describe.schemas import Schema
    from soundstage.api.urls import Links

MARKDOWN = "text/markdown"
NAMES = ("llms.txt", "llms-full.txt")
EXAMPLE_SEED = 7


async def site_guide(request: Request) -> Response:
    """GET /llms.txt: what is served, with the way to each endpoint's own guide."""
    return Response(guide_to_site(links_of(request)), media_type=MARKDOWN)


async def endpoint_guide(request: Request) -> Response:
    """GET /models/{endpoint}, /models/{endpoint}/llms.txt or /llms-full.txt: how to call it."""
    target, _, name = request.path_params["target"].rpartition("/")
    if name not in NAMES:
        target, name = request.path_params["target"], NAMES[0]
    endpoint = find_endpoint(target)
    text = guide_to(endpoint, links_of(request), parts_of(request).engines, full=name == NAMES[1])
    return Response(text, media_type=MARKDOWN)


def guide_to_site(links: Links) -> str:
    """Return the guide to the whole server."""
    planner = f"what `POST {links.base}/v1/plan` finds in a request, before anything is filmed"
    return "\n".join(
        [
            "# Soundstage",
            "",
            "> Turns a text prompt into a film with sound, on this machine, behind fal's API, unbilled.",
            "",
            "## Models",
            "",
            *(f"- [{e.title}]({links.base}/models/{e.id}/llms.txt): {e.description}" for e in endpoints()),
            "",
            "## Documents",
            "",
            f"- [OpenAPI of the server]({links.base}/openapi.json)",
            f"- [Screenplays]({links.base}/v1/plan/schema): {planner}",
            f"- [List of models]({links.base}/v1/models)",
            f"- [Health]({links.base}/health/ready)",
            "",
        ]
    )


def guide_to(endpoint: Endpoint, links: Links, engines: Collection[str], *, full: bool) -> str:
    """Return the guide to an endpoint; `full` adds every route and every kind of error."""
    lines = [*_overview(endpoint, links), *_input(endpoint, engines), *_output(endpoint, links)]
    lines += [*_usage(endpoint, links), *(_details(endpoint) if full else ()), *_links(endpoint, links)]
    return "\n".join([*lines, ""])


def _overview(endpoint: Endpoint, links: Links) -> Iterator[str]:
    yield from (f"# {endpoint.title}", "", f"> {endpoint.description}", "", "", "## Overview", "")
    yield f"- **Endpoint**: `{links.base}/run/{endpoint.id}`"
    yield f"- **Model ID**: `{endpoint.id}`"
    yield f"- **Category**: {CATEGORY}"
    yield "- **Kind**: inference"
    yield f"- **Tags**: {', '.join(endpoint.tags)}"
    yield from (
        "",
        "",
        "## Pricing",
        "",
        "- **Price**: $0 per second of film: it is made on this machine",
        "",
        "",
    )


def _input(endpoint: Endpoint, engines: Collection[str]) -> Iterator[str]:
    yield from ("## API Information", "", "### Input Schema", "")
    sources = ", ".join(f"`{name}`" for name in SOURCES)
    yield f"The API accepts the following input parameters. Exactly one of {sources} must be there:"
    yield from ("", "")
    schema = input_schema(endpoint, engines)
    shot = shot_schema(endpoint)
    for name in schema[ORDER]:
        yield from _field(name, schema["properties"][name], required=False)
        if name == "multi_prompt":
            yield f"  - Each element, a {SHOT}, has:"
            for inner in shot[ORDER]:
                told = _field(inner, shot["properties"][inner], required=inner in shot["required"])
                yield from (f"    {line}" for line in told if line)
            yield ""
    yield from ("", "", "**Required Parameters Example**:", "", *_json(example_input(endpoint)), "")
    yield from ("**Full Example**:", "", *_json(example_input(endpoint, full=True)), "", "")


def _field(name: str, field: Schema, *, required: bool) -> Iterator[str]:
    kind = next((case for case in field.get("anyOf", [field]) if case.get("type") != "null"), field)
    need = "_required_" if required else "_optional_"
    yield f"- **`{name}`** (`{_kind(kind)}`, {need}):"
    told = field.get("description", "")
    yield f"  {told}{' Not at fal: Soundstage adds it.' if field.get(OURS) else ''}"
    if "default" in field:
        yield f"  - Default: `{json.dumps(field['default'])}`"
    if "enum" in kind:
        yield f"  - Options: {', '.join(f'`{json.dumps(value)}`' for value in kind['enum'])}"
    limits = {
        "minimum": "At least",
        "maximum": "At most",
        "maxLength": "Most characters",
        "maxItems": "Most elements",
    }
    for key, words in limits.items():
        if key in kind:
            yield f"  - {words}: `{kind[key]}`"
    if "examples" in field:
        told = (json.dumps(value, ensure_ascii=False) for value in field["examples"])
        yield f"  - Examples: {', '.join(told)}"
    yield ""


def _kind(schema: Schema) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if schema.get("type") == "array":
        return f"list<{_kind(schema['items'])}>"
    return f"{'enum' if 'enum' in schema else schema.get('type', 'any')}"


def example_input(endpoint: Endpoint, *, full: bool = False) -> dict[str, Any]:
    """Return a request that the endpoint takes; `full` has every field but those that exclude each other."""
    schema = input_schema(endpoint, [endpoint.engine])
    told: dict[str, Any] = {"prompt": schema["properties"]["prompt"]["examples"][0]}
    if not full:
        return told
    defaults = {name: field["default"] for name, field in schema["properties"].items() if "default" in field}
    return {**told, **defaults, "seed": EXAMPLE_SEED}


def example_output(endpoint: Endpoint, links: Links) -> dict[str, Any]:
    """Return an output as it may come."""
    size, seconds, fps = endpoint.size("16:9", None), endpoint.defaults.seconds, endpoint.defaults.fps
    video = {
        "url": f"{links.base}/files/3f2c/output.mp4", "content_type": "video/mp4", "file_name": "output.mp4",
        "file_size": 8062911, "width": size.width, "height": size.height, "fps": fps,
        "duration": float(seconds), "num_frames": seconds * fps,
    }  # fmt: skip
    return {"video": video, "seed": EXAMPLE_SEED}


def _output(endpoint: Endpoint, links: Links) -> Iterator[str]:
    schema = output_schema(endpoint)
    yield from ("### Output Schema", "", "The API returns the following output format:", "")
    for name in schema[ORDER]:
        yield from _field(name, schema["properties"][name], required=name in schema["required"])
    for shape in ("VideoFile", "File"):
        fields = shapes()[shape]["properties"]
        yield f"A `{shape}` has {', '.join(f'`{name}`' for name in fields)}."
    yield from ("", "**Example Response**:", "", *_json(example_output(endpoint, links)), "", "")


def _usage(endpoint: Endpoint, links: Links) -> Iterator[str]:
    body = json.dumps(example_input(endpoint), ensure_ascii=False, indent=2)
    python, javascript = (f"\n{indent}".join(body.splitlines()) for indent in (" " * 4, " " * 2))
    yield from ("## Usage Examples", "", "### cURL", "", "```bash", "curl --request POST \\")
    yield f"  --url {links.base}/run/{endpoint.id} \\"
    yield '  --header "Authorization: Key $FAL_KEY" \\'
    yield '  --header "Content-Type: application/json" \\'
    yield from (f"  --data '{body}'", "```", "", "### Python", "")
    yield from ('Point the client here first: `eval "$(soundstage serve --print-env)"`.', "", "```python")
    yield from ("import fal_client", "", "result = fal_client.subscribe(", f'    "{endpoint.id}",')
    yield from (
        f"    arguments={python},",
        ")",
        'print(result["video"]["url"])',
        "```",
        "",
        "### JavaScript",
        "",
    )
    yield from ("```javascript", 'import { fal } from "@fal-ai/client";', "")
    yield f'fal.config({{ proxyUrl: {{ url: "{links.base}/api/fal/proxy", when: "always" }} }});'
    yield from (f'const result = await fal.subscribe("{endpoint.id}", {{', f"  input: {javascript},")
    yield from ("});", "console.log(result.data.video.url);", "```", "", "")


def _details(endpoint: Endpoint) -> Iterator[str]:
    yield from ("## Routes", "")
    for row in operations():
        if row.each is not None and row.door in ("queue", "run"):
            target = endpoint.id if row.each == "endpoint" else endpoint.app
            path = DOORS[row.door] + row.path.replace("{target}", target)
            yield f"- `{row.method.upper()} {path}`: {row.summary}"
    yield from ("", "## Errors", "")
    yield "A refused field is a 422 with every reason in `detail`: `loc`, `msg`, `type`, `url`, `input`."
    yield "What else may come:"
    yield ""
    for status, kind in sorted({(row.status, row.type) for row in problem_table().values()}):
        yield f"- {status} `{kind}`"
    yield from ("", "")


def _links(endpoint: Endpoint, links: Links) -> Iterator[str]:
    schema = f"{links.base}/api/openapi/queue/openapi.json?endpoint_id={endpoint.id}"
    yield from ("## Additional Resources", "", f"- [OpenAPI Schema]({schema})")
    yield f"- [All models]({links.base}/llms.txt)"
    yield f"- [This guide in full]({links.base}/models/{endpoint.id}/llms-full.txt)"


def _json(value: Any) -> Iterator[str]:
    yield from ("```json", json.dumps(value, ensure_ascii=False, indent=2), "```")

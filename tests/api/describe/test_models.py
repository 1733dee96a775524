"""The list of models in two dialects, its search and its pages; prices; fal's platform shape of errors."""

import json

import httpx
import pytest
from openapi_spec_validator import validate

from soundstage.api.contract import endpoints

IDS = [endpoint.id for endpoint in endpoints()]
PRO = IDS[0]


async def ask(client, path="/v1/models", **query):
    """Return an answer that must be good."""
    told = await client.get(path, params=query)
    assert told.status_code == 200, told.text
    return told.json()


async def test_one_list_speaks_both_dialects(client):
    """`models` for fal and `data` for OpenAI name the same endpoints, in the family's order."""
    told = await ask(client)
    assert [model["endpoint_id"] for model in told["models"]] == IDS
    assert [model["id"] for model in told["data"]] == IDS
    assert (told["object"], told["has_more"], told["next_cursor"]) == ("list", False, None)
    assert {model["metadata"]["status"] for model in told["models"]} == {"active"}
    assert all("openapi" not in model for model in told["models"])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "turbo"}, [name for name in IDS if "turbo" in name]),
        ({"q": "KLING 4k"}, [name for name in IDS if "/4k/" in name]),
        ({"q": "flux"}, []),
        ({"category": "text-to-video"}, IDS),
        ({"category": "text-to-image"}, []),
        ({"status": "active"}, IDS),
        ({"status": "deprecated"}, []),
        ({"endpoint_id": PRO}, [PRO]),
        ({"endpoint_id": [PRO, IDS[2]]}, [PRO, IDS[2]]),
        ({"endpoint_id": f"{PRO}, {IDS[2]}"}, [PRO, IDS[2]]),
        ({"endpoint_id": "fal-ai/flux"}, []),
        ({"endpoint_id": IDS, "q": "o3"}, [name for name in IDS if "/o3/" in name]),
    ],
    ids=str,
)
async def test_the_list_is_searched(client, query, found):
    """Words, category, status and ids narrow the list, each further than the other."""
    told = await ask(client, **query)
    assert [model["endpoint_id"] for model in told["models"]] == found
    assert [model["id"] for model in told["data"]] == found


async def test_the_list_comes_in_pages(client):
    """Pages follow each other by their cursor, and together they are the list."""
    seen, cursor = [], None
    for _ in range(3):
        told = await ask(client, limit=2, **({"cursor": cursor} if cursor else {}))
        seen += [model["endpoint_id"] for model in told["models"]]
        cursor = told["next_cursor"]
        assert told["has_more"] is (cursor is not None)
    assert seen == IDS
    assert cursor is None


async def test_documents_come_with_the_list(client):
    """`expand=openapi-3.0` brings each endpoint's document, the same as at its own address, and valid."""
    (model,) = (await ask(client, endpoint_id=PRO, expand="openapi-3.0"))["models"]
    validate(model["openapi"])
    assert model["openapi"] == await ask(client, "/api/openapi/queue/openapi.json", endpoint_id=PRO)


@pytest.mark.parametrize(
    ("path", "query", "word"),
    [
        ("/v1/models", {"limit": "0"}, "limit"),
        ("/v1/models", {"limit": "101"}, "100"),
        ("/v1/models", {"limit": "²"}, "limit"),
        ("/v1/models", {"limit": "9" * 5000}, "limit"),
        ("/v1/models", {"cursor": "nowhere"}, "cursor"),
        ("/v1/models", {"cursor": "LTU="}, "cursor"),
        ("/v1/models", {"status": "old", "endpoint_id": "none"}, "active"),
        ("/v1/models", {"expand": "openapi-2.0"}, "openapi-3.0"),
        ("/v1/models", {"endpoint_id": ",".join("a" * 51)}, "50"),
        ("/v1/models/pricing", {"limit": "-1"}, "limit"),
        ("/v1/models/requests/by-endpoint", {}, "endpoint_id"),
        ("/v1/models/requests/by-endpoint", {"endpoint_id": [PRO, IDS[1]]}, "endpoint_id"),
        ("/v1/models/requests/by-endpoint", {"endpoint_id": PRO, "start": "yesterday"}, "start"),
        ("/v1/models/requests/by-endpoint", {"endpoint_id": PRO, "end": "0001-01-01T00:00:00+23:59"}, "end"),
        ("/v1/models/requests/by-endpoint", {"endpoint_id": PRO, "sort_by": "name"}, "sort_by"),
        ("/v1/models/requests/by-endpoint", {"endpoint_id": PRO, "status": "fine"}, "user_error"),
        ("/v1/models/requests/by-endpoint", {"endpoint_id": PRO, "expand": "all"}, "payloads"),
    ],
    ids=str,
)
async def test_bad_queries_are_refused_in_fals_shape(client, path, query, word):
    """A query that does not read is a 400 in fal's platform shape, in a sentence that says what would."""
    told = await client.get(path, params=query)
    assert told.status_code == 400, told.text
    error = told.json()["error"]
    assert set(error) == {"type", "message", "request_id", "docs_url"}
    assert error["type"] == "validation_error"
    assert word in error["message"]
    assert len(told.content) < 1000
    assert told.headers["x-fal-request-id"] == error["request_id"]


async def test_one_model_is_openais(client):
    """OpenAI's clients retrieve a model by its id, slashes and all; others are told which."""
    told = await ask(client, f"/v1/models/{PRO}")
    assert (told["id"], told["object"]) == (PRO, "model")
    assert isinstance(told["created"], int)
    lost = await client.get("/v1/models/sora-2")
    assert lost.status_code == 404
    assert PRO in lost.json()["error"]["message"]


async def test_everything_is_free(client):
    """Prices and estimates are zero for what is served, and a 404 for what is not."""
    told = await ask(client, "/v1/models/pricing")
    assert [row["endpoint_id"] for row in told["prices"]] == IDS
    assert {(row["unit_price"], row["unit"], row["currency"]) for row in told["prices"]} == {
        (0, "second", "USD")
    }
    assert [
        row["endpoint_id"] for row in (await ask(client, "/v1/models/pricing", endpoint_id=PRO))["prices"]
    ] == [PRO]
    assert (await client.get("/v1/models/pricing?endpoint_id=fal-ai/flux")).status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        ({"estimate_type": "unit_price", "endpoints": {PRO: {"unit_quantity": 60}}}, 200, "total_cost"),
        ({"estimate_type": "historical_api_price", "endpoints": {PRO: {"call_quantity": 9}}}, 200, "USD"),
        ({"estimate_type": "unit_price", "endpoints": {"fal-ai/flux": {}}}, 404, PRO),
        ({"estimate_type": "guess", "endpoints": {PRO: {}}}, 400, "estimate_type"),
        ({"estimate_type": "unit_price", "endpoints": {}}, 400, "endpoints"),
        ({"estimate_type": "unit_price", "endpoints": {PRO: {"unit_quantity": -1}}}, 400, "unit_quantity"),
        ([], 400, "body"),
        (None, 400, "body"),
    ],
)  # fmt: skip
async def test_estimates(client, body, status, word):
    """An estimate is nothing for a volume that reads, and a refusal in words for one that does not."""
    told = await client.post("/v1/models/pricing/estimate", json=body)
    assert told.status_code == status, told.text
    assert word in told.text
    if status == 200:
        assert told.json()["total_cost"] == 0


async def test_no_json_is_a_refusal(client):
    """A body that is no JSON is a 400, and one that is too long too."""
    assert (await client.post("/v1/models/pricing/estimate", content=b"{")).status_code == 400
    assert (await client.post("/v1/models/pricing/estimate", content=b"x" * 2_000_000)).status_code == 400


async def test_the_database_away_is_a_429_in_fals_shape(client, book):
    """While the database is away the history says so, with when to come again."""
    book.away = True
    told = await client.delete("/v1/models/requests/8a0cf7d3-0c0b-4b7a-9b0e-000000000000/payloads")
    assert told.status_code == 429
    assert told.json()["error"]["type"] == "rate_limited"
    assert int(told.headers["retry-after"]) >= 1


async def test_guides_follow_the_table(client):
    """Every field of an endpoint, its default and its options stand in its guide; what it drops does not."""
    for endpoint in endpoints():
        document = await ask(client, "/api/openapi/queue/openapi.json", endpoint_id=endpoint.id)
        fields = document["components"]["schemas"][f"{endpoint.name}Input"]["properties"]
        guide = await client.get(f"/models/{endpoint.id}/llms.txt")
        assert guide.headers["content-type"].startswith("text/markdown")
        for name, field in fields.items():
            told = guide.text.partition(f"- **`{name}`** (")[2].partition("\n- **`")[0]
            assert told, name
            if "default" in field:
                assert f"Default: `{json.dumps(field['default'])}`" in told
            for option in field["anyOf"][0].get("enum", []):
                assert f"`{json.dumps(option)}`" in told
        for name in endpoint.dropped:
            assert f"**`{name}`**" not in guide.text


async def test_guides_lead_somewhere(client):
    """Every address on this server that a guide or a document names is answered."""
    site = (await client.get("/llms.txt")).text
    assert all(f"/models/{name}/llms.txt" in site for name in IDS)
    full = (await client.get(f"/models/{PRO}/llms-full.txt")).text
    page = (await client.get(f"/models/{PRO}")).text
    base = "https://localhost:8443"
    links = {part.partition(")")[0] for text in (site, full, page) for part in text.split("](")[1:]}
    links.discard(f"{base}/health/ready")
    assert len(links) > 8
    for link in links:
        assert (await client.get(httpx.URL(link))).status_code == 200, link
    lost = await client.get("/models/fal-ai/flux/llms.txt")
    assert lost.status_code == 404
    assert PRO in lost.text


async def test_a_guides_example_is_an_order(client, book):
    """The request that a guide shows is one that the server takes."""
    for endpoint in endpoints():
        guide = (await client.get(f"/models/{endpoint.id}/llms.txt")).text
        shown = guide.partition("**Full Example**:")[2].partition("```json")[2].partition("```")[0]
        told = await client.post(f"/queue/{endpoint.id}", content=shown)
        assert told.status_code == 200, told.text

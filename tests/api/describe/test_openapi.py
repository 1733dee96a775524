"""OpenAPI documents: valid, in fal's form, of every route there is, and none that points to nothing."""

import itertools
import json
import re

import pytest
from openapi_spec_validator import validate
from starlette.routing import Route

from soundstage.api.contract import endpoints
from soundstage.api.contract.fields import OrderFields
from soundstage.api.describe.openapi import endpoint_document, server_document
from soundstage.api.describe.operations import DOORS, operations
from soundstage.api.problems import problem_table
from soundstage.api.routes import all_routes
from soundstage.api.urls import Links

PRO = "fal-ai/kling-video/v3/pro/text-to-video"
LINKS = Links(base="http://localhost:8000", queue="http://localhost:8000/queue")
QUERY = "/api/openapi/queue/openapi.json"
#: patterns of the router that are no operation of their own, and why
NO_OPERATIONS = {
    "/v1/{rest:path}": "says in the platform's shape that there is nothing",
    "/v1/videos/{rest:path}": "says what OpenAI has there and we have not",
}


@pytest.mark.parametrize("endpoint", endpoints(), ids=lambda e: e.id)
def test_every_endpoints_document_is_valid(endpoint):
    """A validator of OpenAPI finds nothing in an endpoint's document, and every reference leads somewhere."""
    document = endpoint_document(endpoint, LINKS, ["previz"])
    validate(document)
    _assert_references(document)


def test_the_servers_document_is_valid():
    """A validator of OpenAPI finds nothing in the server's document, and no two operations share an id."""
    document = server_document(LINKS, ["previz"])
    validate(document)
    _assert_references(document)
    ids = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(ids) == len(set(ids))


def _assert_references(document):
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert named <= set(document["components"]["schemas"])


async def test_an_endpoints_document_has_fals_form(client):
    """Title, metadata, names of schemas, order of fields, paths and server are as fal's tools read them."""
    document = (await client.get(QUERY, params={"endpoint_id": PRO})).json()
    assert document["info"]["title"] == f"Queue OpenAPI for {PRO}"
    assert document["info"]["x-fal-metadata"]["endpointId"] == PRO
    assert document["info"]["x-fal-metadata"]["category"] == "text-to-video"
    assert document["servers"] == [{"url": "https://localhost:8443/queue"}]
    assert document["components"]["securitySchemes"]["apiKeyAuth"]["in"] == "header"
    posts = [path for path, methods in document["paths"].items() if "post" in methods]
    assert posts == [f"/{PRO}"], "generators take the POST path without /requests/"
    assert f"/{PRO}/requests/{{request_id}}/status" in document["paths"]
    assert f"/{PRO}/requests/{{request_id}}/cancel" in document["paths"]
    schemas = document["components"]["schemas"]
    taken = schemas["KlingVideoV3ProTextToVideoInput"]
    assert taken["x-fal-order-properties"] == list(OrderFields.model_fields)
    assert taken["properties"]["duration"]["default"] == "5"
    assert {"type": "null"} in taken["properties"]["prompt"]["anyOf"]
    assert schemas["KlingVideoV3ProTextToVideoOutput"]["required"] == ["video"]
    assert schemas["QueueStatus"]["properties"]["status"]["enum"] == ["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]


@pytest.mark.parametrize("endpoint", endpoints(), ids=lambda e: e.id)
def test_a_document_has_the_endpoints_own_fields_and_defaults(endpoint):
    """Fields an endpoint drops are not described, and its own defaults are."""
    schemas = endpoint_document(endpoint, LINKS, ["previz"])["components"]["schemas"]
    fields = schemas[f"{endpoint.name}Input"]["properties"]
    assert set(fields) == set(OrderFields.model_fields) - endpoint.dropped
    assert fields["resolution"]["default"] == endpoint.resolution
    assert fields.get("generate_audio", {"default": True})["default"] is endpoint.defaults.generate_audio


async def test_unknown_endpoints_are_told_what_is_served(client):
    """The document of an endpoint that is not served is a 404 with those that are; of none, a 422."""
    lost = await client.get(QUERY, params={"endpoint_id": "fal-ai/flux"})
    assert lost.status_code == 404
    assert PRO in lost.json()["detail"]
    none = await client.get(QUERY)
    assert none.status_code == 422
    assert none.json()["detail"][0]["loc"] == ["query", "endpoint_id"]


def test_every_route_is_described():
    """Whatever the router serves is in the server's document, and the document has nothing else."""
    served = {
        re.sub(r"\{(\w+)(:\w+)?\}", "{}", route.path)
        for route in all_routes()
        if isinstance(route, Route) and route.path not in NO_OPERATIONS
    }
    rows = {DOORS[row.door] + row.path for row in operations()}
    described = {
        re.sub(r"\{\w+\}", "{}", path.replace("/llms.txt", "").replace("/llms-full.txt", "")) for path in rows
    }
    described = {path or "/llms.txt" for path in described}
    assert served == described


async def test_described_methods_are_those_that_are_taken(client):
    """A method that the document does not name is a 405 that names those it does."""
    document = (await client.get("/openapi.json")).json()
    for path, methods in document["paths"].items():
        url = re.sub(r"\{(\w+)\}", lambda found: "1" if found[1] == "number" else "x", path)
        for method in {"get", "post", "put", "delete", "patch"} - set(methods):
            reply = await client.request(method, url)
            assert reply.status_code == 405, (method, url, reply.status_code)
            told = {name.strip().lower() for name in reply.headers["allow"].split(",")}
            assert told == {*methods, "options"} | ({"head"} if "get" in methods else set()), (path, told)


def test_every_error_of_an_order_is_described():
    """The result names every status that an order's stored error can have."""
    document = server_document(LINKS, ["previz"])
    result = document["paths"]["/queue/fal-ai/kling-video/requests/{request_id}"]["get"]["responses"]
    of_requests = {401, 403, 416}  # of a caller or a file, never of an order
    assert {row.status for row in problem_table().values()} - of_requests <= {int(code) for code in result}


async def test_documents_name_the_callers_way(client):
    """The server in a document is where it was asked for, by the rule for all URLs in answers."""
    told = await client.get("/openapi.json", headers={"host": "127.0.0.1:9000"})
    foreign = await client.get("/openapi.json", headers={"host": "evil.example"})
    assert told.json()["servers"] == [{"url": "https://127.0.0.1:9000"}]
    assert "evil.example" not in foreign.text


def test_names_of_schemas_are_unique():
    """No two endpoints share a schema's name."""
    for one, other in itertools.combinations(endpoints(), 2):
        assert one.name != other.name

"""Where the server says what it is: paths and their handlers, in the order in which they are matched."""

from __future__ import annotations

from soundstage.api import history
from soundstage.api.describe import llms, models, openapi
from soundstage.api.platform import platform_route

#: Plain GET routes, whose errors are those of the queue.
DESCRIPTION_ROUTES = (
    ("/openapi.json", openapi.server_openapi),
    ("/api/openapi/queue/openapi.json", openapi.endpoint_openapi),
    ("/llms.txt", llms.site_guide),
    ("/models/{target:path}", llms.endpoint_guide),
)
#: fal's platform API. The last one answers for what it lacks, in its own shape.
PLATFORM_ROUTES = (
    platform_route("/v1/meta", {"GET": models.meta}),
    platform_route("/v1/models", {"GET": models.list_models}),
    platform_route("/v1/models/pricing", {"GET": models.list_prices}),
    platform_route("/v1/models/pricing/estimate", {"POST": models.estimate_cost}),
    platform_route("/v1/models/requests/by-endpoint", {"GET": history.list_requests}),
    platform_route("/v1/models/requests/{request_id}/payloads", {"DELETE": history.delete_payloads}),
    platform_route("/v1/models/{model:path}", {"GET": models.get_model}),
    platform_route(
        "/v1/serverless/apps/{owner}/{app}/queue", {"GET": history.queue_size, "DELETE": history.flush_queue}
    ),
    platform_route(
        "/applications/{owner}/{app}/queue", {"GET": history.queue_size, "DELETE": history.flush_queue}
    ),
    platform_route("/v1/{rest:path}", {}),
)

"""What schemathesis changes in a request just before it goes out. Loaded by its command line."""

import schemathesis

#: where a body orders a film
_FILMS = ("/queue/", "/run/", "/v1/videos")


@schemathesis.hook
def before_call(context, case, kwargs):
    """Order films that cost nothing, and tell nobody of them; right stays right and wrong wrong."""
    if case.path.startswith(_FILMS) and isinstance(case.body, dict):
        if case.body.get("engine") in (None, "previz"):
            case.body["engine"] = "rehearsal"
        if case.body.get("resolution") in (None, "540p", "720p", "1080p", "4k"):
            case.body["resolution"] = "360p"
    # A legal URL of a stranger's would be called when the film is done.
    if case.query and "fal_webhook" in case.query:
        del case.query["fal_webhook"]


@schemathesis.hook
def filter_case(context, case):
    """Leave out requests that are wrong only for a header nobody knows: HTTP ignores those."""
    return "x-schemathesis-unknown-property" not in (case.headers or {})

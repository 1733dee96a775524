"""What webhooks carry, held to stored bodies and headers."""

import json

from golden import check_golden
from listening import listening


def _told(call):
    """Return what a receiver reads, without what is signed anew at each attempt."""
    fresh = {"x-fal-webhook-timestamp": "<time>", "x-fal-webhook-signature": "<signature>"}
    head = {name: value for name, value in call.headers.items() if name.startswith("x-fal-")}
    return {
        "method": call.method,
        "content_type": call.headers["content-type"],
        "headers": dict(sorted({**head, **fresh}.items())),
        "body": json.loads(call.body),
    }


async def test_bodies(submit):
    """A film, a render that broke, and an input that was queued although it is wrong."""
    for name, prompt, headers in (
        ("film", "A lake", {}),
        ("failed", "A lake [break]", {"x_fal_no_retry": "1"}),
        ("refused", "  ", {}),
    ):
        async with listening() as receiver:
            await submit(receiver.url, prompt, **headers)
            (call,) = await receiver.wait()
        user = call.headers["x-fal-webhook-user-id"]
        check_golden(f"webhooks/{name}", _told(call), user=user)

"""Make a film with fal's own client, unmodified, on a Soundstage server.

python make_film.py "PROMPT" film.mp4 --fields '{"duration": "3", "resolution": "540p"}'
"""

from __future__ import annotations

import argparse
import json
import ssl
import sys
import urllib.request
from pathlib import Path
from typing import Any

import fal_client
from fal_client.client import FalClientHTTPError

ENDPOINT = "fal-ai/kling-video/v3/pro/text-to-video"


class Teller:
    """Prints what the server does. Each update brings all log lines so far."""

    def __init__(self) -> None:
        self._told = 0

    def __call__(self, update: Any) -> None:
        """Take one update of the queue."""
        if isinstance(update, fal_client.Queued):
            print(f"waiting, {update.position} ahead")
            return
        lines = update.logs or []
        for line in lines[self._told :]:
            print(line["message"])
        self._told = max(self._told, len(lines))


def main() -> int:
    """Make the film; the exit code is 1 if it was refused or failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("prompt", nargs="?", default="Fireflies in a dark forest")
    parser.add_argument("output", nargs="?", type=Path, default=Path("film.mp4"))
    parser.add_argument("--fields", type=json.loads, default={}, help="more fields of the request, as JSON")
    asked = parser.parse_args()
    try:
        result = fal_client.subscribe(
            ENDPOINT,
            arguments={"prompt": asked.prompt, **asked.fields},
            with_logs=True,
            on_queue_update=Teller(),
        )
    except FalClientHTTPError as exc:
        problems = exc.message if isinstance(exc.message, list) else [{"loc": ["body"], "msg": exc.message}]
        for problem in problems:
            print(f"{'.'.join(map(str, problem['loc'][1:]))}: {problem['msg']}", file=sys.stderr)
        return 1
    video = result["video"]
    # SSL_CERT_FILE, which the exports set, makes Python trust the server's own CA.
    with urllib.request.urlopen(video["url"], context=ssl.create_default_context()) as film:  # noqa: S310
        asked.output.write_bytes(film.read())
    size = f"{video['width']}x{video['height']}"
    print(f"{asked.output}: {size}, {video['duration']} s, seed {result['seed']}")
    print(video["url"])
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Answers held to stored ones: status, headers that matter, body. What changes by the run is a placeholder.

`STORE_GOLDEN=1 pytest tests/wire` writes `tests/wire/golden/<name>.json` anew; a person reads the difference.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "golden"

#: What a client may read of an answer's head. `date`, `content-length` and the like say nothing of us.
HEADERS = (
    "content-type",
    "cache-control",
    "retry-after",
    "allow",
    "location",
    "www-authenticate",
    "accept-ranges",
    "content-range",
    "content-disposition",
    "access-control-allow-origin",
    "x-fal-request-id",
    "x-fal-error-type",
    "x-fal-retryable",
    "x-fal-needs-retry",
    "x-fal-request-timeout-type",
    "x-fal-billable-units",
)

#: In order: the first that fits takes the text.
_PLACES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\]):\d+"), "<origin>"),
    (re.compile(r"\b(localhost|127\.0\.0\.1):\d+"), "<host>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"), "<time>"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "<uuid>"),
    (re.compile(r"\b[0-9a-f]{128}\b"), "<signature>"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<sha256>"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "<hex>"),
    (re.compile(r'("inference_time":)[0-9.e-]+'), r"\1<inference_time>"),
    (re.compile(r"made in \d+(\.\d+)? s"), "made in <s>"),
    (re.compile(r"\d+(\.\d+)? MB"), "<MB>"),
)

#: Numbers that depend on the machine, by their key.
_MEASURED = {"inference_time", "file_size"}


def check_golden(name: str, answer: Any, /, **places: str) -> None:
    """Hold an answer to the stored one.

    Args:
        name: of the file below `golden/`, without its suffix; may name a folder: "status/waiting".
        answer: an `httpx.Response` (status, headers, body), or any JSON.
        places: further texts to replace: `check_golden("x", answer, key_id="3f2c")` writes `<key_id>`.

    Raises:
        AssertionError: they differ, or nothing is stored under this name.
    """
    told = plain(answer, places)
    path = FOLDER / f"{name}.json"
    if os.environ.get("STORE_GOLDEN") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", "utf-8")
        return
    assert path.is_file(), f"no golden {path}; STORE_GOLDEN=1 writes it. The answer is {told}"
    assert told == json.loads(path.read_text("utf-8")), f"differs from {path}"


def plain(answer: Any, places: dict[str, str]) -> Any:
    """Return an answer as JSON in which nothing differs from run to run."""
    if hasattr(answer, "status_code"):
        head = {h: answer.headers[h] for h in HEADERS if h in answer.headers}
        reason = answer.reason_phrase
        told = {"status": answer.status_code, "reason": reason, "headers": head, "body": _body(answer)}
    else:
        told = answer
    return _placed(told, places)


def _body(answer: Any) -> Any:
    kind = answer.headers.get("content-type", "")
    if kind.startswith("application/json"):
        return answer.json()
    return answer.text if kind.startswith("text/") else f"<{len(answer.content)} bytes>"


def _placed(value: Any, places: dict[str, str], key: str | None = None) -> Any:
    if isinstance(value, dict):
        return {_text(k, places): _placed(v, places, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_placed(v, places) for v in value]
    if key in _MEASURED and value is not None:
        return f"<{key}>"
    if key == "duration" and isinstance(value, float) and not value.is_integer():
        return "<seconds>"  # of the making; a film's own are whole
    return _text(value, places) if isinstance(value, str) else value


def _text(text: str, places: dict[str, str]) -> str:
    for place, found in places.items():
        # A short one may also stand within an id by chance: "58" in a UUID is no wait of 58 s.
        text = re.sub(rf"(?<![0-9A-Za-z]){re.escape(found)}(?![0-9A-Za-z])", f"<{place}>", text)
    for pattern, place in _PLACES:
        text = pattern.sub(place, text)
    return text

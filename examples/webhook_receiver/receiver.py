"""Receive webhooks and believe the signed ones only. Needs Python and the package `cryptography`.

    python receiver.py http://127.0.0.1:8000 --port 9000

and give `http://127.0.0.1:9000/films` as the webhook of a request.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

if TYPE_CHECKING:
    from collections.abc import Mapping

TOLERANCE_S = 300  #: an older signature may be somebody's copy, sent again
KEYS_KEPT_S = 3600.0  #: the keys may be kept for a day at most; a withdrawn one is believed until then
LOOK_AGAIN_S = 60.0  #: a signature by an unknown key makes us fetch the keys again, but not for every forgery
MOST_BODY_BYTES = 10_000_000
NAMES = ("request-id", "user-id", "timestamp", "signature")


class KeySet:
    """The sender's published keys, fetched now and then."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: list[Ed25519PublicKey] = []
        self._fetched = float("-inf")
        self._turn = threading.Lock()

    def read(self, *, older_than_s: float = KEYS_KEPT_S) -> list[Ed25519PublicKey]:
        """Return the keys; fetch them when those we have are older than `older_than_s`."""
        with self._turn:
            if time.monotonic() - self._fetched > older_than_s:
                with urllib.request.urlopen(self._url, timeout=10) as answer:  # noqa: S310 - the operator's URL
                    told = json.load(answer)
                self._keys = [read_key(key) for key in told["keys"] if key.get("crv") == "Ed25519"]
                self._fetched = time.monotonic()
            return self._keys


def read_key(key: Mapping[str, str]) -> Ed25519PublicKey:
    """Read one key of a JWKS, with padding or without."""
    x = key["x"].rstrip("=")
    return Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(x + "=" * (-len(x) % 4)))


def is_signed(headers: Mapping[str, str], body: bytes, keys: KeySet, *, now: float) -> bool:
    """Tell whether the sender signed this, and not long ago."""
    told = [headers.get(f"X-Fal-Webhook-{name}", "") for name in NAMES]
    request_id, user_id, timestamp, signature = told
    if not all(told) or not timestamp.isdecimal() or abs(now - int(timestamp)) > TOLERANCE_S:
        return False
    message = "\n".join((request_id, user_id, timestamp, hashlib.sha256(body).hexdigest())).encode()
    try:
        raw = bytes.fromhex(signature)
    except ValueError:
        return False
    return _fits(raw, message, keys.read()) or _fits(raw, message, keys.read(older_than_s=LOOK_AGAIN_S))


def _fits(signature: bytes, message: bytes, keys: list[Ed25519PublicKey]) -> bool:
    for key in keys:
        try:
            key.verify(signature, message)
        except InvalidSignature:
            continue
        return True
    return False


class Receiver(BaseHTTPRequestHandler):
    """Answers at once and keeps what is true; work on it later, or the sender gives up waiting."""

    keys: KeySet
    known: set[str]

    def do_POST(self) -> None:
        """Take one webhook."""
        length = int(self.headers.get("Content-Length") or 0)
        if length > MOST_BODY_BYTES:
            self.send_error(413)
            return
        body = self.rfile.read(length)
        if not is_signed(self.headers, body, self.keys, now=time.time()):
            self.send_error(401, "Not signed by the keys we trust")
            return
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
        told: dict[str, Any] = json.loads(body)
        if told["request_id"] in self.known:
            return  # a repetition: the sender did not hear our answer
        self.known.add(told["request_id"])
        if told["status"] == "OK" and told["payload"] is not None:
            print(f"{told['request_id']} is ready: {told['payload']['video']['url']}", flush=True)
        else:
            why = told.get("error") or told.get("payload_error")
            print(f"{told['request_id']} is not: {why} {told['payload']}", flush=True)

    def log_message(self, *_: object) -> None:
        """Say nothing of each connection."""


def main() -> None:
    """Receive until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("server", help="where Soundstage is, as http://127.0.0.1:8000")
    parser.add_argument("--port", type=int, default=9000, help="port to listen on; 0 takes a free one")
    told = parser.parse_args()
    Receiver.keys = KeySet(f"{told.server.rstrip('/')}/.well-known/jwks.json")
    Receiver.known = set()
    with ThreadingHTTPServer(("127.0.0.1", told.port), Receiver) as server:
        print(f"Waiting for webhooks at http://127.0.0.1:{server.server_port}/films", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("Stopped")


if __name__ == "__main__":
    main()

"""A real server whose webhooks need no minutes of waiting, and verifiers as receivers have them."""

import asyncio
import base64
import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psycopg
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "webhooks"))  # `listening` is found there

from servers import SOUNDSTAGE, start_server  # noqa: E402 - from tests/acceptance, which pytest put on the path

from soundstage.jobs.embedded import EmbeddedPostgres  # noqa: E402 - after the path

GAPS_S = (0.5, 1.0, 2.0, 60.0)


@pytest.fixture(scope="session")
def hooked(open_folder, wire_environ):
    """A server that retries within seconds, and queues what is invalid as fal does."""
    home = open_folder / "webhooks" / "home"
    home.parent.mkdir()
    environ = {
        **wire_environ,
        "SOUNDSTAGE_WEBHOOK_GAPS_S": ",".join(map(str, GAPS_S)),
        "SOUNDSTAGE_WEBHOOK_TIMEOUT_S": "2",
        "SOUNDSTAGE_ENQUEUE_INVALID": "true",
        "SOUNDSTAGE_WEBHOOK_RETRY_TIMEOUT_S": "2",
    }
    running = start_server(home, environ)
    yield running
    assert running.stop() == 0, running.log.read_text()[-4000:]


@pytest.fixture
async def calling(hooked):
    """Raw requests to that server."""
    async with httpx.AsyncClient(base_url=hooked.http, timeout=60) as client:
        yield client


@pytest.fixture
def submit(calling, ep, small):
    """Submits a small film with a webhook; returns the request's id."""

    async def send(url: str, prompt: str = "A lake", **headers: str) -> str:
        answer = await calling.post(
            f"/queue/{ep}",
            params={"fal_webhook": url},
            json={**small, "prompt": prompt},
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["request_id"]

    return send


@pytest.fixture
def terminal(hooked):
    """Runs `soundstage ...` beside the running server; returns what it printed."""

    def run(*words: str, code: int = 0) -> str:
        told = subprocess.run(
            [*SOUNDSTAGE, *words],
            env={**hooked.environ, "SOUNDSTAGE_HOME": str(hooked.home)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert told.returncode == code, told.stdout + told.stderr
        return told.stdout + told.stderr

    return run


@pytest.fixture
def settled(hooked):
    """Waits until the delivery of a request has a status, as its worker wrote it down."""
    dsn = EmbeddedPostgres(hooked.home, environ=hooked.environ).dsn()

    async def wait(request_id: str, status: str) -> None:
        sought = "SELECT 1 FROM deliveries WHERE order_id = %s AND status = %s"
        async with (
            asyncio.timeout(30),
            await psycopg.AsyncConnection.connect(dsn, autocommit=True) as database,
        ):
            while True:
                found = await database.execute(sought, (request_id, status))
                if await found.fetchone() is not None:
                    return
                await asyncio.sleep(0.05)

    return wait


def verify_as_fal_documents(jwks: dict, headers: dict, body: bytes, *, now: float | None = None) -> bool:
    """Verify as fal's documented Python verifier does; it adds no padding to `x`."""
    try:
        timestamp = int(headers["x-fal-webhook-timestamp"])
        if abs((now or time.time()) - timestamp) > 300:
            return False
        message = "\n".join(
            [
                headers["x-fal-webhook-request-id"],
                headers["x-fal-webhook-user-id"],
                headers["x-fal-webhook-timestamp"],
                hashlib.sha256(body).hexdigest(),
            ]
        ).encode("utf-8")
        signature = bytes.fromhex(headers["x-fal-webhook-signature"])
    except (KeyError, ValueError):
        return False
    for key in jwks["keys"]:
        try:
            raw = base64.urlsafe_b64decode(key.get("x", ""))
            Ed25519PublicKey.from_public_bytes(raw).verify(signature, message)
        except (InvalidSignature, ValueError):
            continue
        return True
    return False


@pytest.fixture
def verify():
    """The verifier that fal documents."""
    return verify_as_fal_documents


@pytest.fixture
def verify_in_node():
    """Verifies with Node, through `createPublicKey` and through WebCrypto; returns both answers."""

    def run(jwks: dict, headers: dict, body: bytes) -> dict:
        told = subprocess.run(
            ["node", str(HERE / "verify.mjs")],
            input=json.dumps({"jwks": jwks, "headers": headers, "body": base64.b64encode(body).decode()}),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert told.returncode == 0, told.stderr
        return json.loads(told.stdout)

    return run

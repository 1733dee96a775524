"""The signature that proves a webhook is ours, and the published keys it is checked with. Pure.

As fal documents it: Ed25519 over request id, user id, timestamp and the body's SHA-256, joined by single
line feeds. fal's own verifiers accept it once they are pointed at our key set.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

if TYPE_CHECKING:
    from collections.abc import Iterable


def sign(private_key: bytes, *, request_id: str, user_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the four headers of one attempt.

    Args:
        private_key: 32 bytes, an Ed25519 seed.
        request_id: the order's id.
        user_id: this server's id as a sender.
        timestamp: Unix time in seconds; receivers refuse what is over 300 s away from their own.
        body: the bytes that are sent.
    """
    told = "\n".join((request_id, user_id, str(timestamp), hashlib.sha256(body).hexdigest()))
    signature = Ed25519PrivateKey.from_private_bytes(private_key).sign(told.encode())
    return {
        "X-Fal-Webhook-Request-Id": request_id,
        "X-Fal-Webhook-User-Id": user_id,
        "X-Fal-Webhook-Timestamp": str(timestamp),
        "X-Fal-Webhook-Signature": signature.hex(),
    }


def key_set(private_keys: Iterable[tuple[str, bytes]]) -> dict[str, Any]:
    """Return the JWKS (RFC 7517) of these key ids and private keys, in their order."""
    return {"keys": [_public(key_id, private_key) for key_id, private_key in private_keys]}


def _public(key_id: str, private_key: bytes) -> dict[str, str]:
    raw = Ed25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()
    # With its padding, against RFC 7515: fal's Python verifier decodes `x` without adding any, and takes
    # every signature for invalid when that fails. PyJWT and Node read either form.
    x = base64.urlsafe_b64encode(raw).decode("ascii")
    return {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": key_id, "x": x}

"""The signature, byte for byte as it is documented, and the published keys."""

import base64
import hashlib

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from soundstage.webhooks import Schedule, key_set, sign

SEED = bytes(range(32))


def test_signed_bytes_are_the_documented_ones():
    """Request id, user id, decimal seconds, the hex SHA-256 of the body: one LF between, none at the end."""
    headers = sign(SEED, request_id="r-1", user_id="u-1", timestamp=1_700_000_000, body=b"\x00body")
    digest = hashlib.sha256(b"\x00body").hexdigest()
    told = f"r-1\nu-1\n1700000000\n{digest}".encode()
    signature = bytes.fromhex(headers["X-Fal-Webhook-Signature"])
    assert len(signature) == 64
    public = Ed25519PrivateKey.from_private_bytes(SEED).public_key()
    public.verify(signature, told)
    with pytest.raises(InvalidSignature):
        public.verify(signature, told + b"\n")
    assert headers["X-Fal-Webhook-Request-Id"] == "r-1"
    assert headers["X-Fal-Webhook-User-Id"] == "u-1"
    assert headers["X-Fal-Webhook-Timestamp"] == "1700000000"


def test_published_key_is_padded():
    """`x` has its 44th character: fal's Python verifier adds no padding, and trusts nothing without it."""
    (key,) = key_set([("k1", SEED)])["keys"]
    assert key.items() >= {"kty": "OKP", "crv": "Ed25519", "kid": "k1"}.items()
    assert len(key["x"]) == 44
    raw = base64.urlsafe_b64decode(key["x"])
    assert Ed25519PublicKey.from_public_bytes(raw) == Ed25519PrivateKey.from_private_bytes(SEED).public_key()


def test_plan_is_fals():
    """Ten retries at growing gaps, the last within two hours; each gap outlasts the attempt before it."""
    plan = Schedule.load()
    assert len(plan.gaps_s) == 10
    assert list(plan.gaps_s) == sorted(set(plan.gaps_s))
    assert 7000 < sum(plan.gaps_s) < 7200
    assert all(plan.gaps_s[n] > plan.timeout_s(n + 1) for n in range(10))
    assert (plan.timeout_s(1), plan.timeout_s(2)) == (15.0, 120.0)

"""Sealed words: JSON that a caller carries for us and cannot change. For upload tokens and signed URLs."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from typing import Any, Literal

from soundstage.file_errors import FileForbidden

Purpose = Literal["upload-token", "upload-url", "file-url"]
_MAX_CHARACTERS = 20_000  #: an ACL with hundreds of rules fits


def seal(secret: bytes, purpose: Purpose, told: dict[str, Any], *, expires_at_s: float) -> str:
    """Return `told` as text for a header or a query, good until `expires_at_s` and for one purpose."""
    body = json.dumps([int(expires_at_s), told], separators=(",", ":")).encode("utf-8")
    packed = base64.urlsafe_b64encode(body).rstrip(b"=")
    return f"{packed.decode('ascii')}.{_mac(secret, purpose, packed)}"


def unseal(secret: bytes, purpose: Purpose, text: str, *, now_s: float) -> dict[str, Any]:
    """Return what was sealed.

    Raises:
        FileForbidden: it is not ours, was changed, was made for another purpose, or its time is over.
    """
    packed, _, mac = text.encode("utf-8", "replace").rpartition(b".")
    expected = _mac(secret, purpose, packed).encode("ascii")
    if len(text) > _MAX_CHARACTERS or not hmac.compare_digest(mac, expected):
        raise FileForbidden(
            f"this {purpose} is not one of this server's, or it was changed; ask for a new one"
        )
    try:
        expires_at_s, told = json.loads(base64.urlsafe_b64decode(packed + b"=" * (-len(packed) % 4)))
    except (ValueError, binascii.Error) as exc:
        raise AssertionError("a seal of ours holds no JSON") from exc
    if expires_at_s <= now_s:
        raise FileForbidden(f"this {purpose} has expired; ask for a new one")
    return told


def _mac(secret: bytes, purpose: str, packed: bytes) -> str:
    return hmac.new(secret, purpose.encode("ascii") + b"\0" + packed, hashlib.sha256).hexdigest()

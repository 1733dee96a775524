"""Keeps what was spoken, by content, in a folder of bounded size. Knows nothing of what it keeps."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

log = logging.getLogger(__name__)

_DIGEST_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceShelf:
    """A folder of spoken lines. It may be wiped at any time; several processes may share it."""

    folder: Path
    limit_bytes: int = 64 * 1024 * 1024  #: about half an hour of speech; the longest unused go first

    def key(self, request: Mapping[str, Any]) -> str:
        """Return the name under which the answer to a request is kept."""
        return hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()

    def take(self, key: str) -> bytes | None:
        """Return what is kept under a key; None when there is nothing, or nothing whole."""
        path = self._path(key)
        try:
            data = path.read_bytes()
            os.utime(path)  # it was used: it goes last
        except FileNotFoundError:
            return None
        except OSError as exc:
            log.warning("a kept voice line cannot be read", extra={"path": str(path), "reason": str(exc)})
            return None
        digest, body = data[:_DIGEST_BYTES], data[_DIGEST_BYTES:]
        if hashlib.sha256(body).digest() != digest:
            log.warning("a kept voice line is damaged and is spoken again", extra={"path": str(path)})
            return None
        return body

    def keep(self, key: str, body: bytes) -> None:
        """Keep bytes under a key. A disk that does not take them costs time later, never the film."""
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._make_room(len(body))
            handle, part = tempfile.mkstemp(prefix=".part-", dir=path.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(hashlib.sha256(body).digest() + body)
                os.replace(part, path)  # noqa: PTH105 - a reader finds the whole line or none
            except BaseException:
                os.unlink(part)  # noqa: PTH108 - `part` is mkstemp's text
                raise
        except OSError as exc:
            log.warning("a voice line cannot be kept", extra={"path": str(path), "reason": str(exc)})

    def _path(self, key: str) -> Path:
        return self.folder / "voices" / f"{key}.voice"

    def _make_room(self, wanted_bytes: int) -> None:
        kept: list[tuple[float, int, Path]] = []
        for path in (self.folder / "voices").iterdir():
            try:
                state = path.stat()
            except FileNotFoundError:
                continue  # another process made room too
            kept.append((state.st_mtime, state.st_size, path))
        total = wanted_bytes + sum(size for _, size, _ in kept)
        for _, size, path in sorted(kept, key=lambda item: item[:2]):
            if total <= self.limit_bytes:
                return
            path.unlink(missing_ok=True)
            total -= size

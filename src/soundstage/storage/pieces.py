"""A range of an open file, in pieces: at once where the system has them in memory, by a thread where not."""

from __future__ import annotations

import asyncio
import os
from typing import cast

from soundstage.errors import StorageError
from soundstage.storage.store import PIECE_BYTES

#: Linux alone can be asked for what is in memory and nothing else. A thread costs as much as 2 MB of reading.
_NOWAIT: int | None = getattr(os, "RWF_NOWAIT", None)


class Pieces:
    """The bytes of a descriptor that is ours to close. Iterate it once."""

    def __init__(self, name: str, descriptor: int, start: int, stop: int) -> None:
        self._name, self._descriptor = name, descriptor
        self._at, self._stop = start, stop
        self._is_first = True

    def __aiter__(self) -> Pieces:
        return self

    async def __anext__(self) -> bytes:
        want = min(PIECE_BYTES, self._stop - self._at)
        if want == 0:
            self._close()
            raise StopAsyncIteration
        if not self._is_first:
            await asyncio.sleep(0)  # what is in memory comes without waiting: others must have their turn
        self._is_first = False
        try:
            piece = _in_memory(self._descriptor, want, self._at)
            if piece is None:
                piece = await asyncio.to_thread(os.pread, self._descriptor, want, self._at)
        except OSError as exc:
            raise StorageError(f"{self._name!r} could not be read to its end: {exc.strerror}") from exc
        if len(piece) < want:
            raise StorageError(
                f"{self._name!r} ends after {self._at + len(piece)} bytes: somebody cut it short"
            )
        self._at += want
        return piece

    async def aclose(self) -> None:
        """Stop before the end."""
        self._at = self._stop
        self._close()

    def __del__(self) -> None:
        self._close()

    def _close(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


def _in_memory(descriptor: int, want: int, at: int) -> bytes | None:
    """Return a piece if all of it is at hand; None if the disk must be asked."""
    if _NOWAIT is None:
        return None
    piece = bytearray(want)
    try:
        got = os.preadv(descriptor, [piece], at, _NOWAIT)
    except OSError:  # not in memory, or a file system that cannot tell: the thread will know
        return None
    # A bytearray is all that a socket needs; making it `bytes` would copy it once more.
    return cast("bytes", piece) if got == want else None

"""The boxes of an MP4 (ISO/IEC 14496-12): their order read, caption tracks hidden. Decodes nothing."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.errors import StitchError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

_TRACK_ENABLED = 0x000001  # the lowest bit of a track header's flags
_CAPTION_HANDLERS = frozenset({b"sbtl", b"text", b"subt"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One box: its kind, where its content begins and where it ends, in bytes from the start of the file."""

    kind: str
    content: int
    end: int


def is_faststart(path: Path) -> bool:
    """Tell whether the index lies before the media, so that a player can begin before it has the whole file.

    Raises:
        StitchError: the file is no MP4.
    """
    with path.open("rb") as file:
        kinds = [box.kind for box in _boxes(file, 0, path.stat().st_size)]
    if "moov" not in kinds or "mdat" not in kinds:
        raise StitchError(f"{path} is no MP4: it holds {', '.join(kinds) or 'nothing'}")
    return kinds.index("moov") < kinds.index("mdat")


def caption_flags(path: Path) -> list[bool]:
    """Return, for each caption track in order, whether players show it unasked."""
    with path.open("rb") as file:
        return [bool(flags & _TRACK_ENABLED) for _, flags in _caption_headers(file, path)]


def hide_captions(path: Path) -> None:
    """Switch every caption track off, in place, until the viewer asks for it.

    FFmpeg always enables the first track of a kind, whatever its disposition says.
    """
    with path.open("rb+") as file:
        for offset, flags in list(_caption_headers(file, path)):
            file.seek(offset)
            file.write((flags & ~_TRACK_ENABLED).to_bytes(3, "big"))


def _caption_headers(file: BinaryIO, path: Path) -> Iterator[tuple[int, int]]:
    """Yield where the flags of each caption track stand, and what they are."""
    size = path.stat().st_size
    for movie in _named(file, "moov", 0, size):
        for track in _named(file, "trak", movie.content, movie.end):
            if _handler(file, track) not in _CAPTION_HANDLERS:
                continue
            for header in _named(file, "tkhd", track.content, track.end):
                file.seek(header.content + 1)  # after the version
                yield header.content + 1, int.from_bytes(file.read(3), "big")


def _handler(file: BinaryIO, track: Box) -> bytes:
    for media in _named(file, "mdia", track.content, track.end):
        for handler in _named(file, "hdlr", media.content, media.end):
            file.seek(handler.content + 8)  # after version, flags and a reserved word
            return file.read(4)
    return b""


def _named(file: BinaryIO, kind: str, start: int, end: int) -> Iterator[Box]:
    return (box for box in _boxes(file, start, end) if box.kind == kind)


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[Box]:
    while start + 8 <= end:
        file.seek(start)
        size, kind = struct.unpack(">I4s", file.read(8))
        content = start + 8
        if size == 1:  # a 64-bit size follows
            size = struct.unpack(">Q", file.read(8))[0]
            content += 8
        elif size == 0:  # up to the end
            size = end - start
        if size < content - start:
            return  # no MP4: whoever asked finds the box it needs missing
        yield Box(kind=kind.decode("latin-1"), content=content, end=start + size)
        start += size

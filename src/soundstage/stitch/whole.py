"""Files that are whole or absent, and the system's and FFmpeg's errors turned into ours."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import av
from av.error import FFmpegError

from soundstage.errors import EncoderBroke, StitchError, StorageError, StorageFull

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from av.container import InputContainer, OutputContainer

#: EFBIG too: what a file size limit of the user's answers
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def written_whole(target: Path) -> Generator[Path]:
    """Lend a path beside `target`; what was written there becomes `target`, on disk, if the block succeeds.

    The lent path is new each time: a writer given up as dead can never rename what another is writing.

    Raises:
        StorageFull: the disk is full. Nothing half-written stays.
        StorageError: the folder cannot be written.
    """
    for stale in target.parent.glob(f"{target.name}.*.part"):
        stale.unlink(missing_ok=True)
    part = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    try:
        yield part
        with files_ours(target):
            flush(part)
            part.replace(target)
            flush(target.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_text(target: Path, text: str) -> None:
    """Write a UTF-8 file, whole or not at all.

    Raises:
        StorageFull: the disk is full.
        StorageError: the folder cannot be written.
    """
    with written_whole(target) as part, files_ours(target):
        part.write_bytes(text.encode("utf-8", "replace"))


def flush(path: Path) -> None:
    """Wait until a file's bytes, or a folder's names, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def files_ours(path: Path) -> Generator[None]:
    """Turn the system's errors about a file into ours."""
    try:
        yield
    except OSError as exc:
        if exc.errno in NO_ROOM:
            raise _full(path, exc) from exc
        raise StorageError(f"{path} cannot be written: {exc.strerror or exc}") from exc


@contextmanager
def codec_ours(doing: str, path: Path) -> Generator[None]:
    """Turn FFmpeg's errors while `doing` something to `path` into ours."""
    try:
        yield
    except (FFmpegError, OSError, ValueError) as exc:
        if isinstance(exc, OSError) and exc.errno in NO_ROOM:
            raise _full(path, exc) from exc
        raise EncoderBroke(f"{doing} {path.name} failed: {exc}") from exc


def _full(path: Path, exc: OSError) -> StorageFull:
    free = shutil.disk_usage(path.parent).free / 1e6
    return StorageFull(f"no room to write {path} ({exc.strerror}): {free:.1f} MB are free there; make room")


@contextmanager
def opened_output(path: Path, options: dict[str, str]) -> Generator[OutputContainer]:
    """Lend an MP4 being written; it is finished when the block succeeds. The block's errors pass untouched.

    Raises:
        EncoderBroke: it could not be opened or finished.
        StorageFull: the disk is full.
    """
    with codec_ours("opening", path):
        container = av.open(str(path), "w", format="mp4", options=options)
    try:
        yield container
    except BaseException:
        # Closing writes an index into a file that is about to be removed: its error would hide the first.
        with suppress(FFmpegError, OSError, ValueError):
            container.close()
        raise
    with codec_ours("finishing", path):
        container.close()


@contextmanager
def opened_input(path: Path) -> Generator[InputContainer]:
    """Lend a film for reading.

    Raises:
        StitchError: there is no such file, or it is no film.
    """
    try:
        container = av.open(str(path), "r")
    except (FFmpegError, OSError, ValueError) as exc:
        raise StitchError(f"{path} does not open as a film: {exc}") from exc
    with container:
        if not container.streams.video:
            raise StitchError(f"{path} has no picture")
        yield container

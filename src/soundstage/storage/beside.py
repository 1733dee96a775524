"""Stage 5 of 5, for the terminal: a draft becomes files next to each other in a folder of the user's."""

from __future__ import annotations

import errno
import os
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from soundstage.errors import StorageError, StorageFull

if TYPE_CHECKING:
    from pathlib import Path

    from soundstage.film import FileRole, Film, FilmFile

#: never a bare ".json": it could be the request file that the film was made from
_SUFFIXES: dict[FileRole, str] = {
    "screenplay": ".screenplay.json",
    "poster": ".poster.jpg",
    "captions_vtt": ".vtt",
    "captions_srt": ".srt",
    "peaks": ".peaks.json",
    "video": ".mp4",
}


def check_place(output: Path) -> None:
    """Make sure a film can be put at `output`, before time is spent on it.

    Raises:
        StorageError: the folder is missing or closed to us, or `output` is a folder.
    """
    folder = output.parent
    if not folder.is_dir():
        raise StorageError(f"the folder {folder} does not exist; make it, or choose another --output")
    if output.is_dir():
        raise StorageError(f"--output {output} is a folder; name a file in it, as {output / 'film.mp4'}")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise StorageError(f"the folder {folder} cannot be written to; choose another --output")


def publish_beside(draft: Film, output: Path) -> Film:
    """Copy a draft's files to `output` and beside it, the video last, each whole or not at all.

    Raises:
        StorageFull: the disk is full; nothing half-written stays.
        StorageError: the folder could not be written to.
    """
    stem = output.with_suffix("")
    targets = {role: stem.with_name(stem.name + suffix) for role, suffix in _SUFFIXES.items()}
    targets["video"] = output
    if output.exists():
        # Captions of the film that is replaced here: a player would show them with the new one.
        for role in set(_SUFFIXES) - {file.role for file in draft.files}:
            targets[role].unlink(missing_ok=True)
    order = sorted(draft.files, key=lambda file: list(_SUFFIXES).index(file.role))
    kept = {file.role: _copy(file, targets[file.role]) for file in order}
    return replace(draft, files=tuple(kept[file.role] for file in draft.files))


def _copy(file: FilmFile, target: Path) -> FilmFile:
    assert file.path is not None, file
    part = target.with_name(target.name + ".part")
    try:
        shutil.copyfile(file.path, part)
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        part.replace(target)
    except OSError as exc:
        part.unlink(missing_ok=True)
        if exc.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull(f"no room for {target} ({file.bytes} bytes); free some space") from exc
        raise StorageError(f"{target} cannot be written: {exc.strerror}") from exc
    return replace(file, path=target, name=target.name)

"""A draft becomes a film that others can fetch: all of its files or none."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from soundstage.errors import StorageError
from soundstage.lifecycle import NO_NOTE, FileNote
from soundstage.storage.names import new_name

if TYPE_CHECKING:
    from soundstage.film import FileRole, Film, FilmFile
    from soundstage.lifecycle import Lifecycle
    from soundstage.storage.local import LocalStore

log = logging.getLogger(__name__)

#: What a browser saves each file as, in the order of publishing: whoever finds the film, finds all of it.
_FILE_NAMES: dict[FileRole, str] = {
    "screenplay": "screenplay.json",
    "captions_vtt": "captions.vtt",
    "captions_srt": "captions.srt",
    "peaks": "peaks.json",
    "poster": "poster.jpg",
    "video": "output.mp4",  # fal's own name for it
}


def publish(film: Film, store: LocalStore, *, lifecycle: Lifecycle | None = None) -> Film:
    """Keep a draft's files in the store, each under an unguessable name of its own, and return the film.

    Each has its own secret, so that a link to the video does not open the screenplay. Draft files are
    shared with the store where the disk allows: they may be deleted afterwards, not written to. All of
    them expire, and are shown to whom, as `lifecycle` says.

    Raises:
        StorageFull: there is no room; no file of the film stays.
        StorageError: the store could not be written; no file of the film stays.
    """
    note = NO_NOTE if lifecycle is None else FileNote(lifecycle=lifecycle)
    kept: dict[FileRole, FilmFile] = {}
    try:
        for role, file_name in _FILE_NAMES.items():
            file = film.file(role)
            if file is not None:
                kept[role] = _keep(file, file_name, store, note)
    except BaseException:
        for file in kept.values():
            _withdraw(file, store)
        raise
    return replace(film, files=tuple(kept[file.role] for file in film.files))


def _keep(file: FilmFile, file_name: str, store: LocalStore, note: FileNote) -> FilmFile:
    assert file.path is not None, file
    stored = store.keep(file.path, new_name(file_name), file.content_type, link=True, note=note)
    return replace(file, name=stored.name, bytes=stored.bytes, path=store.root / stored.name)


def _withdraw(file: FilmFile, store: LocalStore) -> None:
    try:
        store.forget(file.name)
    except StorageError:
        log.warning("a file of a film that was not published stays behind", extra={"file": file.name})

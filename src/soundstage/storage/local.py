"""A store in a local folder. Writes are flushed to the disk; reads wait for it on a thread, or not at all.

Layout: `<secret>/<file>`, and dotted names that are never served: `.incoming/`, where files are written
before they get their name, `.uploads/`, `.expiring/`, and `<secret>/.<file>.note` where it has one.
"""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from soundstage.errors import FileUnknown, StorageError
from soundstage.file_errors import UploadIncomplete
from soundstage.lifecycle import NO_NOTE, FileNote
from soundstage.plain import from_json, to_json
from soundstage.storage.expiry import Expiries
from soundstage.storage.landing import Landing, disk_errors, flush, settle
from soundstage.storage.multipart import ABANDONED_AFTER_S, Uploads, check_number
from soundstage.storage.names import check_name, content_type_of
from soundstage.storage.notes import NOTHING_TO_TELL, Note, encode_note, note_path, old_note_path, read_note
from soundstage.storage.shelf import Shelf
from soundstage.storage.store import Store, StoredFile, StoredPart

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

    from soundstage.lifecycle import Acl
    from soundstage.storage.pieces import Pieces

#: What a folder on another disk, or one without hard links, answers to `link`.
_NO_LINKS = frozenset({errno.EXDEV, errno.EPERM, errno.EACCES, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS})


class LocalStore(Store):
    """Files under `root`, which is made when the first file comes. Safe for many processes at once."""

    def __init__(
        self,
        root: Path,
        *,
        clock: Callable[[], float] = time.time,
        abandoned_after_s: float = ABANDONED_AFTER_S,
    ) -> None:
        """Name the folder; nothing is written yet.

        Args:
            root: of the files.
            clock: seconds since 1970.
            abandoned_after_s: an upload that got no part for so long is given up.
        """
        self.root = root.absolute()
        self._clock = clock
        self._shelf = Shelf(self.root, clock=clock)
        self._landing = Landing(self.root / ".incoming", clock=clock)
        self._uploads = Uploads(self.root / ".uploads", clock=clock, abandoned_after_s=abandoned_after_s)
        self._expiries = Expiries(self.root / ".expiring", clock=clock)

    async def put(self, path: Path, name: str, content_type: str, *, note: FileNote = NO_NOTE) -> StoredFile:
        """Keep a copy of the file at `path` under `name`; see `Store.put`."""
        return await asyncio.to_thread(self.keep, path, name, content_type, note=note)

    async def receive(
        self,
        name: str,
        content_type: str,
        pieces: AsyncIterator[bytes],
        *,
        max_bytes: int,
        expected_bytes: int | None = None,
        note: FileNote = NO_NOTE,
    ) -> StoredFile:
        """Keep what comes in `pieces` under `name`; see `Store.receive`."""
        _check_own(name)
        with disk_errors(name, self.root), self._landing.part() as part:
            await self._landing.write(part, name, pieces, max_bytes=max_bytes, expected_bytes=expected_bytes)
            return await asyncio.to_thread(self._publish, part, name, content_type, note)

    async def begin_upload(self, name: str, content_type: str, *, note: FileNote = NO_NOTE) -> str:
        """Begin an upload in parts; see `Store.begin_upload`."""
        _check_own(name)
        about: dict[str, object] = {"name": name, "content_type": content_type, "note": to_json(note)}
        with disk_errors(name, self.root):
            return await asyncio.to_thread(self._uploads.begin, about, self._landing)

    async def receive_part(
        self,
        name: str,
        upload_id: str,
        number: int,
        pieces: AsyncIterator[bytes],
        *,
        max_bytes: int,
        expected_bytes: int | None = None,
    ) -> StoredPart:
        """Keep one part of an upload; see `Store.receive_part`."""
        check_number(number)
        with disk_errors(name, self.root), self._landing.part() as part:
            self._uploads.about(name, upload_id)
            left = max_bytes - self._uploads.size(upload_id, without=number)
            landed = await self._landing.write(
                part, name, pieces, max_bytes=left, expected_bytes=expected_bytes, tagged=True
            )
            await asyncio.to_thread(self._uploads.add, upload_id, number, landed.tag, part)
        return StoredPart(number=number, etag=f'"{landed.tag}"', bytes=landed.bytes)

    async def complete_upload(
        self, name: str, upload_id: str, parts: Sequence[tuple[int, str]], *, max_bytes: int
    ) -> StoredFile:
        """Join the parts of an upload; see `Store.complete_upload`."""
        return await asyncio.to_thread(self._complete, name, upload_id, parts, max_bytes)

    async def head(self, name: str) -> StoredFile:
        """Return what is known of a file; see `Store.head`."""
        return self.look(name)  # two or three system calls: a thread would cost ten times as much

    async def read(self, name: str, start: int = 0, end: int | None = None) -> Pieces:
        """Return a range of a file in pieces of 256 kB; see `Store.read`."""
        return self._shelf.open(name, start, end)

    async def delete(self, name: str) -> None:
        """Forget a file; see `Store.delete`."""
        await asyncio.to_thread(self.forget, name)

    async def set_acl(self, name: str, acl: Acl) -> StoredFile:
        """Change who may read a file; see `Store.set_acl`."""
        return await asyncio.to_thread(self._set_acl, name, acl)

    async def tidy(self) -> int:
        """Remove what expired or was given up; see `Store.tidy`."""
        return await asyncio.to_thread(self.sweep)

    def keep(
        self, path: Path, name: str, content_type: str, *, link: bool = False, note: FileNote = NO_NOTE
    ) -> StoredFile:
        """Keep the file at `path` under `name`, for callers that do not await.

        With `link` the file is shared, not copied, where the disk allows: nobody may write into `path` again.

        Raises:
            StorageFull: there is no room; nothing of it stays.
            StorageError: the name is not one of ours, or the folder cannot be written.
        """
        _check_own(name)
        with disk_errors(name, self.root):
            self._landing.sweep()
            with self._landing.part() as part:
                copy = _share_or_copy if link else shutil.copyfile
                copy(path, part)
                return self._publish(part, name, content_type, note)

    def look(self, name: str) -> StoredFile:
        """Return what is known of a file, for callers that do not await.

        Raises:
            FileUnknown: no file has this name, or it has expired.
        """
        return self._shelf.look(name)

    def forget(self, name: str) -> None:
        """Delete a file, for callers that do not await.

        Raises:
            FileUnknown: no file has this name.
        """
        self._shelf.stat(name)
        path = self.root / name
        with disk_errors(name, self.root):
            try:
                path.unlink()
            except FileNotFoundError as exc:
                raise FileUnknown(f"{name!r} was deleted just now") from exc
            note_path(path).unlink(missing_ok=True)
            old_note_path(path).unlink(missing_ok=True)
            with suppress(OSError):  # other files may live in the folder
                path.parent.rmdir()

    def sweep(self) -> int:
        """Remove what expired, was given up or left half-written, for callers that do not await."""
        with disk_errors("what is old", self.root):
            return self._landing.sweep() + self._uploads.sweep() + self._expiries.sweep(self._expire)

    def _publish(
        self, part: Path, name: str, content_type: str, wished: FileNote, upload_id: str | None = None
    ) -> StoredFile:
        """Give a part that has landed its name, its note first: whoever sees the file must see its note."""
        target, life = self.root / name, wished.lifecycle
        note = Note(
            content_type=None if content_type == content_type_of(name) else content_type,
            use=wished.use,
            shown_name=wished.shown_name,
            expires_at_s=None if life.expires_s is None else self._clock() + life.expires_s,
            acl=life.acl,
            owner=life.owner,
            upload_id=upload_id,
        )
        if note.expires_at_s is not None:
            self._expiries.enter(name, note.expires_at_s, self._landing)
        try:
            self._write_note(target, note)
            settle(part, target)
        except BaseException:
            if not target.exists():
                note_path(target).unlink(missing_ok=True)
            raise
        flush(self.root)  # the folder's own name
        return self._shelf.recall(name)

    def _write_note(self, target: Path, note: Note) -> None:
        if note == NOTHING_TO_TELL:
            note_path(target).unlink(missing_ok=True)
        else:
            with self._landing.part() as part:
                part.write_bytes(encode_note(note))
                settle(part, note_path(target))
        old_note_path(target).unlink(missing_ok=True)

    def _read_note(self, name: str) -> Note:
        folder, _, file_name = name.rpartition("/")
        return read_note(str(self.root / folder), file_name)

    def _set_acl(self, name: str, acl: Acl) -> StoredFile:
        self.look(name)
        target = self.root / name
        with disk_errors(name, self.root):
            self._write_note(target, replace(self._read_note(name), acl=acl))
        return self.look(name)

    def _complete(
        self, name: str, upload_id: str, parts: Sequence[tuple[int, str]], max_bytes: int
    ) -> StoredFile:
        with disk_errors(name, self.root), self._landing.part() as whole:
            try:
                about = self._uploads.about(name, upload_id)
                self._landing.check_room(
                    self._uploads.size(upload_id)
                )  # the parts stay until they are joined
                self._uploads.join(upload_id, parts, whole, max_bytes=max_bytes)
            except (FileUnknown, FileNotFoundError, UploadIncomplete) as exc:
                # A client whose answer was lost asks again; another of its tries may be ahead of this one.
                return self._completed_before(name, upload_id, exc)
            note = from_json(FileNote, about["note"])
            stored = self._publish(whole, name, str(about["content_type"]), note, upload_id)
            self._uploads.end(upload_id)
            return stored

    def _completed_before(self, name: str, upload_id: str, exc: Exception) -> StoredFile:
        with suppress(FileUnknown):
            if self._read_note(check_name(name)).upload_id == upload_id:
                return self.look(name)
        if isinstance(exc, StorageError):
            raise exc
        raise FileUnknown(f"the upload {upload_id!r} of {name!r} was given up just now") from exc

    def _expire(self, name: str) -> bool:
        """Remove a file if its note says that its time has come."""
        try:
            self.look(name)
        except FileUnknown:
            with suppress(FileUnknown):
                self.forget(name)
                return True
        return False


def _check_own(name: str) -> None:
    try:
        check_name(name)
    except FileUnknown as exc:
        raise StorageError(f"{name!r} cannot name a file; use letters, digits, '.', '_' and '-'") from exc


def _share_or_copy(path: Path, part: Path) -> None:
    try:
        os.link(path, part)
    except OSError as exc:
        if exc.errno not in _NO_LINKS:
            raise
        shutil.copyfile(path, part)

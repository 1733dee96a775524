"""What every store must keep of files that stream in, whole or in parts, and of their notes."""

from __future__ import annotations

import asyncio
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from soundstage.errors import FileUnknown, StorageError
from soundstage.file_errors import FileTooLarge, UploadIncomplete
from soundstage.lifecycle import NO_NOTE, Acl, AclRule, FileNote, Lifecycle

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from soundstage.storage import Store, StoredFile
    from soundstage.storage.store import StoredPart

UPLOAD = "fedcba9876543210fedcba9876543210/film.mp4"
MOST = 100_000_000
MB = 1_000_000


class HungUpError(Exception):
    """The sender is gone."""


async def stream(*pieces: bytes, fails: bool = False) -> AsyncIterator[bytes]:
    """Give pieces as a socket does; at the end the sender may hang up."""
    for piece in pieces:
        await asyncio.sleep(0)
        yield piece
    if fails:
        raise HungUpError


async def whole(store: Store, name: str) -> bytes:
    """Return a file."""
    return b"".join([bytes(piece) async for piece in await store.read(name)])


class UploadContract:
    """The part of the suite that streams. Each test takes `store`, empty and ready."""

    async def _receive(
        self, store: Store, *pieces: bytes, max_bytes: int = MOST, note: FileNote = NO_NOTE
    ) -> StoredFile:
        return await store.receive(UPLOAD, "video/mp4", stream(*pieces), max_bytes=max_bytes, note=note)

    async def _is_absent(self, store: Store) -> None:
        with pytest.raises(FileUnknown):
            await store.head(UPLOAD)

    async def test_what_streams_in_comes_back(self, store: Store) -> None:
        """Pieces of any size make the file, in their order; none at all make an empty one."""
        stored = await self._receive(store, b"a", b"", b"bc" * 700_000, b"d")
        assert stored.bytes == 1_400_002
        assert await whole(store, UPLOAD) == b"a" + b"bc" * 700_000 + b"d"
        assert (await self._receive(store)).bytes == 0

    async def test_memory_holds_a_little_of_a_stream(self, store: Store) -> None:
        """60 MB move memory by a few: what came is on the disk before more is asked for."""

        async def pieces() -> AsyncIterator[bytes]:
            for n in range(240):
                yield bytes([n]) * (MB // 4)

        tracemalloc.start()
        try:
            stored = await store.receive(UPLOAD, "video/mp4", pieces(), max_bytes=MOST)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert stored.bytes == 60 * MB
        assert peak < 8 * MB

    async def test_too_large_leaves_nothing(self, store: Store) -> None:
        """One byte too many ends the upload; an announced size is refused before a piece is read."""
        with pytest.raises(FileTooLarge, match="1000001") as caught:
            await self._receive(store, bytes(MB), b"x", max_bytes=MB)
        assert caught.value.max_bytes == MB
        await self._is_absent(store)

        async def never() -> AsyncIterator[bytes]:
            pytest.fail("a piece was asked for")
            yield b""

        with pytest.raises(FileTooLarge, match="2000000"):
            await store.receive(UPLOAD, "video/mp4", never(), max_bytes=MB, expected_bytes=2 * MB)
        assert (await self._receive(store, bytes(MB), max_bytes=MB)).bytes == MB

    async def test_hang_up_leaves_nothing(self, store: Store) -> None:
        """A sender who goes away in the middle leaves no file, and the store passes on what happened."""
        with pytest.raises(HungUpError):
            await store.receive(UPLOAD, "video/mp4", stream(bytes(3 * MB), fails=True), max_bytes=MOST)
        await self._is_absent(store)

    async def test_cancelled_upload_leaves_nothing(self, store: Store) -> None:
        """A task that is cancelled while bytes come leaves no file."""
        came = asyncio.Event()

        async def pieces() -> AsyncIterator[bytes]:
            yield bytes(3 * MB)
            came.set()
            await asyncio.Event().wait()

        task = asyncio.create_task(store.receive(UPLOAD, "video/mp4", pieces(), max_bytes=MOST))
        await came.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await self._is_absent(store)

    async def test_foreign_names_are_refused(self, store: Store) -> None:
        """A name that is none of a store's takes no bytes, whole or in parts."""
        with pytest.raises(StorageError):
            await store.receive("../film.mp4", "video/mp4", stream(b"x"), max_bytes=MOST)
        with pytest.raises(StorageError):
            await store.begin_upload("../film.mp4", "video/mp4")

    async def test_parts_make_a_file(self, store: Store) -> None:
        """Parts sent in parallel and out of order, and named in any order, are joined by their numbers."""
        upload_id = await store.begin_upload(UPLOAD, "video/mp4")
        await self._is_absent(store)
        contents = {n: bytes([n]) * (MB + n) for n in range(1, 6)}
        sent = await asyncio.gather(*(self._part(store, upload_id, n, contents[n]) for n in (3, 1, 5, 2, 4)))
        assert {part.number: part.bytes for part in sent} == {n: MB + n for n in contents}
        stored = await self._complete(store, upload_id, *((part.number, part.etag) for part in sent))
        assert stored.content_type == "video/mp4"
        assert await whole(store, UPLOAD) == b"".join(contents[n] for n in sorted(contents))

    async def test_a_part_may_be_sent_again(self, store: Store) -> None:
        """The same bytes have the same tag; other bytes in a part's place count when their tag is named."""
        upload_id = await store.begin_upload(UPLOAD, "video/mp4")
        one = await self._part(store, upload_id, 1, b"first")
        assert (await self._part(store, upload_id, 1, b"first")).etag == one.etag
        two = await self._part(store, upload_id, 1, b"second")
        assert two.etag != one.etag
        await self._complete(store, upload_id, (1, two.etag))
        assert await whole(store, UPLOAD) == b"second"

    async def test_completing_twice_is_done_once(self, store: Store) -> None:
        """A client whose answer was lost asks again and hears of the same file; its parts are closed."""
        upload_id = await store.begin_upload(UPLOAD, "video/mp4")
        part = await self._part(store, upload_id, 1, b"all")
        first = await self._complete(store, upload_id, (1, part.etag))
        assert await self._complete(store, upload_id, (1, part.etag)) == first
        with pytest.raises(FileUnknown, match="under way"):
            await self._part(store, upload_id, 2, b"late")

    async def test_completing_at_once_is_done_once(self, store: Store) -> None:
        """Several tries of one client at the same time all hear of the same file, whoever comes first."""
        upload_id = await store.begin_upload(UPLOAD, "video/mp4")
        sent = [await self._part(store, upload_id, n, bytes([n]) * MB) for n in range(1, 6)]
        named = [(part.number, part.etag) for part in sent]
        told = await asyncio.gather(*(self._complete(store, upload_id, *named) for _ in range(5)))
        assert {(file.name, file.bytes) for file in told} == {(UPLOAD, 5 * MB)}
        assert await whole(store, UPLOAD) == b"".join(bytes([n]) * MB for n in range(1, 6))

    async def test_wrong_parts_are_named(self, store: Store) -> None:
        """A part that is missing, wrong, left out or named twice is told by number; the upload goes on."""
        upload_id = await store.begin_upload(UPLOAD, "video/mp4")
        tags = {n: (await self._part(store, upload_id, n, bytes([n]))).etag for n in (1, 2, 4)}
        wrong = "0" * 32
        for named, words in (
            ([], "no parts"),
            ([(1, tags[1]), (2, tags[2])], "part 4 was sent"),
            ([(1, tags[1]), (2, tags[2]), (4, tags[4])], "part 3 is not named"),
            ([(1, tags[1]), (2, tags[2]), (3, wrong), (4, tags[4])], "part 3 .* never came"),
            ([(1, wrong), (2, tags[2]), (3, wrong), (4, tags[4])], "part 1 .* is not the one"),
            ([(1, tags[1]), (1, tags[2])], "named twice"),
        ):
            with pytest.raises(UploadIncomplete, match=words):
                await self._complete(store, upload_id, *named)
        await self._is_absent(store)
        tags[3] = (await self._part(store, upload_id, 3, b"\3")).etag
        assert (await self._complete(store, upload_id, *tags.items())).bytes == 4

    async def test_only_its_own_upload_takes_a_part(self, store: Store) -> None:
        """No part is taken by a guessed id, another file's upload, or under a number that is none."""
        upload_id = await store.begin_upload(UPLOAD, "video/mp4")
        for name, known in ((UPLOAD, "0" * 32), (UPLOAD, "../x"), (UPLOAD[:-5], upload_id)):
            with pytest.raises(FileUnknown):
                await store.receive_part(name, known, 1, stream(b"x"), max_bytes=MOST)
        for number in (0, 10_001):
            with pytest.raises(UploadIncomplete, match=str(number)):
                await self._part(store, upload_id, number, b"x")

    async def test_parts_together_are_bounded(self, store: Store) -> None:
        """The limit is of the whole file: a part over what is left of it is refused."""
        upload_id = await store.begin_upload(UPLOAD, "video/mp4")
        await self._part(store, upload_id, 1, bytes(600))
        with pytest.raises(FileTooLarge):
            await store.receive_part(UPLOAD, upload_id, 2, stream(bytes(600)), max_bytes=1000)

    async def test_notes_are_kept(self, store: Store) -> None:
        """Use, shown name, owner and ACL come back as they were given, and the ACL can be changed."""
        acl = Acl(default="forbid", rules=(AclRule(user="k1", decision="allow"),))
        life = Lifecycle(expires_s=3600, acl=acl, owner="k2")
        note = FileNote(use="input", shown_name="Über film.mp4", lifecycle=life)
        stored = await self._receive(store, b"x", note=note)
        assert (stored.use, stored.file_name, stored.owner, stored.acl) == (
            "input",
            "Über film.mp4",
            "k2",
            acl,
        )
        assert stored.expires_at is not None
        upload_id = await store.begin_upload(UPLOAD, "video/mp4", note=note)
        part = await self._part(store, upload_id, 1, b"x")
        assert (await self._complete(store, upload_id, (1, part.etag))).acl == acl
        opened = await store.set_acl(UPLOAD, Acl())
        assert (opened.acl, opened.owner, opened.expires_at) == (
            Acl(),
            "k2",
            (await store.head(UPLOAD)).expires_at,
        )
        plain = await self._receive(store, b"x")
        assert (plain.use, plain.file_name, plain.owner, plain.expires_at) == (
            "output",
            "film.mp4",
            None,
            None,
        )

    async def test_expired_is_unknown(self, store: Store) -> None:
        """A file whose time is over is unknown to every verb at once; tidying removes it, and no other."""
        note = FileNote(lifecycle=Lifecycle(expires_s=1e-6))
        await store.receive(UPLOAD, "video/mp4", stream(b"x"), max_bytes=MOST, note=note)
        kept = UPLOAD.replace("film", "kept")
        await store.receive(kept, "video/mp4", stream(b"y"), max_bytes=MOST)
        for verb in (store.head, store.read):
            with pytest.raises(FileUnknown):
                await verb(UPLOAD)
        assert await store.tidy() == 1
        assert await store.tidy() == 0
        assert await whole(store, kept) == b"y"

    async def _part(self, store: Store, upload_id: str, number: int, content: bytes) -> StoredPart:
        return await store.receive_part(UPLOAD, upload_id, number, stream(content), max_bytes=MOST)

    async def _complete(self, store: Store, upload_id: str, *parts: tuple[int, str]) -> StoredFile:
        return await store.complete_upload(UPLOAD, upload_id, parts, max_bytes=MOST)

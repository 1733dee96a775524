"""What every store must keep: subclass it, and give it a `store` fixture."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from soundstage.errors import FileUnknown, RangeUnsatisfiable, StorageError
from soundstage.testing.upload_contract import UploadContract

if TYPE_CHECKING:
    from pathlib import Path

    from soundstage.storage import Store

SECRET = "0123456789abcdef0123456789abcdef"
NAME = f"{SECRET}/output.mp4"
PIECE = 256 * 1024

CLIMBING = (
    "",
    "/",
    "..",
    "../secret",
    f"{SECRET}/../../secret",
    f"{SECRET}/..",
    f"{SECRET}//output.mp4",
    f"{SECRET}/",
    f"/{SECRET}/output.mp4",
    "/etc/passwd",
    f"{SECRET}/output.mp4\0.jpg",
    f"{SECRET}\\output.mp4",
    f"{SECRET}/%2e%2e/secret",
    f"{SECRET}/.output.mp4.type",
    f"{SECRET}/.output.mp4.note",
    ".incoming/x.part",
    f"{SECRET}/a\nb",
    f"{SECRET}/output.mp4\n",
    "x" * 5000,
)


async def read_all(store: Store, name: str, start: int = 0, end: int | None = None) -> bytes:
    """Return a range of a file."""
    return b"".join([piece async for piece in await store.read(name, start, end)])


class StoreContract(UploadContract):
    """The suite. Each test takes `store`, empty and ready."""

    @pytest.fixture
    def content(self) -> bytes:
        """Bytes that are no whole number of pieces."""
        return os.urandom(3 * PIECE + 12_345)

    @pytest.fixture
    def source(self, tmp_path: Path, content: bytes) -> Path:
        """Return a file to put."""
        path = tmp_path / "source.bin"
        path.write_bytes(content)
        return path

    async def test_what_was_put_comes_back(self, store: Store, source: Path, content: bytes) -> None:
        """A file comes back byte for byte, with its size, type, name and time; its source is left alone."""
        put = await store.put(source, NAME, "video/mp4")
        head = await store.head(NAME)
        assert put == head
        assert (head.name, head.bytes, head.content_type) == (NAME, len(content), "video/mp4")
        assert head.file_name == "output.mp4"
        assert head.modified.tzinfo is UTC
        assert abs(datetime.now(UTC) - head.modified) < timedelta(minutes=5)
        assert head.etag.startswith('"')
        assert head.etag.endswith('"')
        assert await read_all(store, NAME) == content
        assert source.read_bytes() == content  # noqa: ASYNC240 - a test may wait

    @pytest.mark.parametrize("kind", ["video/mp4", "image/png", "text/plain; charset=utf-8"])
    async def test_type_is_kept(self, store: Store, source: Path, kind: str) -> None:
        """The content type is the one that was given, whatever the suffix says; the last one given counts."""
        await store.put(source, NAME, "application/octet-stream")
        await store.put(source, NAME, kind)
        assert (await store.head(NAME)).content_type == kind

    async def test_pieces_are_of_one_size(self, store: Store, source: Path, content: bytes) -> None:
        """A long file comes in pieces of 256 kB, the last one shorter: a reader never holds a whole film."""
        await store.put(source, NAME, "video/mp4")
        sizes = [len(piece) async for piece in await store.read(NAME)]
        assert sizes == [PIECE, PIECE, PIECE, 12_345]
        assert sum(sizes) == len(content)

    @pytest.mark.parametrize(
        ("start", "end"),
        [(0, 1), (1, 2), (0, PIECE + 1), (PIECE - 1, 2 * PIECE), (700_000, None), (5, 10**12)],
    )
    async def test_ranges(
        self, store: Store, source: Path, content: bytes, start: int, end: int | None
    ) -> None:
        """A range is exactly its bytes; an end beyond the file is the file's end."""
        await store.put(source, NAME, "video/mp4")
        assert await read_all(store, NAME, start, end) == content[start:end]

    @pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 5), (6, 5), (798_777, None), (10**12, None)])
    async def test_range_is_checked_before_any_byte(
        self, store: Store, source: Path, start: int, end: int | None
    ) -> None:
        """A range without a byte of the file is refused by the call, before a response could have begun."""
        await store.put(source, NAME, "video/mp4")
        with pytest.raises(RangeUnsatisfiable, match="798777"):
            await store.read(NAME, start, end)

    async def test_empty_file(self, store: Store, tmp_path: Path) -> None:
        """A file of no bytes can be kept and read as a whole, and has no range."""
        (tmp_path / "empty").touch()
        await store.put(tmp_path / "empty", NAME, "video/mp4")
        assert (await store.head(NAME)).bytes == 0
        assert await read_all(store, NAME) == b""
        with pytest.raises(RangeUnsatisfiable):
            await store.read(NAME, 0, 1)

    async def test_unknown_file(self, store: Store) -> None:
        """What was never put is unknown to every verb, also when the store is still empty."""
        for verb in (store.head, store.read, store.delete):
            with pytest.raises(FileUnknown):
                await verb(NAME)

    @pytest.mark.parametrize("name", CLIMBING)
    async def test_names_do_not_climb(self, store: Store, source: Path, name: str) -> None:
        """No name leads out of the store, into its notes, or to a folder: such files are simply unknown."""
        await store.put(source, NAME, "image/png")
        for verb in (store.head, store.read, store.delete):
            with pytest.raises(FileUnknown):
                await verb(name)
        with pytest.raises(StorageError):
            await store.put(source, name, "video/mp4")

    async def test_folder_is_no_file(self, store: Store, source: Path) -> None:
        """The part of a name before the slash is no file."""
        await store.put(source, NAME, "video/mp4")
        for verb in (store.head, store.read, store.delete):
            with pytest.raises(FileUnknown):
                await verb(SECRET)

    async def test_delete(self, store: Store, source: Path) -> None:
        """A deleted file is unknown; its neighbour stays; its type does not haunt the name's next file."""
        other = f"{SECRET}/poster.jpg"
        await store.put(source, NAME, "image/png")
        await store.put(source, other, "image/jpeg")
        await store.delete(NAME)
        with pytest.raises(FileUnknown):
            await store.head(NAME)
        assert (await store.head(other)).content_type == "image/jpeg"
        await store.delete(other)
        await store.put(source, NAME, "video/mp4")
        assert (await store.head(NAME)).content_type == "video/mp4"

    async def test_reader_outlives_delete(self, store: Store, source: Path, content: bytes) -> None:
        """Whoever has begun to read may finish, though the file is deleted meanwhile."""
        await store.put(source, NAME, "video/mp4")
        pieces = await store.read(NAME)
        got = await anext(pieces)
        await store.delete(NAME)
        async for piece in pieces:
            got += piece
        assert got == content

    async def test_other_bytes_other_tag(self, store: Store, source: Path, content: bytes) -> None:
        """A file put in another's place is read as a whole, under another entity tag."""
        before = await store.put(source, NAME, "video/mp4")
        source.write_bytes(content[::-1])  # noqa: ASYNC240 - a test may wait
        after = await store.put(source, NAME, "video/mp4")
        assert before.etag != after.etag
        assert await read_all(store, NAME) == content[::-1]

    async def test_never_seen_half(self, store: Store, tmp_path: Path) -> None:
        """While a file is replaced over and over, every reader gets one whole version of it."""
        versions = [bytes([n]) * (PIECE * 2 + n) for n in range(8)]
        paths = []
        for n, version in enumerate(versions):
            paths.append(tmp_path / f"v{n}")
            paths[n].write_bytes(version)
        await store.put(paths[0], NAME, "video/mp4")

        async def write() -> None:
            for path in paths * 5:
                await store.put(path, NAME, "video/mp4")

        writing = asyncio.create_task(write())
        seen = set()
        while not writing.done():
            got = await read_all(store, NAME)
            assert got in versions, f"{len(got)} bytes, {set(got)}"
            seen.add(got[0])
        await writing
        assert seen, "no read came between the writes"

    async def test_many_at_once(self, store: Store, source: Path, content: bytes) -> None:
        """Twenty files put at once are all there."""
        names = [f"{n:032x}/output.mp4" for n in range(20)]
        await asyncio.gather(*(store.put(source, name, "video/mp4") for name in names))
        heads = await asyncio.gather(*(store.head(name) for name in names))
        assert [head.bytes for head in heads] == [len(content)] * 20

"""What only a folder can get wrong about uploads: a killed process, a full disk, litter, notes."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import time

import pytest

from soundstage.errors import FileUnknown, StorageError, StorageFull
from soundstage.file_errors import UploadIncomplete
from soundstage.lifecycle import Acl, FileNote, Lifecycle
from soundstage.storage import LocalStore
from soundstage.storage import landing as landing_module
from soundstage.testing.upload_contract import MOST, UPLOAD, HungUpError, stream

SECRET, _, FILE = UPLOAD.partition("/")


@pytest.fixture
def store(tmp_path):
    return LocalStore(tmp_path / "files")


def _everything(store):
    return sorted(str(p.relative_to(store.root)) for p in store.root.rglob("*") if p.is_file())


async def _receive(store, *pieces, note=None, **more):
    told = {"max_bytes": MOST, **({} if note is None else {"note": note}), **more}
    return await store.receive(UPLOAD, "video/mp4", stream(*pieces), **told)


async def test_failed_upload_leaves_no_litter(store):
    """After a hang-up not a byte of it is on the disk, nor a note, nor a folder."""
    note = FileNote(lifecycle=Lifecycle(expires_s=60))
    with pytest.raises(HungUpError):
        await store.receive(UPLOAD, "video/mp4", stream(b"x", fails=True), max_bytes=MOST, note=note)
    upload_id = await store.begin_upload(UPLOAD, "video/mp4")
    with pytest.raises(HungUpError):
        await store.receive_part(UPLOAD, upload_id, 1, stream(b"x", fails=True), max_bytes=MOST)
    assert _everything(store) == [f".uploads/{upload_id}/about.json"]
    assert not (store.root / SECRET).exists()


def test_killed_while_bytes_come(store):
    """A server killed -9 in the middle of an upload leaves no file; what it wrote is swept in an hour."""
    code = textwrap.dedent(f"""
        import asyncio, os, signal
        from pathlib import Path
        from soundstage.storage import LocalStore
        async def pieces():
            yield bytes(3_000_000)
            os.kill(os.getpid(), signal.SIGKILL)
        store = LocalStore(Path({str(store.root)!r}))
        asyncio.run(store.receive({UPLOAD!r}, "video/mp4", pieces(), max_bytes=10**8))
    """)
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    with pytest.raises(FileUnknown):
        store.look(UPLOAD)
    (part,) = (store.root / ".incoming").iterdir()
    assert part.stat().st_size == 3_000_000
    assert LocalStore(store.root, clock=lambda: time.time() + 3700).sweep() == 1
    assert _everything(store) == []


async def test_abandoned_uploads_are_swept(store):
    """An upload that got no part for a day goes with its parts; one that did, stays."""
    upload_id = await store.begin_upload(UPLOAD, "video/mp4")
    await store.receive_part(UPLOAD, upload_id, 1, stream(b"x"), max_bytes=MOST)
    assert LocalStore(store.root, clock=lambda: time.time() + 86_000).sweep() == 0
    assert LocalStore(store.root, clock=lambda: time.time() + 86_500).sweep() == 1
    assert _everything(store) == []
    with pytest.raises(FileUnknown):
        await store.receive_part(UPLOAD, upload_id, 2, stream(b"x"), max_bytes=MOST)


async def test_completed_upload_leaves_no_parts(store):
    """Once joined, the file and its note are all that is left."""
    upload_id = await store.begin_upload(UPLOAD, "video/mp4")
    part = await store.receive_part(UPLOAD, upload_id, 1, stream(b"x"), max_bytes=MOST)
    await store.complete_upload(UPLOAD, upload_id, [(1, part.etag)], max_bytes=MOST)
    assert _everything(store) == [f"{SECRET}/.{FILE}.note", UPLOAD]


@pytest.mark.parametrize("number", [0, -1, 10_001, 10**15])
async def test_a_number_beyond_all_parts_is_told_at_once(store, number):
    """Nothing counts up to the number that a caller names: it could be larger than the memory."""
    upload_id = await store.begin_upload(UPLOAD, "video/mp4")
    part = await store.receive_part(UPLOAD, upload_id, 1, stream(b"x"), max_bytes=MOST)
    with pytest.raises(UploadIncomplete, match=f"{number}; it must be 1 to 10000"):
        await store.complete_upload(UPLOAD, upload_id, [(1, part.etag), (number, "x")], max_bytes=MOST)


async def test_a_part_that_comes_too_late_is_told_and_gone(store):
    """A part that was on its way when the upload was completed is of no use: no 200, and no litter."""
    upload_id = await store.begin_upload(UPLOAD, "video/mp4")
    first = await store.receive_part(UPLOAD, upload_id, 1, stream(b"x"), max_bytes=MOST)

    async def slow():
        yield b"y"
        await store.complete_upload(UPLOAD, upload_id, [(1, first.etag)], max_bytes=MOST)

    with pytest.raises(FileUnknown, match="while its part 2 came"):
        await store.receive_part(UPLOAD, upload_id, 2, slow(), max_bytes=MOST)
    assert not list((store.root / ".uploads").iterdir())
    assert not list((store.root / ".incoming").iterdir())


async def test_room_is_left_for_the_database(store, monkeypatch):
    """An upload that would fill the disk is refused before its first byte, with the numbers."""
    monkeypatch.setattr(landing_module, "free_bytes", lambda _: 150_000_000)
    with pytest.raises(StorageFull, match=r"90\.0 MB more .* 150\.0 MB are free"):
        await _receive(store, b"x", expected_bytes=90_000_000)
    await _receive(store, b"x", expected_bytes=40_000_000)
    monkeypatch.setattr(landing_module, "free_bytes", lambda _: 90_000_000)
    with pytest.raises(StorageFull):
        await _receive(store, b"x")


async def test_expiry_survives_a_new_process(store):
    """When a file expires is on the disk: another process refuses and removes it."""
    await _receive(store, b"x", note=FileNote(lifecycle=Lifecycle(expires_s=60)))
    assert (await store.head(UPLOAD)).bytes == 1
    late = LocalStore(store.root, clock=lambda: time.time() + 61)
    with pytest.raises(FileUnknown, match="expired"):
        await late.head(UPLOAD)
    assert late.sweep() == 1
    assert _everything(store) == []


async def test_replaced_file_outlives_the_old_ones_time(store):
    """A name whose next file stays is not swept for the first one's sake."""
    await _receive(store, b"x", note=FileNote(lifecycle=Lifecycle(expires_s=60)))
    await _receive(store, b"y")
    assert LocalStore(store.root, clock=lambda: time.time() + 61).sweep() == 0
    assert store.look(UPLOAD).bytes == 1


async def test_old_type_notes_are_read(store):
    """Files of older versions keep the type that stands in `.type`; a new note takes its place."""
    await _receive(store, b"x")
    (store.root / SECRET / f".{FILE}.type").write_text("image/png")
    assert store.look(UPLOAD).content_type == "image/png"
    await store.set_acl(UPLOAD, Acl(default="hide"))
    assert store.look(UPLOAD).content_type == "image/png"
    assert _everything(store) == [f"{SECRET}/.{FILE}.note", UPLOAD]
    store.forget(UPLOAD)
    assert _everything(store) == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"acl": {}}', '{"colour": 1}'])
async def test_unreadable_note_shows_nothing(store, text):
    """A note that does not read is an error: a file whose ACL is not known is not shown."""
    await _receive(store, b"x", note=FileNote(lifecycle=Lifecycle(acl=Acl(default="hide"))))
    (store.root / SECRET / f".{FILE}.note").write_text(text)
    with pytest.raises(StorageError, match="does not read"):
        store.look(UPLOAD)


async def test_plain_files_have_no_note(store):
    """A file whose name tells all there is to tell is one file on the disk."""
    await _receive(store, b"x")
    assert _everything(store) == [UPLOAD]


async def test_note_tells_only_what_is_so(store):
    """A note holds no defaults: it is short, and can be read by a person."""
    await _receive(store, b"x", note=FileNote(use="input"))
    assert json.loads((store.root / SECRET / f".{FILE}.note").read_text()) == {"use": "input"}


async def test_reading_waits_on_a_thread_where_memory_has_nothing(store, monkeypatch):
    """On a system that cannot tell what is in memory, the bytes are the same."""
    monkeypatch.setattr("soundstage.storage.pieces._NOWAIT", None)
    await _receive(store, bytes(range(256)) * 4096)
    got = b"".join([piece async for piece in await store.read(UPLOAD, 3, 1_000_000)])
    assert got == (bytes(range(256)) * 4096)[3:1_000_000]


async def test_truncated_file_is_an_error(store):
    """A file that somebody cut short while it was read ends in an error, not in fewer bytes."""
    await _receive(store, bytes(1_000_000))
    pieces = await store.read(UPLOAD)
    await anext(pieces)
    with (store.root / UPLOAD).open("r+b") as file:
        file.truncate(300_000)
    with pytest.raises(StorageError, match="cut it short"):
        async for _ in pieces:
            pass

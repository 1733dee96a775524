"""The local store: the contract, and what only a folder can get wrong."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from soundstage.errors import FileUnknown, StorageError, StorageFull
from soundstage.storage import LocalStore, check_room, free_bytes
from soundstage.testing import StoreContract

NAME = "0123456789abcdef0123456789abcdef/output.mp4"


class TestLocalStore(StoreContract):
    """The contract, on a folder that does not exist until the first file comes."""

    @pytest.fixture
    def store(self, tmp_path):
        return LocalStore(tmp_path / "made later" / "files")


@pytest.fixture
def store(tmp_path):
    return LocalStore(tmp_path / "files")


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "source.bin"
    path.write_bytes(b"film" * 100_000)
    return path


def _everything(store):
    return sorted(str(p.relative_to(store.root)) for p in store.root.rglob("*") if p.is_file())


def test_link_out_of_the_store_is_not_followed(store, source, tmp_path):
    """A symbolic link inside the store shows nobody what lies outside it, as a file or as a folder."""
    store.keep(source, NAME, "video/mp4")
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "diary.txt").write_text("mine")
    (store.root / NAME).parent.joinpath("link.txt").symlink_to(tmp_path / "private" / "diary.txt")
    (store.root / "folder").symlink_to(tmp_path / "private")
    for name in (f"{NAME.partition('/')[0]}/link.txt", "folder/diary.txt"):
        with pytest.raises(FileUnknown):
            store.look(name)
        with pytest.raises(FileUnknown):
            store.forget(name)
    assert (tmp_path / "private" / "diary.txt").read_text() == "mine"


def test_root_may_itself_be_a_link(source, tmp_path):
    """Data folders are often links to another disk: that is no attack."""
    (tmp_path / "disk").mkdir()
    (tmp_path / "home").symlink_to(tmp_path / "disk")
    store = LocalStore(tmp_path / "home" / "files")
    store.keep(source, NAME, "video/mp4")
    assert store.look(NAME).bytes == 400_000


def test_order_of_durability(store, source, monkeypatch):
    """Bytes are flushed before the name appears, and the name's folders after: a power cut leaves no lie."""
    seen = []
    fsync, replace = os.fsync, Path.replace

    def note_fsync(handle):
        seen.append(
            ("fsync", Path(f"/proc/self/fd/{handle}").resolve().name if sys.platform == "linux" else "")
        )
        fsync(handle)

    def note_replace(self, target):
        seen.append(("rename", Path(target).name))
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(Path, "replace", note_replace)
    store.keep(source, NAME, "video/mp4")
    assert [what for what, _ in seen] == ["fsync", "rename", "fsync", "fsync"]
    if sys.platform == "linux":
        assert seen[0][1].endswith(".part")
        assert [name for _, name in seen[2:]] == [NAME.partition("/")[0], "files"]


def test_killed_writer_leaves_nothing_to_see(store, tmp_path):
    """A process killed -9 in the middle of a put leaves no file under the name; its part is swept later."""
    code = textwrap.dedent(f"""
        import asyncio, os, shutil, signal, sys
        from pathlib import Path
        import soundstage.storage.local as local
        def half(source, part):
            Path(part).write_bytes(b"half")
            os.kill(os.getpid(), signal.SIGKILL)
        shutil.copyfile = half
        local.LocalStore(Path({str(store.root)!r})).keep(Path(sys.executable), {NAME!r}, "video/mp4")
    """)
    died = subprocess.run([sys.executable, "-c", code], check=False)
    assert died.returncode == -9
    with pytest.raises(FileUnknown):
        store.look(NAME)
    parts = list((store.root / ".incoming").iterdir())
    assert [part.read_bytes() for part in parts] == [b"half"]
    with pytest.raises(FileUnknown):
        store.look(f".incoming/{parts[0].name}")
    assert store.sweep() == 0, "a part just written may have a living writer"
    later = LocalStore(store.root, clock=lambda: time.time() + 3700)
    assert later.sweep() == 1
    assert list((store.root / ".incoming").iterdir()) == []


def test_next_put_sweeps(store, source):
    """Nobody has to remember to sweep: keeping a file removes what died long ago, and nothing younger."""
    store.keep(source, NAME, "video/mp4")
    old, young = store.root / ".incoming" / "old.part", store.root / ".incoming" / "young.part"
    old.touch()
    later = LocalStore(store.root, clock=lambda: old.stat().st_ctime + 3700)
    later.keep(source, NAME, "video/mp4")
    assert not old.exists()
    young.touch()
    store.keep(source, NAME, "video/mp4")
    assert young.exists()


def test_old_draft_just_linked_is_not_swept(store, source):
    """A draft from yesterday that is being published now keeps its old time, and is not taken for litter."""
    store.keep(source, NAME, "video/mp4")
    os.utime(source, (1e9, 1e9))
    os.link(source, store.root / ".incoming" / "linked.part")
    assert store.sweep() == 0


def test_disk_full(store, tmp_path):
    """A disk that fills up in the middle of a copy is StorageFull, with numbers, and nothing stays."""
    big = tmp_path / "big.bin"
    big.write_bytes(bytes(2_000_000))
    code = textwrap.dedent(f"""
        import resource
        from pathlib import Path
        from soundstage.errors import StorageFull
        from soundstage.storage import LocalStore
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))  # refused as by a full disk
        try:
            LocalStore(Path({str(store.root)!r})).keep(Path({str(big)!r}), {NAME!r}, "video/mp4")
        except StorageFull as exc:
            print(exc)
    """)
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert "MB are free" in told.stdout
    assert NAME in told.stdout
    assert _everything(store) == []
    assert [path.name for path in store.root.iterdir()] == [".incoming"], "nor an empty folder"


def test_missing_source_is_named(store, tmp_path):
    """Keeping a file that is not there says which one, and leaves nothing."""
    with pytest.raises(StorageError, match=r"nowhere\.mp4"):
        store.keep(tmp_path / "nowhere.mp4", NAME, "video/mp4")
    assert _everything(store) == []


def test_share_falls_back_to_copy(store, source, monkeypatch):
    """Where the disk has no hard links the file is copied instead; the result is the same."""

    def refuse(*_):
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    stored = store.keep(source, NAME, "video/mp4", link=True)
    assert stored.bytes == 400_000
    assert (store.root / NAME).stat().st_ino != source.stat().st_ino
    assert (store.root / NAME).read_bytes() == source.read_bytes()


def test_shared_file_survives_its_draft(store, source):
    """A shared file takes no second copy of the bytes, and stays when the draft goes."""
    store.keep(source, NAME, "video/mp4", link=True)
    assert (store.root / NAME).stat().st_ino == source.stat().st_ino
    source.unlink()
    assert (store.root / NAME).read_bytes() == b"film" * 100_000


def test_delete_leaves_no_folder(store, source):
    """A million deleted films leave no million empty folders, and no notes about types."""
    store.keep(source, NAME, "image/png")
    store.forget(NAME)
    assert sorted(path.name for path in store.root.iterdir()) == [".incoming"]
    assert _everything(store) == []


def test_free_bytes_before_the_folder_exists(tmp_path):
    """Free room can be asked for a folder that is not made yet, and is that of the disk it will be on."""
    stat = os.statvfs(tmp_path)
    free = free_bytes(tmp_path / "not" / "yet")
    assert abs(free - stat.f_bavail * stat.f_frsize) < 2e9


def test_check_room_has_numbers(tmp_path):
    """Too little room is said before the work, with what is needed and what is there."""
    check_room(tmp_path, 1)
    with pytest.raises(StorageFull, match=r"1000000000 MB are needed .* MB are free"):
        check_room(tmp_path, 10**15)


def test_package_imports_light():
    """The terminal imports this package without loading a store."""
    code = "import sys, soundstage.storage; print('asyncio' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "False"

"""Publishing: all files or none, under names nobody can guess."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from soundstage.errors import FileUnknown, StorageError, StorageFull
from soundstage.film import Facts, Film, FilmFile, FrameSize
from soundstage.lifecycle import Acl, Lifecycle
from soundstage.storage import LocalStore, publish

CONTENT = {
    "video": ("film.mp4", "video/mp4", b"moving pictures" * 50_000),
    "poster": ("film.jpg", "image/jpeg", b"a still"),
    "captions_vtt": ("film.vtt", "text/vtt", b"WEBVTT"),
    "captions_srt": ("film.srt", "application/x-subrip", b"1"),
    "peaks": ("film.peaks.json", "application/json", b"{}"),
    "screenplay": ("screenplay.json", "application/json", b"{}"),
}


def make_draft(folder, roles=tuple(CONTENT)):
    folder.mkdir(exist_ok=True)
    files = []
    for role in roles:
        name, content_type, content = CONTENT[role]
        path = folder / name
        path.write_bytes(content)
        files.append(FilmFile(role=role, name=name, content_type=content_type, bytes=len(content), path=path))
    facts = Facts(
        made_by="test",
        engine="test",
        engine_version="1",
        seed=1,
        size=FrameSize(width=64, height=64),
        fps=24,
        frame_count=72,
        seconds=3.0,
        has_audio=False,
        loudness_lufs=None,
    )
    return Film(files=tuple(files), facts=facts)


@pytest.fixture
def store(tmp_path):
    return LocalStore(tmp_path / "files")


def _published(store):
    return sorted(p.name for p in store.root.rglob("*") if p.is_file())


def test_every_file_is_served(store, tmp_path):
    """A published film has the draft's files, in its order, each in the store with its type and bytes."""
    draft = make_draft(tmp_path / "draft")
    film = publish(draft, store)
    assert [file.role for file in film.files] == [file.role for file in draft.files]
    for file in film.files:
        known = store.look(file.name)
        content = CONTENT[file.role][2]
        assert (known.bytes, known.content_type) == (len(content), file.content_type)
        assert file.path is not None
        assert file.path.read_bytes() == content
        assert file.path == store.root / file.name
    assert film.facts == draft.facts


def test_names_are_secrets(store, tmp_path):
    """Every file has a secret of its own of 128 bits or more, and ends as a person would name it."""
    film = publish(make_draft(tmp_path / "draft"), store)
    secrets = [file.name.partition("/")[0] for file in film.files]
    assert all(re.fullmatch(r"[0-9a-f]{32,}", secret) for secret in secrets)
    assert len(set(secrets)) == len(secrets), "the video's link must not open the screenplay"
    assert film.file("video").name.endswith("/output.mp4")
    again = publish(make_draft(tmp_path / "draft"), store)
    assert {f.name for f in film.files}.isdisjoint(f.name for f in again.files)


def test_draft_may_go(store, tmp_path):
    """The workspace may be removed once the film is published."""
    draft = make_draft(tmp_path / "draft")
    film = publish(draft, store)
    for file in draft.files:
        file.path.unlink()
    assert film.file("video").path.read_bytes() == CONTENT["video"][2]


def test_film_without_captions(store, tmp_path):
    """A film without captions is published without them."""
    film = publish(make_draft(tmp_path / "draft", ("video", "poster", "screenplay")), store)
    assert _published(store) == ["output.mp4", "poster.jpg", "screenplay.json"]
    assert film.file("captions_vtt") is None


def test_none_when_one_fails(store, tmp_path):
    """When the video cannot be kept, none of the film's other files stays."""
    draft = make_draft(tmp_path / "draft")
    draft.file("video").path.unlink()
    with pytest.raises(StorageError, match=r"film\.mp4"):
        publish(draft, store)
    assert _published(store) == []


def test_video_comes_last(store, tmp_path, monkeypatch):
    """Whoever finds the film finds everything that belongs to it."""
    order = []
    keep = LocalStore.keep

    def note(self, path, *told, **more):
        order.append(path.name)
        return keep(self, path, *told, **more)

    monkeypatch.setattr(LocalStore, "keep", note)
    publish(make_draft(tmp_path / "draft"), store)
    assert len(order) == len(CONTENT)
    assert order[-1] == "film.mp4"


def test_all_files_share_a_lifecycle(store, tmp_path):
    """Every file of a film expires with it, and is shown to whom its caller wished."""
    life = Lifecycle(expires_s=60, acl=Acl(default="hide"), owner="k1")
    film = publish(make_draft(tmp_path / "draft"), store, lifecycle=life)
    known = [store.look(file.name) for file in film.files]
    assert {(file.acl.default, file.owner, file.use) for file in known} == {("hide", "k1", "output")}
    late = LocalStore(store.root, clock=lambda: time.time() + 61)
    for file in film.files:
        with pytest.raises(FileUnknown):
            late.look(file.name)
    assert late.sweep() == len(film.files)
    assert _published(store) == []


def test_none_when_the_disk_fills(store, tmp_path):
    """A disk that fills up during the video is StorageFull, and the small files that fitted are gone too."""
    make_draft(tmp_path / "draft")
    code = textwrap.dedent(f"""
        import errno, os, resource, sys
        from pathlib import Path
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        from test_publication import LocalStore, make_draft, publish
        draft = make_draft(Path({str(tmp_path / "draft")!r}))
        def refuse(*_):
            raise OSError(errno.EXDEV, "another disk")
        os.link = refuse
        resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))
        try:
            publish(draft, LocalStore(Path({str(store.root)!r})))
        except Exception as exc:
            print(type(exc).__name__)
    """)
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert told.stdout.strip() == StorageFull.__name__
    assert _published(store) == []


def test_many_publish_at_once(store, tmp_path):
    """Twelve films published by twelve threads at once are all whole."""
    drafts = [make_draft(tmp_path / f"draft{n}") for n in range(12)]
    films, start = [], threading.Barrier(12)

    def go(draft):
        start.wait()
        films.append(publish(draft, store))

    threads = [threading.Thread(target=go, args=(draft,)) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    names = {file.name for film in films for file in film.files}
    assert len(names) == 12 * len(CONTENT)
    assert all(store.look(file.name).bytes == file.bytes for film in films for file in film.files)
    assert len(_published(store)) == 12 * len(CONTENT)

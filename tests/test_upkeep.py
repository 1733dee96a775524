"""What a server does now and then: the book's chores and the store's, in one keeper."""

import time

from soundstage import app
from soundstage.config import Settings
from soundstage.lifecycle import FileNote, Lifecycle
from soundstage.upkeep import build_keeper


class Book:
    """Counts what is asked of it."""

    late = forgotten = 0

    async def expire_late(self):
        self.late += 1

    async def forget_old(self, **_):
        self.forgotten += 1


async def test_expired_files_go_beside_the_orders(tmp_path):
    """The first look of a server's keeper removes what expired, and does what the book needs."""
    settings, book = Settings(home=tmp_path), Book()
    store = app.build_store(settings)
    draft = tmp_path / "draft"
    draft.write_bytes(b"film")
    for name, expires_s in (("aa/film.mp4", 1e-6), ("bb/film.mp4", 3600.0), ("cc/film.mp4", None)):
        store.keep(draft, name, "video/mp4", note=FileNote(lifecycle=Lifecycle(expires_s=expires_s)))
    await build_keeper(settings, book).look()
    assert sorted(path.parent.name for path in store.root.glob("*/film.mp4")) == ["bb", "cc"]
    assert (book.late, book.forgotten) == (1, 1)


def test_the_settings_reach_the_store(tmp_path):
    """How long an unfinished upload is waited for is the operator's."""
    store = app.build_store(Settings(home=tmp_path, upload_abandoned_s=0.5))
    upload = store.root / ".uploads" / ("0" * 32)
    upload.mkdir(parents=True)
    store._uploads._clock = lambda: time.time() + 1
    assert store.sweep() == 1
    assert not upload.exists()

"""The composition root: what it cleans up, and how it starts its own processes."""

import os
import time

from soundstage import app


def test_old_benches_are_swept_and_young_ones_kept(tmp_path):
    """Clips of a film that was killed a day ago go; those of an order that may be tried again stay."""
    settings = app.load_settings(home=tmp_path)
    old, young = settings.workspaces / "old", settings.workspaces / "young"
    for bench in (old, young):
        bench.mkdir(parents=True)
        (bench / "shot-000-abc.mp4").write_bytes(b"clip")
    now = time.time()
    os.utime(old, (now - app.STALE_BENCH_S - 60,) * 2)
    app.sweep_benches(settings, now=now)
    assert not old.exists()
    assert young.exists()


def test_the_databases_address_reaches_children_by_environment_alone(tmp_path):
    """A command line is readable by every user of the machine; an environment is not."""
    settings = app.load_settings(home=tmp_path)
    environ = app.child_environ(settings, dsn="postgresql://me:secret@db/films")
    assert environ["SOUNDSTAGE_DATABASE"] == "postgresql://me:secret@db/films"
    assert "secret" not in " ".join(app.child_command("work"))
    assert environ["SOUNDSTAGE_HOME"] == str(tmp_path)

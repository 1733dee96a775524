"""The voice's process and its shelf: repeatable, bounded in time, robust against any text."""
# ruff: noqa: RUF001 - hostile text looks like other text

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from soundstage.errors import VoiceBroke, VoiceUnavailable
from soundstage.sound import check_voice, voice, voice_worker
from soundstage.sound.speech_text import to_speech
from soundstage.sound.voice import Espeak, VoiceRequest, find_espeak, say
from soundstage.sound.voice_shelf import VoiceShelf


def request(text="The storm is coming, captain.", *, voices=("en-us+m3",), rate_wpm=165):
    return VoiceRequest(text=text, voices=voices, rate_wpm=rate_wpm, pitch=50, pitch_range=50)


@pytest.fixture
def shelf(tmp_path):
    return VoiceShelf(folder=tmp_path)


@pytest.mark.parametrize("variant", ["m3", "whisper"])
def test_same_line_has_the_same_samples(tmp_path, variant):
    """A line is the same in another process and another second: espeak-ng seeds breath by the clock."""
    asked = request(voices=(f"en-us+{variant}",))
    first = say(asked, find_espeak(), VoiceShelf(folder=tmp_path / "first"))
    second = int(time.time())
    while int(time.time()) == second:
        again = say(asked, find_espeak(), VoiceShelf(folder=tmp_path / "again"))
    later = say(asked, find_espeak(), VoiceShelf(folder=tmp_path / "later"))
    assert np.array_equal(first.samples, again.samples)
    assert np.array_equal(first.samples, later.samples)
    assert first.words == later.words


def test_events_stand_in_order_within_the_line(shelf):
    """Words come at growing positions of the text and times of the sound; phonemes have names."""
    said = say(request("Hello there, captain."), find_espeak(), shelf)
    assert said.rate_hz == 22_050
    assert [at for at, _ in said.words] == [0, 6, 13]
    frames = [frame for _, frame in said.words]
    assert frames == sorted(frames)
    assert frames[-1] < said.samples.size
    assert {"h", "k"} <= {name for name, _ in said.phonemes}


def test_faster_rate_is_shorter(shelf):
    """Twice the words a minute take about half the time."""
    slow, fast = (say(request(rate_wpm=r), find_espeak(), shelf).samples.size for r in (130, 260))
    assert 0.4 < fast / slow < 0.65


def test_kept_line_needs_no_process(shelf, monkeypatch):
    """What is on the shelf is not spoken again."""
    first = say(request(), find_espeak(), shelf)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("a process was started"))
    assert np.array_equal(say(request(), find_espeak(), shelf).samples, first.samples)


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty"])
def test_damaged_line_is_spoken_again(shelf, damage):
    """A shelf file that lost bytes, changed one or is empty is not trusted, and is whole again afterwards."""
    first = say(request(), find_espeak(), shelf)
    (kept,) = (shelf.folder / "voices").iterdir()
    whole = kept.read_bytes()
    broken = {"cut": whole[:-100], "flipped": whole[:-1] + bytes([whole[-1] ^ 1]), "empty": b""}[damage]
    kept.write_bytes(broken)
    assert np.array_equal(say(request(), find_espeak(), shelf).samples, first.samples)
    assert kept.read_bytes() == whole


def test_shelf_is_bounded_and_drops_what_was_not_used(tmp_path):
    """The folder stays under its limit; the line used last is still there."""
    shelf = VoiceShelf(folder=tmp_path, limit_bytes=10_000)
    for index in range(12):
        shelf.keep(f"line{index}", bytes(1_500))
        for age, path in enumerate(sorted((tmp_path / "voices").iterdir(), key=lambda p: int(p.stem[4:]))):
            os.utime(path, (1_000 + age, 1_000 + age))
        if index > 0:
            assert shelf.take("line0") is not None
    assert sum(p.stat().st_size for p in (tmp_path / "voices").iterdir()) <= 10_000


def test_shelf_that_cannot_be_written_costs_no_line(tmp_path):
    """A folder that is a file is logged, and the line is spoken all the same."""
    (tmp_path / "voices").write_text("in the way")
    said = say(request(), find_espeak(), VoiceShelf(folder=tmp_path))
    assert said.samples.any()


@pytest.mark.parametrize(
    "text",
    [
        "word " * 100,
        "a" * 500,
        "!" * 500,
        "<speak><break time='30s'/><prosody rate='x-slow'>slow</prosody></speak>",
        "[[f@U]] {pron} \\pause=9000\\ `rm -rf /` $(id)",
        "He said \"no\" and 'yes' — “maybe” …",
        "a\x00b\x01+90P\x1b[31mred\x7f",
        "😀 hello 👩‍👩‍👧 world \U0001f9ff",
        "\ud83d broken pair",
        "مرحبا שלום नमस्ते こんにちは 你好",
        "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 z̵̢̛a̷l̴g̵o̶",
        "1" * 300,
    ],
)
def test_hostile_text_is_spoken_or_left_out(shelf, text):
    """Whatever a line holds, the voice ends in time with sound, or there was nothing to say."""
    ready = to_speech(text, "en-us")
    if ready:
        said = say(request(ready), find_espeak(), shelf, limit_s=15.0)
        assert said.samples.size > 0


def test_markup_is_no_command(shelf):
    """A break of nine seconds written in a line adds no nine seconds."""
    said = say(request(to_speech('One <break time="9s"/> two.', "en-us")), find_espeak(), shelf)
    assert said.samples.size / said.rate_hz < 5.0


def test_voice_that_takes_too_long_is_ended(shelf, tmp_path, monkeypatch):
    """A worker that hangs is killed and reaped at the limit; the error says so and holds none of the text."""
    pid_file = tmp_path / "pid"
    hanging = tmp_path / "hanging.py"
    hanging.write_text(
        f"import os, time\nopen({str(pid_file)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)\n"
    )
    monkeypatch.setattr(voice_worker, "__file__", str(hanging))
    with pytest.raises(VoiceBroke, match="within 1 s") as caught:
        say(request("a secret line"), find_espeak(), shelf, limit_s=1.0)
    assert "secret" not in str(caught.value)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid_file.read_text()), 0)


def test_voice_killed_in_mid_line_is_an_error_and_leaves_nothing(shelf, tmp_path, monkeypatch):
    """A worker that dies while it speaks is VoiceBroke, with its exit; nothing is kept of the line."""
    real = Path(voice_worker.__file__).read_text()
    dying = tmp_path / "dying.py"
    dying.write_text(
        real.replace(
            "        index = 0\n", "        import os; os.kill(os.getpid(), 9)\n        index = 0\n", 1
        )
    )
    monkeypatch.setattr(voice_worker, "__file__", str(dying))
    with pytest.raises(VoiceBroke, match="ended with -9"):
        say(request(), find_espeak(), shelf)
    assert not (shelf.folder / "voices").exists()


def test_worker_ends_itself_without_its_parent():
    """A worker whose parent is gone ends at its own limit: nothing is left running."""
    espeak = find_espeak()
    asked = {
        "library": espeak.library, "data": espeak.data, "text": "word " * 30_000, "voices": ["en-us"],
        "rate_wpm": 80, "pitch": 50, "pitch_range": 50, "limit_s": 0.2,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-I", "-S", voice_worker.__file__],
        input=json.dumps(asked).encode(), capture_output=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == -14  # SIGALRM, from inside the library


def test_missing_package_is_told_with_its_remedy(monkeypatch):
    """Without espeakng-loader the error names it and what to do."""
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    with pytest.raises(VoiceUnavailable, match="reinstall the package espeakng-loader"):
        check_voice()


def test_missing_files_are_told_with_their_path(monkeypatch):
    """A library that is not where it should be is named."""
    import espeakng_loader

    monkeypatch.setattr(espeakng_loader, "get_library_path", lambda: "/nowhere/libespeak-ng.so")
    with pytest.raises(VoiceUnavailable, match=r"/nowhere/libespeak-ng\.so is missing"):
        check_voice()


def test_library_that_does_not_load_is_told(shelf, tmp_path):
    """A file that is no library makes VoiceUnavailable, not a crash."""
    (tmp_path / "not_a_library.so").write_text("hello")
    broken = Espeak(library=str(tmp_path / "not_a_library.so"), data=find_espeak().data, release="0")
    with pytest.raises(VoiceUnavailable, match="does not load"):
        say(request(), broken, shelf)


def test_unknown_voice_is_an_error_that_names_it(shelf):
    """When none of the voices of a request exists the error says which."""
    with pytest.raises(VoiceBroke, match="xx-nowhere"):
        say(request(voices=("xx-nowhere",)), find_espeak(), shelf)


def test_check_voice_says_what_speaks():
    """The doctor's sentence names espeak-ng, its version and how many languages it has."""
    assert check_voice().startswith("espeak-ng 1.5")
    assert "languages" in check_voice()


def test_lines_can_be_spoken_side_by_side(tmp_path):
    """Eight threads that speak at once get what one would have got."""
    lines = [request(f"This is line number {n}.") for n in range(8)]
    alone = [say(r, find_espeak(), VoiceShelf(folder=tmp_path / "alone")).samples for r in lines]
    together = [None] * 8

    def speak(index):
        together[index] = say(lines[index], find_espeak(), VoiceShelf(folder=tmp_path / "together")).samples

    threads = [threading.Thread(target=speak, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(a, b) for a, b in zip(alone, together, strict=True))


def test_worker_imports_nothing_of_ours():
    """The worker stands alone: the library's licence ends at its pipe."""
    source = Path(voice_worker.__file__).read_text()
    assert "soundstage" not in source
    assert voice.RECIPE >= 1

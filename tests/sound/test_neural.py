"""Neural voices: the user's weights behind one port, chosen by setting, never in the way of a film.

The packages are optional. Where they are installed (in this interpreter, or in the one that VOICE_PYTHON
names), the last tests load tiny models that hum; the others speak to a worker of ours with the same protocol.
"""

import functools
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from soundstage.errors import VoiceBroke, VoiceUnavailable
from soundstage.film import CastMember
from soundstage.sound import check_voice, neural, speak
from soundstage.sound.dialogue import speak_dialogue
from soundstage.sound.neural import NeuralVoices, find_weights
from soundstage.sound.voice_shelf import VoiceShelf

PYTHON = os.environ.get("VOICE_PYTHON", sys.executable)
DOUBLE = """
import json, math, struct, sys
opened = json.loads(sys.stdin.readline())
if "broken" in opened["files"][0]:
    sys.stderr.write("the model is of another kind"); sys.exit(2)
voices = ["af_a", "af_b", "am_a", "zf_a"]
told = {"kind": "kokoro", "version": "0", "voices": voices, "languages": ["en-us"], "timed": False}
print(json.dumps(told), flush=True)
for line in sys.stdin:
    told = json.loads(line)
    if "crash" in told["text"]:
        sys.exit(1)
    if "refuse" in told["text"]:
        print(json.dumps({"error": "ValueError: no phonemes"}), flush=True); continue
    frames = int(24000 * len(told["text"]) * 0.06 / told["speed"])
    pcm = b"".join(struct.pack("<h", int(9000 * math.sin(k / 20))) for k in range(frames))
    head = {"rate_hz": 24000, "frames": frames, "words": [], "phonemes": []}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\\n" + pcm); sys.stdout.buffer.flush()
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder that looks like Kokoro's, and a worker that hums for it."""
    worker = tmp_path / "double.py"
    worker.write_text(DOUBLE, "utf-8")
    monkeypatch.setattr(neural.neural_worker, "__file__", str(worker))
    place = tmp_path / "voices"
    place.mkdir()
    (place / "model.onnx").write_bytes(b"weights")
    (place / "voices-v1.bin").write_bytes(b"styles")
    return place


def talk(films, *lines, cast=()):
    return films.film(9, films.shot(0, 0, 9, dialogue=lines), cast=cast)


def test_folder_tells_what_it_holds(folder, tmp_path):
    """Kokoro and Piper are told apart by their files; a folder with neither says what must be there."""
    assert find_weights(folder).kind == "kokoro"
    (folder / "amy.onnx").write_bytes(b"")
    (folder / "amy.onnx.json").write_text("{}")
    found = find_weights(folder)
    assert (found.kind, [Path(f).name for f in found.files]) == ("piper", ["amy.onnx"])
    with pytest.raises(VoiceUnavailable, match="does not exist"):
        find_weights(tmp_path / "nowhere")
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(VoiceUnavailable, match=r"voices\*\.bin"):
        find_weights(empty)


def test_neural_voice_speaks_and_borrows_its_times(films, folder, tmp_path):
    """A line is the model's; words and phonemes, which it does not tell, are laid on it from espeak-ng's."""
    film = talk(films, films.line("Anna", "Hello there, captain.", 0.5, 4))
    (said,) = speak_dialogue(film, VoiceShelf(folder=tmp_path / "shelf"), folder).lines
    hum = np.abs(np.fft.rfft(said.sound)).argmax() * 48_000 / said.sound.size
    assert hum == pytest.approx(24_000 / (20 * 2 * np.pi), rel=0.05)
    assert [at for at, _ in said.words] == [0, 6, 13]
    assert said.start_s - 0.02 < said.words[0][1] < said.words[2][1] < said.start_s + said.seconds
    assert len(said.phonemes) > 8
    (track,) = speak(film, cache_dir=tmp_path / "shelf", voices_dir=folder)
    assert track.end_s == pytest.approx(said.cue.end_s, abs=1e-3)


def test_characters_have_voices_of_their_own(folder, tmp_path):
    """Two women have two voices, a man a man's; a language without voices has none."""
    voices = NeuralVoices(find_weights(folder), VoiceShelf(folder=tmp_path / "shelf"))
    try:
        assert [voices.voice_for("en-us", "female", nth) for nth in (0, 1, 2)] == ["af_a", "af_b", "af_a"]
        assert voices.voice_for("en-gb-x-rp", "male", 0) == "am_a"
        assert voices.voice_for("cmn", "female", 0) is None
        assert voices.voice_for("fr", "female", 0) is None
    finally:
        voices.close()


def test_espeak_says_what_the_model_cannot(films, folder, tmp_path):
    """A whisper, another language and a line that the model refuses are spoken; a note says why."""
    lines = (
        films.line("Anna", "Quiet now.", 0.0, 2, manner=("whispers",)),
        films.line("Anna", "Bonjour.", 2.0, 2, "fr"),
        films.line("Anna", "Please refuse this.", 4.0, 2),
        films.line("Anna", "And crash.", 6.0, 2),
    )
    film = talk(films, *lines, cast=(CastMember(name="Anna", gender="female"),))
    made = speak_dialogue(film, VoiceShelf(folder=tmp_path / "shelf"), folder)
    assert len(made.lines) == 4
    assert len(made.notes) == 2
    assert any("no phonemes" in note for note in made.notes)
    assert any("ended on a line" in note for note in made.notes)


def test_kept_line_needs_no_model(folder, tmp_path, monkeypatch):
    """What was spoken is on the shelf: the second time no process starts."""
    shelf = VoiceShelf(folder=tmp_path / "shelf")

    def once():
        voices = NeuralVoices(find_weights(folder), shelf)
        try:
            return voices.say("Hello.", language="en-us", voice="af_a", rate_wpm=160)
        finally:
            voices.close()

    first = once()
    monkeypatch.setattr(neural.subprocess, "Popen", None)
    assert np.array_equal(once().samples, first.samples)


def test_weights_that_do_not_load_are_told(films, folder, tmp_path):
    """Doctor gives the reason; a film is spoken by espeak-ng and its notes give the reason too."""
    broken = folder.rename(tmp_path / "broken")
    with pytest.raises(VoiceUnavailable, match=r"another kind.*soundstage\[kokoro\]"):
        check_voice(broken)
    made = speak_dialogue(
        talk(films, films.line("Anna", "Hello.", 0.5, 2)), VoiceShelf(folder=tmp_path / "shelf"), broken
    )
    assert len(made.lines) == 1
    assert "another kind" in made.notes[0]


def test_doctor_tells_what_speaks(folder):
    """With weights that load, doctor names them and how many voices they have."""
    assert check_voice(folder).startswith("kokoro 0: 4 neural voices for en-us; beside them espeak-ng")


@functools.cache
def has_packages():
    done = subprocess.run([PYTHON, "-c", "import kokoro_onnx, piper, onnx"], capture_output=True, check=False)
    return done.returncode == 0


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """Folders of voices of a few hundred bytes, made by the interpreter that has the packages."""
    if not has_packages():
        pytest.skip("kokoro-onnx, piper-tts and onnx are not installed")
    place = tmp_path_factory.mktemp("tiny")
    subprocess.run([PYTHON, Path(__file__).with_name("tiny_voices.py"), place], check=True)
    return place


@pytest.mark.parametrize("kind", ["kokoro", "piper"])
def test_real_packages_load_and_tell_times(tiny, tmp_path, monkeypatch, kind):
    """The packages load a model from a folder and speak; where it tells durations, phonemes have times."""
    monkeypatch.setattr(neural.sys, "executable", PYTHON)
    voices = NeuralVoices(find_weights(tiny / kind), VoiceShelf(folder=tmp_path))
    try:
        name = voices.voice_for("en-us", "female", 0)
        said = voices.say("Hello there, captain.", language="en-us", voice=name, rate_wpm=162)
    finally:
        voices.close()
    assert said.samples.size > 1_000
    frames = [frame for _, frame in said.phonemes]
    assert frames == sorted(frames)
    timed = kind == "kokoro"  # the tiny Piper has no durations to patch into its outputs
    assert ("l" in {phoneme for phoneme, _ in said.phonemes}) == timed
    assert [at for at, _ in said.words] == ([0, 6, 13] if timed else [])


def test_real_package_refuses_what_is_no_model(tmp_path, monkeypatch):
    """A file that is no model is told as such."""
    if not has_packages():
        pytest.skip("kokoro-onnx, piper-tts and onnx are not installed")
    monkeypatch.setattr(neural.sys, "executable", PYTHON)
    (tmp_path / "kokoro.onnx").write_bytes(b"nothing of the kind")
    (tmp_path / "voices.bin").write_bytes(b"nor this")
    voices = NeuralVoices(find_weights(tmp_path), VoiceShelf(folder=tmp_path))
    with pytest.raises(VoiceUnavailable, match="kokoro does not load"):
        voices.describe()
    with pytest.raises((VoiceBroke, VoiceUnavailable)):
        voices.say("Hello.", language="en-us", voice="af_one", rate_wpm=160)

"""What can speak on this machine, told by trying it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from soundstage.errors import VoiceBroke, VoiceUnavailable
from soundstage.sound.neural import NeuralVoices, find_weights
from soundstage.sound.voice import LIMIT_S, VoiceRequest, find_espeak, read_utterance, run_worker
from soundstage.sound.voice_shelf import VoiceShelf


def describe(voices_dir: Path | None = None) -> str:
    """Speak one word, whatever is kept, and return a sentence about the voices.

    Raises:
        VoiceUnavailable: espeak-ng, or the neural voices that were asked for, do not load on this machine.
        VoiceBroke: the process failed.
    """
    request = VoiceRequest(text="ready", voices=("en-us",), rate_wpm=170, pitch=50, pitch_range=50)
    espeak = find_espeak()
    utterance = read_utterance(run_worker(request, espeak, LIMIT_S))
    if utterance is None or not utterance.samples.any():
        raise VoiceBroke("the voice process ran and said nothing")
    languages = sum(1 for path in (Path(espeak.data) / "lang").rglob("*") if path.is_file())
    told = f"espeak-ng {utterance.version}: synthetic voices in {languages} languages and dialects"
    return told if voices_dir is None else f"{_neural(voices_dir)}; beside them {told}"


def _neural(folder: Path) -> str:
    with tempfile.TemporaryDirectory() as shelf:
        voices = NeuralVoices(find_weights(folder), VoiceShelf(folder=Path(shelf)))
        try:
            told = voices.describe()
        finally:
            voices.close()
    if not told["voices"]:
        raise VoiceUnavailable(f"{folder} loads as {told['kind']} and holds no voice")
    languages = ", ".join(told["languages"])
    return f"{told['kind']} {told['version']}: {len(told['voices'])} neural voices for {languages}"

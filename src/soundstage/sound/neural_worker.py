"""Speaks lines with a neural voice whose weights the user has: one process for a film, requests on stdin.

A program of its own, started as `python -I neural_worker.py`. It imports nothing of this project: kokoro-onnx
and piper-tts bring GPL code along, which stays behind a pipe. It reads the given files and no network.

In:  a line of JSON {kind: "kokoro" | "piper", files: [...]}, then a line for each request: {text, language,
     voice, speed, limit_s}.
Out: a line of JSON {kind, version, voices, languages, timed}, then for each request a line {rate_hz, frames,
     words, phonemes} and `frames` int16 samples, mono; or a line {error}.
     words: [text position, frame]; phonemes: [IPA name, frame]; both are empty where the model tells no
     times.
Ends with 0 when stdin does; 2 when the package or the model does not load.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import signal
import sys
from importlib import metadata
from pathlib import Path
from typing import Any, ClassVar, Protocol

NO_MODEL = 2
_PAUSES = frozenset(" .,!?;:—…\"'()“”^$_")


class Model(Protocol):
    """What speaks."""

    def describe(self) -> dict[str, Any]:
        """Return version, voices, languages and whether it tells times."""
        ...

    def speak(self, request: dict[str, Any]) -> tuple[Any, int, list[tuple[str, float]]]:
        """Return samples (float), their rate, and phonemes with their starts in seconds."""
        ...


class Kokoro:
    """Kokoro-82M as ONNX: a model and a file of voices; a third file may be its vocabulary."""

    #: By the first letter of a voice's name, the languages it speaks.
    LANGUAGES: ClassVar[dict[str, str]] = {
        "a": "en-us", "b": "en-gb", "e": "es", "f": "fr-fr", "h": "hi", "i": "it", "p": "pt-br", "z": "cmn",
    }  # fmt: skip

    def __init__(self, files: list[str]) -> None:
        # The reason why it is missing must reach the parent.
        import kokoro_onnx  # noqa: PLC0415 # pyright: ignore[reportMissingImports]

        model = next(f for f in files if f.endswith(".onnx"))
        voices = next(f for f in files if f.endswith((".bin", ".npz")))
        vocabulary = next((f for f in files if f.endswith(".json")), None)
        self._model = kokoro_onnx.Kokoro(model, voices, vocab_config=vocabulary)
        self._mandarin = _mandarin()

    def describe(self) -> dict[str, Any]:
        """Return what it can do."""
        voices = sorted(self._model.get_voices())
        languages = {self.LANGUAGES.get(v[0]) for v in voices} - {None}
        if self._mandarin is None:
            languages -= {"cmn"}
        return {
            "version": metadata.version("kokoro-onnx"),
            "voices": voices,
            "languages": sorted(filter(None, languages)),
            "timed": bool(self._model.has_timings),
        }

    def speak(self, request: dict[str, Any]) -> tuple[Any, int, list[tuple[str, float]]]:
        """Speak one line."""
        text, language = request["text"], request["language"]
        told: dict[str, Any] = {"lang": language}
        if language == "cmn":
            # Never its own "cmn": that gives symbols of espeak-ng that the model does not know.
            text, told = self._mandarin(text)[0], {"is_phonemes": True}
        speed = min(max(float(request["speed"]), 0.5), 2.0)
        samples, rate_hz, timings = self._model.create_timed(text, request["voice"], speed, trim=True, **told)
        return samples, rate_hz, [(t.phoneme, float(t.start)) for t in timings]


class Piper:
    """Piper voices, one file each, with its settings beside it as `.onnx.json`."""

    def __init__(self, files: list[str]) -> None:
        from piper import PiperVoice  # noqa: PLC0415 # pyright: ignore[reportMissingImports]

        timed = importlib.util.find_spec("onnx") is not None  # piper patches a model in memory with it
        self._voices = {
            Path(file).name.removesuffix(".onnx"): PiperVoice.load(file, include_alignments=timed)
            for file in files
            if file.endswith(".onnx")
        }

    def describe(self) -> dict[str, Any]:
        """Return what it can do."""
        voices = {name: voice.config.espeak_voice for name, voice in self._voices.items()}
        return {
            "version": metadata.version("piper-tts"),
            "voices": sorted(voices),
            "languages": sorted(set(voices.values())),
            "language_of": voices,
            "timed": False,
        }

    def speak(self, request: dict[str, Any]) -> tuple[Any, int, list[tuple[str, float]]]:
        """Speak one line."""
        import numpy as np  # noqa: PLC0415 - piper brings it
        from piper.config import SynthesisConfig  # noqa: PLC0415 # pyright: ignore[reportMissingImports]

        voice = self._voices[request["voice"]]
        how = SynthesisConfig(length_scale=1.0 / float(request["speed"]), noise_scale=0.0, noise_w_scale=0.0)
        chunks = list(voice.synthesize(request["text"], how, include_alignments=True))
        phonemes: list[tuple[str, float]] = []
        at, rate_hz = 0, voice.config.sample_rate
        for chunk in chunks:
            since = at
            for aligned in chunk.phoneme_alignments or ():
                phonemes.append((aligned.phoneme, since / rate_hz))
                since += int(aligned.num_samples)
            at += len(chunk.audio_float_array)
        samples = np.concatenate([chunk.audio_float_array for chunk in chunks]) if chunks else np.zeros(0)
        return samples, rate_hz, phonemes


def _mandarin() -> Any:
    """Return what writes Chinese as Kokoro's phonemes; None without misaki."""
    try:
        from misaki import zh  # noqa: PLC0415 # pyright: ignore[reportMissingImports]

        return zh.ZHG2P(version="1.1")
    except ImportError:
        return None


def answer(model: Model, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return header and samples of one line."""
    import numpy as np  # noqa: PLC0415 - both packages bring it

    samples, rate_hz, phonemes = model.speak(request)
    sound = np.clip(np.asarray(samples, np.float32).ravel(), -1.0, 1.0)
    pcm = (sound * 32_000.0).astype("<i2").tobytes()
    heard = [("" if name in _PAUSES else name, round(start_s * rate_hz)) for name, start_s in phonemes]
    starts: list[int] = []
    silent = True
    for name, frame in heard:
        if name and silent:
            starts.append(frame)
        silent = not name
    places = [match.start() for match in re.finditer(r"\S+", request["text"])]
    words = [list(pair) for pair in zip(places, starts, strict=False)] if len(places) == len(starts) else []
    return {"rate_hz": rate_hz, "frames": len(pcm) // 2, "words": words, "phonemes": heard}, pcm


def main() -> None:
    """Load, tell what was loaded, and speak until stdin ends."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    out = sys.stdout.buffer
    sys.stdout = sys.stderr  # what a package prints must not fall between the samples
    opened = json.loads(sys.stdin.readline())
    try:
        model: Model = {"kokoro": Kokoro, "piper": Piper}[opened["kind"]](opened["files"])
        told = {"kind": opened["kind"], **model.describe()}
    except Exception as exc:  # noqa: BLE001 - a package may fail in any way; the parent tells the user
        sys.stderr.write(f"{type(exc).__name__}: {exc}")
        sys.exit(NO_MODEL)
    out.write(json.dumps(told).encode() + b"\n")
    out.flush()
    for line in sys.stdin:
        request = json.loads(line)
        signal.setitimer(
            signal.ITIMER_REAL, float(request["limit_s"])
        )  # ends this process inside the model too
        try:
            header, pcm = answer(model, request)
        except Exception as exc:  # noqa: BLE001 - see above
            header, pcm = {"error": f"{type(exc).__name__}: {exc}"}, b""
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        out.write(json.dumps(header).encode() + b"\n" + pcm)
        out.flush()


if __name__ == "__main__":
    main()

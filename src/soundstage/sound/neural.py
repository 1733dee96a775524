"""Neural voices whose weights the user has, in a local folder: Kokoro or Piper behind one door.

The process is `neural_worker.py`: it starts at the first line that is not on the shelf, and ends with the
film.
Knows no screenplay.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from soundstage.errors import VoiceBroke, VoiceUnavailable
from soundstage.sound import neural_worker
from soundstage.sound.voice import read_utterance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from soundstage.sound.voice import Utterance
    from soundstage.sound.voice_shelf import VoiceShelf

LIMIT_S = 120.0  #: a line on a slow processor: four times real time was published for a Raspberry Pi
RECIPE = 1  #: part of every cache key
PLAIN_WPM = 162  #: what speed 1 is, in the casts' measure
_REMEDY = 'install "soundstage[kokoro]" or "soundstage[piper]", or unset SOUNDSTAGE_VOICES_DIR'


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What lies in a folder of voices."""

    kind: str  #: "kokoro", "piper"
    files: tuple[str, ...]


def find_weights(folder: Path) -> Weights:
    """Return the voices of a folder.

    Raises:
        VoiceUnavailable: there are none; the message says what must be there.
    """
    if not folder.is_dir():
        raise VoiceUnavailable(f"the folder of voices {folder} does not exist")
    models = sorted(folder.glob("*.onnx"))
    named = [path for path in models if path.with_name(f"{path.name}.json").is_file()]
    if named:
        return Weights(kind="piper", files=tuple(map(str, named)))
    styles = sorted([*folder.glob("voices*.bin"), *folder.glob("voices*.npz")])
    if models and styles:
        vocabulary = sorted(folder.glob("config*.json"))[:1]
        return Weights(kind="kokoro", files=tuple(map(str, (models[0], styles[0], *vocabulary))))
    raise VoiceUnavailable(
        f"{folder} holds no voices: Kokoro needs a .onnx and a voices*.bin, Piper a .onnx with its .onnx.json"
    )


@dataclass(slots=True)
class NeuralVoices:
    """The voices of a folder. Close it when the film is spoken; safe to use from several threads."""

    weights: Weights
    shelf: VoiceShelf
    _worker: subprocess.Popen[bytes] | None = None
    _told: Mapping[str, Any] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def describe(self) -> Mapping[str, Any]:
        """Return version, voices, languages, and whether times are told.

        Raises:
            VoiceUnavailable: package or model does not load.
        """
        with self._lock:
            told = self._told
            if told is None:
                key = self.shelf.key({"told": RECIPE, **self._identity()})
                kept = self.shelf.take(key)
                told = json.loads(kept) if kept else self._start()
                if not kept:
                    self.shelf.keep(key, json.dumps(told).encode())
                self._told = told
            return told

    def voice_for(self, language: str, kind: str, nth: int) -> str | None:
        """Return the voice of the nth character of a kind ("female", "male", "child"); None without one.

        Args:
            language: espeak-ng's name for it.
            kind: who speaks.
            nth: how many of that kind were cast before.
        """
        told = self.describe()
        voices: Sequence[str] = told["voices"]
        if self.weights.kind == "piper":
            fit = [v for v in voices if _base(told["language_of"][v]) == _base(language)]
        else:
            letter = {name: k for k, name in neural_worker.Kokoro.LANGUAGES.items()}
            wanted = {
                k
                for name, k in letter.items()
                if name in told["languages"] and _base(name) == _base(language)
            }
            british = language.startswith("en-gb") and "b" in wanted
            wanted = {"b"} if british else {"a"} if "a" in wanted else wanted
            sex = "m" if kind == "male" else "f"
            fit = [v for v in voices if v[:1] in wanted and v[1:2] == sex] or [
                v for v in voices if v[:1] in wanted
            ]
        return fit[nth % len(fit)] if fit else None

    def say(self, text: str, *, language: str, voice: str, rate_wpm: int) -> Utterance:
        """Return a line spoken: from the shelf, or by the model.

        Raises:
            VoiceUnavailable: package or model does not load.
            VoiceBroke: it failed on the line, or took longer than `LIMIT_S`.
        """
        asked = {
            "text": text,
            "language": _kokoro_name(language) if self.weights.kind == "kokoro" else language,
            "voice": voice,
            "speed": round(min(max(rate_wpm / PLAIN_WPM, 0.6), 1.8), 3),
        }
        key = self.shelf.key({"recipe": RECIPE, **self._identity(), **asked})
        kept = self.shelf.take(key)
        if kept is not None and (utterance := read_utterance(kept)) is not None:
            return utterance
        with self._lock:
            header, samples = self._ask({**asked, "limit_s": LIMIT_S})
        version = f"{self.weights.kind} {self.describe()['version']}"
        spoken = json.dumps({**header, "voice": voice, "version": version}).encode() + b"\n" + samples
        utterance = read_utterance(spoken)
        if utterance is None:
            raise VoiceBroke(
                f"{self.weights.kind} answered what makes no sense for a line of {len(text)} characters"
            )
        self.shelf.keep(key, spoken)
        return utterance

    def close(self) -> None:
        """End the process. Safe to call twice."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.kill()
            worker.communicate()

    def _start(self) -> Mapping[str, Any]:
        opened = {"kind": self.weights.kind, "files": self.weights.files}
        command = [sys.executable, "-I", neural_worker.__file__]
        pipe = subprocess.PIPE
        self._worker = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env={})
        told = self._exchange(opened)
        if told is None:
            _, reason = self._worker.communicate()
            self._worker = None
            said = reason.decode("utf-8", "replace").strip()[-300:]
            raise VoiceUnavailable(f"{self.weights.kind} does not load: {said}; {_REMEDY}")
        return told

    def _ask(self, request: Mapping[str, Any]) -> tuple[Mapping[str, Any], bytes]:
        if self._worker is None:
            self._told = self._start()
        header = self._exchange(request)
        worker = self._worker
        if header is None or worker is None or worker.stdout is None:
            self.close()
            raise VoiceBroke(f"{self.weights.kind} ended on a line of {len(request['text'])} characters")
        if "error" in header:
            raise VoiceBroke(f"{self.weights.kind} cannot speak a line: {header['error']}")
        return header, worker.stdout.read(2 * int(header["frames"]))

    def _exchange(self, told: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Send a line and return the line that answers; None when the process ended."""
        worker = self._worker
        assert worker is not None
        assert worker.stdin is not None
        assert worker.stdout is not None
        try:
            worker.stdin.write(json.dumps(told).encode() + b"\n")
            worker.stdin.flush()
            answer = worker.stdout.readline()
        except OSError:
            return None
        return json.loads(answer) if answer else None

    def _identity(self) -> dict[str, Any]:
        """Return what the voices are, so that other weights under the same names speak anew."""
        from pathlib import Path  # noqa: PLC0415 - used here only

        states = [(path, Path(path).stat()) for path in self.weights.files]
        return {
            "kind": self.weights.kind,
            "files": [[path, state.st_size, state.st_mtime_ns] for path, state in states],
        }


def _base(language: str) -> str:
    base = language.lower().split("-")[0].split("_")[0]
    return {"zh": "cmn"}.get(base, base)


def _kokoro_name(language: str) -> str:
    """Return what Kokoro calls a language that espeak-ng names."""
    names = neural_worker.Kokoro.LANGUAGES.values()
    if language in names:
        return language
    if language.startswith("en-gb"):
        return "en-gb"
    return next((name for name in names if _base(name) == _base(language)), language)

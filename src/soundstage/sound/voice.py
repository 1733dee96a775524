"""The voice of this machine: text and settings in, samples and event times out, one process per line.

The process is `voice_worker.py`; what it says is kept by content, so a line is spoken once per machine. Knows
no screenplay.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.errors import VoiceBroke, VoiceUnavailable
from soundstage.sound import voice_worker

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.sound.voice_shelf import VoiceShelf

LIMIT_S = 20.0  #: a line takes 30 ms on an idle machine; a starved one may take a hundred times as long
RECIPE = 1  #: part of every cache key: raise it when the same request must be spoken anew
_REMEDY = "reinstall the package espeakng-loader (0.2.4 or later), or ask for a film without dialogue"


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceRequest:
    """What to say, and how, in the terms of espeak-ng."""

    text: str
    voices: tuple[str, ...]  #: tried in order: "fr+Annie", then "en-us+Annie"
    rate_wpm: int  #: words a minute, 80..450
    pitch: int  #: 0..99, 50 is the voice's own
    pitch_range: int  #: 0..99, 50 is the voice's own; lower is flatter


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """A line as it was spoken."""

    samples: NDArray[np.int16]  #: (N,) mono
    rate_hz: int
    voice: str  #: the one of the request's voices that spoke
    version: str  #: of espeak-ng
    words: tuple[tuple[int, int], ...]  #: (position in the text, frame)
    phonemes: tuple[tuple[str, int], ...]  #: (IPA, frame); an empty name is a pause


@dataclass(frozen=True, slots=True, kw_only=True)
class Espeak:
    """Where espeak-ng lies."""

    library: str
    data: str
    release: str  #: of the package that carries it


def find_espeak() -> Espeak:
    """Return where espeak-ng lies.

    Raises:
        VoiceUnavailable: it is not installed, or not whole.
    """
    try:
        import espeakng_loader  # noqa: PLC0415 - a film without dialogue needs no voice

        library, data = espeakng_loader.get_library_path(), espeakng_loader.get_data_path()
        release = metadata.version("espeakng-loader")
    except (ImportError, OSError, metadata.PackageNotFoundError) as exc:
        raise VoiceUnavailable(f"espeak-ng is not installed ({exc}); {_REMEDY}") from exc
    for path in (library, data):
        if not Path(path).exists():
            raise VoiceUnavailable(f"espeak-ng is not whole: {path} is missing; {_REMEDY}")
    return Espeak(library=str(library), data=str(data), release=release)


def say(request: VoiceRequest, espeak: Espeak, shelf: VoiceShelf, *, limit_s: float = LIMIT_S) -> Utterance:
    """Return a line spoken: from the shelf, or by a process of its own.

    Raises:
        VoiceUnavailable: espeak-ng does not load on this machine.
        VoiceBroke: the process failed, or took longer than `limit_s`.
    """
    key = shelf.key({"recipe": RECIPE, "release": espeak.release, **asdict(request)})
    kept = shelf.take(key)
    if kept is not None:
        utterance = read_utterance(kept)
        if utterance is not None:
            return utterance
    spoken = run_worker(request, espeak, limit_s)
    utterance = read_utterance(spoken)
    if utterance is None:
        raise VoiceBroke(
            f"the voice process answered {len(spoken)} bytes that make no sense for {_brief(request)}"
        )
    shelf.keep(key, spoken)
    return utterance


def run_worker(request: VoiceRequest, espeak: Espeak, limit_s: float) -> bytes:
    """Return what a process answers that speaks one line.

    Raises:
        VoiceUnavailable: espeak-ng does not load on this machine.
        VoiceBroke: the process failed, or took longer than `limit_s`.
    """
    asked = {"library": espeak.library, "data": espeak.data, "limit_s": limit_s, **asdict(request)}
    # -I -S: nothing of the caller's environment or packages gets in, and it starts in 15 ms.
    command = [sys.executable, "-I", "-S", voice_worker.__file__]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=limit_s,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired as exc:  # run() has killed and reaped it
        raise VoiceBroke(f"the voice did not finish {_brief(request)} within {limit_s:g} s") from exc
    except OSError as exc:
        raise VoiceBroke(f"the voice process does not start: {exc}") from exc
    reason = done.stderr.decode("utf-8", "replace").strip()[-300:]
    if done.returncode == voice_worker.NO_LIBRARY:
        raise VoiceUnavailable(f"espeak-ng does not load: {reason}; {_REMEDY}")
    if done.returncode != 0:
        raise VoiceBroke(f"the voice process ended with {done.returncode} on {_brief(request)}: {reason}")
    return done.stdout


def read_utterance(answer: bytes) -> Utterance | None:
    """Return a worker's answer as an utterance, or None when it is not one."""
    head, _, body = answer.partition(b"\n")
    try:
        header: dict[str, Any] = json.loads(head)
        if len(body) != 2 * int(header["frames"]):
            return None
        return Utterance(
            samples=np.frombuffer(body, "<i2"),
            rate_hz=int(header["rate_hz"]),
            voice=str(header["voice"]),
            version=str(header["version"]),
            words=tuple((int(at), int(frame)) for at, frame in header["words"]),
            phonemes=tuple((str(name), int(frame)) for name, frame in header["phonemes"]),
        )
    except (ValueError, KeyError, TypeError):
        return None


def _brief(request: VoiceRequest) -> str:
    """Return what the request is, without its words: a prompt does not belong in an error."""
    return f"a line of {len(request.text)} characters with voice {request.voices[0]!r}"

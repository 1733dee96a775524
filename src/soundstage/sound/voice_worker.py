"""Speaks one line and ends: a request on stdin, samples and event times on stdout.

A program of its own, started as `python -I -S voice_worker.py`. It imports nothing of this project and
nothing outside the standard library: espeak-ng (GPL-3.0-or-later) stays in another process, behind a pipe.
One process per line because espeak-ng is not thread safe, and because only a fresh process gives the same
samples for the same line (measured: one line spoken five times in one process gave five different sounds).

In:  one JSON object: library, data (paths), text, voices (tried in order), rate_wpm, pitch, pitch_range,
     limit_s.
Out: one line of JSON (rate_hz, frames, voice, version, words, phonemes), then `frames` int16 samples, mono.
     words: [text position (characters, from 0), frame]; phonemes: [IPA name, frame]; no name is a pause.
Ends with 0; 2 when the library does not load, 3 when it has none of the voices, 4 when it cannot speak.
"""

from __future__ import annotations

import ctypes
import json
import signal
import sys
from typing import Any

AUDIO_OUTPUT_SYNCHRONOUS = 2
INITIALIZE_PHONEME_EVENTS = 0x0001
INITIALIZE_PHONEME_IPA = 0x0002
INITIALIZE_DONT_EXIT = 0x8000
CHARS_UTF8 = 1  #: neither SSML (0x10) nor phoneme brackets (0x100): a line is text, whatever it looks like
POSITION_CHARACTER = 1
PARAMETER_RATE, PARAMETER_VOLUME, PARAMETER_PITCH, PARAMETER_RANGE = 1, 2, 3, 4
SEED = 1  #: of breath and flutter; left alone, espeak-ng takes the clock's seconds
VOLUME = 40  #: percent; the loudest voice clips from 60 on
EVENT_LIST_END, EVENT_WORD, EVENT_PHONEME = 0, 1, 7

NO_LIBRARY, NO_VOICE, NO_SPEECH = 2, 3, 4


class EventId(ctypes.Union):
    """What an event is about: a number, or eight bytes of a phoneme's name."""

    _fields_ = (("number", ctypes.c_int), ("string", ctypes.c_char * 8), ("pointer", ctypes.c_char_p))


class Event(ctypes.Structure):
    """`espeak_EVENT` of speak_lib.h."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position_ms", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", EventId),
    )


Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(Event))


def fail(code: int, reason: str) -> None:
    """End the process with a code and a sentence for the parent."""
    sys.stderr.write(reason)
    sys.stderr.flush()
    sys.exit(code)


def load(path: str) -> Any:
    """Return the library with the signatures of what is called."""
    try:
        library: Any = ctypes.CDLL(path)
    except OSError as exc:
        fail(NO_LIBRARY, f"{path} does not load: {exc}")
        raise
    library.espeak_Initialize.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_char_p, ctypes.c_int]
    library.espeak_SetVoiceByName.argtypes = [ctypes.c_char_p]
    library.espeak_SetParameter.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_int]
    library.espeak_SetSynthCallback.argtypes = [Callback]
    library.espeak_Synth.argtypes = [
        ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int,
        ctypes.c_uint, ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p,
    ]  # fmt: skip
    library.espeak_ng_SetRandSeed.argtypes = [ctypes.c_long]
    library.espeak_Info.restype = ctypes.c_char_p
    return library


def speak(request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return the header and the samples of one line."""
    library = load(request["library"])
    options = INITIALIZE_PHONEME_EVENTS | INITIALIZE_PHONEME_IPA | INITIALIZE_DONT_EXIT
    rate_hz = library.espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, request["data"].encode(), options)
    if rate_hz <= 0:
        fail(NO_LIBRARY, f"espeak-ng finds no data in {request['data']}")
    library.espeak_ng_SetRandSeed(SEED)
    voice = next((v for v in request["voices"] if library.espeak_SetVoiceByName(v.encode()) == 0), None)
    if voice is None:
        fail(NO_VOICE, f"espeak-ng has none of the voices {request['voices']}")

    samples = bytearray()
    words: list[list[int]] = []
    phonemes: list[list[Any]] = []

    def hear(block: int | None, frames: int, events: Any) -> int:
        if block and frames > 0:
            samples.extend(ctypes.string_at(block, frames * 2))
        index = 0
        while events[index].type != EVENT_LIST_END:
            event = events[index]
            if event.type == EVENT_WORD:
                words.append([event.text_position - 1, event.sample])  # espeak counts characters from 1
            elif event.type == EVENT_PHONEME:
                phonemes.append([event.id.string.decode("utf-8", "replace"), event.sample])
            index += 1
        return 0

    callback = Callback(hear)  # must outlive espeak_Synth, or the library calls freed memory
    library.espeak_SetSynthCallback(callback)
    for parameter, name in (
        (PARAMETER_RATE, "rate_wpm"),
        (PARAMETER_PITCH, "pitch"),
        (PARAMETER_RANGE, "pitch_range"),
    ):
        library.espeak_SetParameter(parameter, int(request[name]), 0)
    library.espeak_SetParameter(PARAMETER_VOLUME, VOLUME, 0)
    text = request["text"].encode("utf-8") + b"\0"
    if library.espeak_Synth(text, len(text), 0, POSITION_CHARACTER, 0, CHARS_UTF8, None, None) != 0:
        fail(NO_SPEECH, "espeak_Synth failed")
    version = library.espeak_Info(None) or b"unknown"
    header = {
        "rate_hz": rate_hz,
        "frames": len(samples) // 2,
        "voice": voice,
        "version": version.decode("utf-8", "replace"),
        "words": words,
        "phonemes": phonemes,
    }
    return header, bytes(samples)


def main() -> None:
    """Read the request, speak, write the answer."""
    request = json.loads(sys.stdin.buffer.read())
    # Ends this process even inside the library, and even when the parent is gone.
    signal.setitimer(signal.ITIMER_REAL, float(request["limit_s"]))
    header, samples = speak(request)
    sys.stdout.buffer.write(json.dumps(header).encode() + b"\n" + samples)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()

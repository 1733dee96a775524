"""Who says a line: the user's neural voices where they can, else espeak-ng, and why. Knows no timeline."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from soundstage.errors import VoiceBroke, VoiceUnavailable
from soundstage.sound.neural import NeuralVoices, find_weights
from soundstage.sound.voice import VoiceRequest, find_espeak, say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from soundstage.sound.casting import Delivery, Voice
    from soundstage.sound.voice import Espeak, Utterance
    from soundstage.sound.voice_shelf import VoiceShelf

#: Characters that only espeak-ng has: a whisper, a machine, a fiend.
_OWN_VARIANTS = frozenset({"whisper", "whisperf", "UniRobot", "Demonic"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """A line to be said."""

    speaker: str
    text: str
    language: str  #: espeak-ng's name for it
    how: Delivery


class Speakers:
    """The voices of one film. Close it when all is said."""

    def __init__(self, voices: Mapping[str, Voice], shelf: VoiceShelf, folder: Path | None) -> None:
        """Take the cast; `folder` holds neural weights, if there are any.

        Raises:
            VoiceUnavailable: espeak-ng, which speaks what nobody else can, is not here.
        """
        self.espeak: Espeak = find_espeak()
        self.notes: list[str] = []
        self._shelf = shelf
        self._voices = voices
        self._nth = _count_kinds(voices)
        self._neural: NeuralVoices | None = None
        if folder is not None:
            try:
                neural = NeuralVoices(find_weights(folder), shelf)
                neural.describe()
                self._neural = neural
            except VoiceUnavailable as exc:
                self.notes.append(f"espeak-ng speaks, since {exc}")

    def say(self, speech: Speech) -> Utterance:
        """Return a line spoken.

        Raises:
            VoiceBroke: the voice failed on it.
        """
        name = self._neural_voice(speech)
        if name is not None and self._neural is not None:
            try:
                said = self._neural.say(
                    speech.text, language=speech.language, voice=name, rate_wpm=speech.how.rate_wpm
                )
            except VoiceBroke as exc:
                self.notes.append(f"espeak-ng speaks a line of {speech.speaker}, since {exc}")
            else:
                return said if said.phonemes else borrow_times(said, self._by_espeak(speech))
        return self._by_espeak(speech)

    def close(self) -> None:
        """End what was started."""
        if self._neural is not None:
            self._neural.close()

    def _neural_voice(self, speech: Speech) -> str | None:
        if self._neural is None or speech.how.variant in _OWN_VARIANTS:
            return None
        kind = self._voices[speech.speaker].kind
        return self._neural.voice_for(speech.language, kind, self._nth[speech.speaker])

    def _by_espeak(self, speech: Speech) -> Utterance:
        how = speech.how
        request = VoiceRequest(
            text=speech.text,
            voices=(f"{speech.language}+{how.variant}", speech.language),
            rate_wpm=how.rate_wpm,
            pitch=how.pitch,
            pitch_range=how.pitch_range,
        )
        return say(request, self.espeak, self._shelf)


def borrow_times(said: Utterance, model: Utterance) -> Utterance:
    """Return an utterance that tells no times with those of another voice that read the same text.

    Both are laid over each other from first to last sound. Measured on 95 words of a stranger voice: half of
    the words are within 55 ms, nine of ten within 129 ms.
    """
    (first, last), (from_first, from_last) = _heard(said), _heard(model)
    if last <= first or from_last <= from_first:
        return said
    scale = (last - first) / (from_last - from_first)

    def at(frame: int) -> int:
        return round(first + (frame - from_first) * scale)

    return replace(
        said,
        words=said.words or tuple((place, at(frame)) for place, frame in model.words),
        phonemes=tuple((name, at(frame)) for name, frame in model.phonemes),
    )


def _heard(said: Utterance) -> tuple[int, int]:
    level = np.abs(said.samples.astype(np.int32))
    loud = np.flatnonzero(level > 0.01 * level.max(initial=1))
    return (int(loud[0]), int(loud[-1])) if loud.size else (0, 0)


def _count_kinds(voices: Mapping[str, Voice]) -> dict[str, int]:
    """Return how many of their kind were cast before each speaker."""
    seen: dict[str, int] = {}
    nth: dict[str, int] = {}
    for name, voice in voices.items():
        sex = "male" if voice.kind == "male" else "female"
        nth[name] = seen.get(sex, 0)
        seen[sex] = nth[name] + 1
    return nth

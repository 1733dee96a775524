"""The spoken lines of a film: cast, spoken, fitted, levelled, put on the timeline; with their cues."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from soundstage.film import Cue, Seconds, Waveform
from soundstage.sound import filters
from soundstage.sound.casting import cast_voices, deliver, espeak_language
from soundstage.sound.loudness import SILENT_LUFS, measure_lufs
from soundstage.sound.primitives import as_sound
from soundstage.sound.speakers import Speakers, Speech
from soundstage.sound.speech_text import find_words, to_speech
from soundstage.sound.timeline import Span, place_spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.film import Line, Screenplay, Shot
    from soundstage.sound.casting import Voice
    from soundstage.sound.voice import Utterance
    from soundstage.sound.voice_shelf import VoiceShelf

SPEECH_LUFS = -18.0  #: plain speech before the mix; every other level is set against it
SLOWEST_WPM, FASTEST_WPM = 120, 260  #: beyond these a line is no longer pleasant to follow
_SLACK = 1.02  #: a line this much over its slot fits
_EDGE = 10.0 ** (-48.0 / 20.0)  #: of the peak: where the voice begins and ends


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenLine:
    """One line in sound. Times of words and phonemes are seconds from the start of the film."""

    line: Line
    shot_index: int
    start_s: float
    sound: NDArray[np.float32]  #: (N,) mono, 48 kHz, at its level
    words: tuple[tuple[int, float], ...]  #: (position in `line.text`, seconds)
    phonemes: tuple[tuple[str, float], ...]  #: (IPA, seconds); an empty name is a pause
    notes: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        """How long it sounds."""
        return self.sound.size / Waveform.RATE_HZ

    @property
    def crossing(self) -> tuple[int, float, float]:
        """The shot it belongs to, and when it begins and ends: it may sound over a cut."""
        return self.shot_index, self.start_s, self.start_s + self.seconds

    @property
    def cue(self) -> Cue:
        """The line as a caption: its own words, the voice's times."""
        return Cue(
            speaker=self.line.speaker,
            text=self.line.text,
            language=self.line.language,
            start_s=Seconds(self.start_s),
            end_s=Seconds(self.start_s + self.seconds),
            words=tuple((at, Seconds(seconds)) for at, seconds in self.words),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """All that is said in a film."""

    lines: tuple[SpokenLine, ...]
    notes: tuple[str, ...]


def speak_dialogue(screenplay: Screenplay, shelf: VoiceShelf, voices_dir: Path | None = None) -> Dialogue:
    """Return every line of a film spoken and placed; `voices_dir` holds neural voices, if the user has any.

    Raises:
        VoiceUnavailable: there are lines and no voice can speak here.
        VoiceBroke: a voice process failed.
    """
    asked = sorted(
        ((shot, line) for shot in screenplay.shots for line in shot.dialogue),
        key=lambda pair: float(pair[1].start),
    )
    if not asked:
        return Dialogue(lines=(), notes=())
    voices = cast_voices(screenplay)
    speakers = Speakers(voices, shelf, voices_dir)

    def speak(pair: tuple[Shot, Line]) -> SpokenLine | None:
        shot, line = pair
        return _speak_line(line, shot.index, voices[line.speaker], speakers)

    # A process a core: the voices run there, these threads only wait for them.
    with (
        closing(speakers),
        ThreadPoolExecutor(max_workers=min(os.cpu_count() or 1, len(asked))) as pool,
    ):
        spoken = list(pool.map(speak, asked))
    notes: list[str] = list(speakers.notes)
    for (_, line), said in zip(asked, spoken, strict=True):
        if said is None:
            notes.append(f"{line.speaker}'s line {_quote(line.text)} has nothing in it to say")
    return Dialogue(
        lines=tuple(_place([said for said in spoken if said], float(screenplay.seconds), notes)),
        notes=tuple(notes),
    )


def _speak_line(line: Line, shot_index: int, voice: Voice, speakers: Speakers) -> SpokenLine | None:
    """Return one line spoken at 0 s; None when its text has nothing to say in it."""
    language, note = espeak_language(line.language, Path(speakers.espeak.data))
    text = to_speech(line.spoken or line.text, language)
    if not text:
        return None
    how = deliver(line, voice)
    speech = Speech(speaker=line.speaker, text=text, language=language, how=how)
    notes = [f"{line.speaker}'s line {_quote(line.text)}: {note}"] if note else []
    utterance = speakers.say(speech)
    spoken_s, slot_s = _spoken_s(utterance), float(line.seconds)
    if spoken_s == 0.0:
        return None
    if spoken_s > slot_s * _SLACK and how.rate_wpm < FASTEST_WPM:
        # Rate and length are nearly inverse up to 360 words a minute, so one more reading is enough.
        faster = how.rate_wpm * spoken_s / max(slot_s, 0.1) * _SLACK
        how = replace(how, rate_wpm=round(min(max(faster, SLOWEST_WPM), FASTEST_WPM)))
        utterance = speakers.say(replace(speech, how=how))
        spoken_s = _spoken_s(utterance)
    if spoken_s > slot_s * _SLACK:
        notes.append(
            f"{line.speaker}'s line {_quote(line.text)} takes {spoken_s:.1f} s, its slot is {slot_s:.1f} s:"
            " it is heard whole and runs over"
        )
    first, last = _edges(utterance)
    return SpokenLine(
        line=line,
        shot_index=shot_index,
        start_s=0.0,
        sound=_levelled(utterance.samples[first:last], utterance.rate_hz, SPEECH_LUFS + how.level_db),
        words=tuple(
            (at, (frame - first) / utterance.rate_hz)
            for at, frame in find_words(line.text, text, utterance.words)
        ),
        phonemes=tuple((name, (frame - first) / utterance.rate_hz) for name, frame in utterance.phonemes),
        notes=tuple(notes),
    )


def _place(spoken: list[SpokenLine], film_s: float, notes: list[str]) -> list[SpokenLine]:
    spans = [
        Span(start_s=float(s.line.start), slot_s=float(s.line.seconds), spoken_s=s.seconds) for s in spoken
    ]
    placed: list[SpokenLine] = []
    for said, start_s in zip(spoken, place_spans(spans, film_s), strict=True):
        notes.extend(said.notes)
        sound = said.sound
        room = round((film_s - start_s) * Waveform.RATE_HZ)
        if sound.size > room:
            lost_s = (sound.size - room) / Waveform.RATE_HZ
            notes.append(
                f"{said.line.speaker}'s line {_quote(said.line.text)} is longer than the film:"
                f" its last {lost_s:.1f} s are not heard"
            )
            sound = sound[:room]
        placed.append(
            replace(
                said,
                start_s=start_s,
                sound=sound,
                words=tuple((at, start_s + s) for at, s in said.words),
                phonemes=tuple((name, start_s + s) for name, s in said.phonemes),
            )
        )
    return placed


def _edges(utterance: Utterance) -> tuple[int, int]:
    """Return the first and the end frame of what is heard: espeak-ng ends each line with a pause."""
    level = np.abs(utterance.samples.astype(np.float32))
    heard = (
        np.flatnonzero(level > _EDGE * level.max()) if level.size and level.max() > 0 else np.array([], int)
    )
    if not heard.size:
        return 0, 0
    margin = utterance.rate_hz // 100
    return max(int(heard[0]) - margin, 0), min(int(heard[-1]) + margin, level.size)


def _spoken_s(utterance: Utterance) -> float:
    first, last = _edges(utterance)
    return (last - first) / utterance.rate_hz


def _levelled(samples: NDArray[np.int16], rate_hz: int, level_lufs: float) -> NDArray[np.float32]:
    """Return samples as float at 48 kHz, a little warmer, at a loudness, with soft edges."""
    sound = filters.resample(as_sound(samples / 32_768.0), rate_hz)[None]
    sound = filters.run(sound, filters.high_pass(85.0))
    sound = (sound + 0.3 * filters.run(sound, filters.high_pass(3_000.0, 1)))[0]  # +2.3 dB: consonants
    loudness = measure_lufs(as_sound(np.stack((sound, sound))))
    if loudness > SILENT_LUFS:
        sound = sound * 10.0 ** ((level_lufs - loudness) / 20.0)
    fade = min(240, sound.size // 2)
    sound[:fade] *= np.linspace(0.0, 1.0, fade)
    sound[sound.size - fade :] *= np.linspace(1.0, 0.0, fade)
    return as_sound(sound)


def _quote(text: str) -> str:
    short = " ".join(text.split())
    return f'"{short[:40]}..."' if len(short) > 43 else f'"{short}"'

"""Stage 3 of 5: Screenplay in, Soundtrack out. Knows no picture, no HTTP, no job.

    composer     the whole stage on one page
    dialogue     lines spoken and placed: casting, speakers, speech_text, timeline
    speakers     who says a line: voice (espeak-ng), neural (Kokoro, Piper), voice_shelf
    lips         how mouths move as the lines are spoken
    ambience     the bed: hearing, layers/, primitives, kernels
    effects      what happens at a time: layers/effects
    music        where a screenplay has it: music_style, music_score, music_synth
    ports        a model that may make sounds in our place
    perspective  how far and from which side
    room         how a place answers a voice
    mixdown      levels: loudness

Importing this package loads neither numpy nor numba: its doors load what they use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from soundstage.film import LipTrack, Screenplay, Seen, Soundtrack
    from soundstage.sound.ports import SoundModel

__all__ = ["check_voice", "compose", "speak", "warm"]


def compose(
    screenplay: Screenplay,
    *,
    cache_dir: Path,
    seen: Seen | None = None,
    voices_dir: Path | None = None,
    model: SoundModel | None = None,
) -> Soundtrack:
    """Return what is heard in a film: voices, effects, ambience and music, at -16 LUFS, under -2 dBTP.

    The same screenplay gives the same samples on one machine.

    Args:
        screenplay: the film on paper; its seed decides all chance.
        cache_dir: where spoken lines are kept; may be wiped at any time.
        seen: what the picture shows that must be heard with it: feet that land, lightning.
        voices_dir: a folder of neural voices, Kokoro's or Piper's; what they cannot say, espeak-ng says.
        model: makes effects and layers of the bed in our place, where it can.

    Returns:
        A waveform of exactly `round(seconds * 48000)` frames, a cue per spoken line with the voice's own
        times, and a note for everything that came out otherwise than asked.

    Raises:
        VoiceUnavailable: there are lines to say and no voice on this machine.
        VoiceBroke: a voice process failed on a line.
    """
    from soundstage.film import NOTHING_SEEN  # noqa: PLC0415 - used here only
    from soundstage.sound.composer import compose as make  # noqa: PLC0415 - loads numba

    return make(
        screenplay, cache_dir=cache_dir, seen=seen or NOTHING_SEEN, voices_dir=voices_dir, model=model
    )


def speak(screenplay: Screenplay, *, cache_dir: Path, voices_dir: Path | None = None) -> tuple[LipTrack, ...]:
    """Speak the lines of a film and return how the mouths move, before its sound is composed.

    Voices off screen have no mouth. What is spoken here is kept: `compose` with this `cache_dir` finds it.

    Raises:
        VoiceUnavailable: there are lines to say and no voice on this machine.
        VoiceBroke: a voice process failed on a line.
    """
    from soundstage.sound.dialogue import speak_dialogue  # noqa: PLC0415 - loads numba
    from soundstage.sound.lips import track_lips  # noqa: PLC0415 - numpy loads here
    from soundstage.sound.voice_shelf import VoiceShelf  # noqa: PLC0415 - used here only

    return track_lips(speak_dialogue(screenplay, VoiceShelf(folder=cache_dir), voices_dir).lines)


def check_voice(voices_dir: Path | None = None) -> str:
    """Speak one word and return a sentence about the voices of this machine, and of a folder of neural ones.

    Raises:
        VoiceUnavailable: no voice can speak here; the message says why and what to do.
        VoiceBroke: the voice process failed.
    """
    from soundstage.sound.voice_check import describe  # noqa: PLC0415 - numpy loads here

    return describe(voices_dir)


def warm() -> None:
    """Compile every kernel of the stage, or load it from the disk."""
    from soundstage.sound.kernels import compile_all  # noqa: PLC0415 - numba loads here
    from soundstage.sound.music_synth import warm_synth  # noqa: PLC0415 - numba loads here

    compile_all()
    warm_synth()

"""Stage 3 on one page: a screenplay's lines, effects, ambience and music, mixed. Knows no picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.film import NOTHING_SEEN, Soundtrack, Waveform
from soundstage.sound.ambience import lay_bed
from soundstage.sound.dialogue import speak_dialogue
from soundstage.sound.effects import place_effects
from soundstage.sound.mixdown import Mix, Stems, mix_down
from soundstage.sound.music import lay_music
from soundstage.sound.ports import Understudy
from soundstage.sound.primitives import frames_of
from soundstage.sound.room import stage_voices
from soundstage.sound.voice_shelf import VoiceShelf

if TYPE_CHECKING:
    from pathlib import Path

    from soundstage.film import Screenplay, Seen
    from soundstage.sound.ports import SoundModel


def compose(
    screenplay: Screenplay,
    *,
    cache_dir: Path,
    seen: Seen = NOTHING_SEEN,
    voices_dir: Path | None = None,
    model: SoundModel | None = None,
) -> Soundtrack:
    """Return what is heard in a film; see `soundstage.sound.compose`."""
    frames = frames_of(float(screenplay.seconds))
    understudy = Understudy(model)
    dialogue = speak_dialogue(screenplay, VoiceShelf(folder=cache_dir), voices_dir)
    bed = lay_bed(screenplay, frames, seen.flashes, [said.crossing for said in dialogue.lines], understudy)
    effects = place_effects(screenplay, frames, seen.footfalls, bed.rooms, understudy)
    music = lay_music(screenplay, bed.rooms, frames)
    voices, rooms = stage_voices(dialogue.lines, bed.rooms, screenplay, frames)
    cues = tuple(said.cue for said in dialogue.lines)
    mix: Mix = mix_down(
        Stems(
            voices=voices,
            rooms=rooms,
            effects=effects.sound,
            ambience=bed.sound,
            music=music.sound,
            cues=tuple((float(cue.start_s), float(cue.end_s)) for cue in cues),
        )
    )
    return Soundtrack(
        waveform=Waveform(samples=mix.sound),
        cues=cues,
        loudness_lufs=mix.loudness_lufs,
        lanes=mix.lanes,
        notes=tuple(
            dict.fromkeys(
                (*dialogue.notes, *effects.notes, *bed.notes, *music.notes, *understudy.notes, *mix.notes)
            )
        ),
    )

"""The workspace of one order: a folder where shots become clips, and clips and sound become a film's draft.

Knows no order and no store. A clip is whole or absent; finished clips outlive the process that made them.
"""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from soundstage.errors import StitchError
from soundstage.film import Film, FilmFile, Seconds
from soundstage.plain import to_json
from soundstage.stitch.boxes import hide_captions
from soundstage.stitch.captions import fit_cues, to_srt, to_tracks, to_vtt
from soundstage.stitch.encoder import encode_clip, recipe
from soundstage.stitch.mux import fit_sound, mux_film
from soundstage.stitch.peaks import to_peaks
from soundstage.stitch.pictures import to_pictures
from soundstage.stitch.poster import write_poster
from soundstage.stitch.provenance import metadata
from soundstage.stitch.whole import files_ours, write_text, written_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from soundstage.film import CaptionChoice, Cue, Facts, FileRole, Frames, Screenplay, Soundtrack
    from soundstage.stitch.clip import ClipKey

log = logging.getLogger(__name__)

_FILES: dict[FileRole, tuple[str, str]] = {
    "video": ("film.mp4", "video/mp4"),
    "poster": ("film.jpg", "image/jpeg"),
    "captions_vtt": ("film.vtt", "text/vtt"),
    "captions_srt": ("film.srt", "application/x-subrip"),
    "peaks": ("film.peaks.json", "application/json"),
    "screenplay": ("screenplay.json", "application/json"),
}


class Bench:
    """A workspace in `folder`, which is made if it is absent. One process works on it at a time."""

    def __init__(self, folder: Path) -> None:
        with files_ours(folder):
            folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder

    def has(self, key: ClipKey) -> bool:
        """Tell whether this shot was finished before, by this encoder."""
        return self.clip(key).is_file()

    def clip(self, key: ClipKey) -> Path:
        """Return where the clip of this shot is, or would be."""
        # The recipe is in the name: a clip encoded by another version of us could not be joined with ours.
        how = recipe(key.size, key.fps)
        return self.folder / f"shot-{key.index:03}-{key.fingerprint}-{key.frame_count}-{how}.mp4"

    def shoot(self, key: ClipKey, frames: Iterator[Frames], on_frame: Callable[[int], None]) -> None:
        """Encode a shot's frames as they come, keeping none; the clip appears when it is whole.

        Args:
            key: the shot; `key.frame_count` frames must come, in order.
            frames: from the engine; closing them is the caller's part.
            on_frame: hears how many frames the encoder has taken; what it raises ends the shot.

        Raises:
            EngineBroke: the frames are not what was asked for.
            EncoderBroke: x264 refused them.
            StorageFull: the disk is full.
        """
        with written_whole(self.clip(key)) as part:
            encode_clip(part, key, to_pictures(frames, key), on_frame)

    def join(
        self,
        keys: Sequence[ClipKey],
        screenplay: Screenplay,
        soundtrack: Soundtrack | None,
        captions: CaptionChoice,
        facts: Facts,
    ) -> Film:
        """Join clips and sound into a draft of the film: every file has a path in this folder.

        Args:
            keys: the shots in order, each finished before.
            screenplay: kept beside the film.
            soundtrack: as long as the picture; None for a film without an audio stream.
            captions: whether what was said goes into files beside the film, into a track, both or neither.
            facts: what is claimed; size, rate, length and sound are set to what was really joined.

        Raises:
            StitchError: a clip is missing, or the clips are of different sizes or rates.
            EncoderBroke: the sound is not as long as the picture, or an encoder refused.
            StorageFull: the disk is full.
        """
        self._check(keys)
        frame_count, fps = sum(key.frame_count for key in keys), keys[0].fps
        facts = replace(
            facts,
            size=keys[0].size,
            fps=fps,
            frame_count=frame_count,
            seconds=Seconds(frame_count / fps),
            has_audio=soundtrack is not None,
            loudness_lufs=None if soundtrack is None else soundtrack.loudness_lufs,
        )
        sound = None if soundtrack is None else fit_sound(soundtrack.waveform.samples, frame_count, fps)
        cues = () if soundtrack is None else fit_cues(soundtrack.cues, facts.seconds)
        lanes = () if soundtrack is None else soundtrack.lanes
        texts = self._write_texts(
            screenplay,
            cues if captions in ("file", "both") else (),
            to_peaks(lanes, facts.seconds) if lanes else None,
        )
        tracks = to_tracks(cues) if captions in ("track", "both") else ()
        clips = [(key, self.clip(key)) for key in keys]
        with written_whole(self._place("video")) as part:
            mux_film(part, clips, sound, tracks, metadata(screenplay, facts))
            with files_ours(part):
                hide_captions(part)
            write_poster(part, self._place("poster"))
        log.info("film joined", extra={"shots": len(keys), "frames": frame_count, "captions": len(cues)})
        return Film(files=tuple(self._file(role) for role in ("video", "poster", *texts)), facts=facts)

    def _check(self, keys: Sequence[ClipKey]) -> None:
        assert keys, "a film needs a shot"
        first = keys[0]
        for key in keys:
            if (key.size, key.fps) != (first.size, first.fps):
                raise StitchError(
                    f"shot {key.index + 1} is {key.size.width}x{key.size.height} at {key.fps} fps and shot"
                    f" {first.index + 1} is {first.size.width}x{first.size.height} at {first.fps} fps"
                )
            if not self.has(key):
                raise StitchError(f"shot {key.index + 1} was not finished: {self.clip(key)} is missing")

    def _write_texts(self, screenplay: Screenplay, cues: Sequence[Cue], peaks: str | None) -> list[FileRole]:
        """Write the files that are text, and return their roles."""
        texts: dict[FileRole, str] = {}
        if cues:
            texts["captions_vtt"], texts["captions_srt"] = to_vtt(cues), to_srt(cues)
        if peaks is not None:
            texts["peaks"] = peaks
        texts["screenplay"] = json.dumps(to_json(screenplay), ensure_ascii=False, indent=2) + "\n"
        for role, text in texts.items():
            write_text(self._place(role), text)
        return list(texts)

    def _place(self, role: FileRole) -> Path:
        return self.folder / _FILES[role][0]

    def _file(self, role: FileRole) -> FilmFile:
        path = self._place(role)
        name, content_type = _FILES[role]
        return FilmFile(role=role, name=name, content_type=content_type, bytes=path.stat().st_size, path=path)

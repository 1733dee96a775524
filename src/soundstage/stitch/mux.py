"""Clips, sound and captions into one MP4: pictures are copied, never encoded again. Knows no folder."""

from __future__ import annotations

import heapq
import struct
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from av.audio.frame import AudioFrame
from av.packet import Packet

from soundstage.errors import EncoderBroke
from soundstage.film import Waveform
from soundstage.stitch.timeline import AAC_FRAME_SAMPLES, MOVIE_TICKS_PER_S, set_on_timeline, to_samples
from soundstage.stitch.whole import codec_ours, opened_input, opened_output

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.subtitles.stream import SubtitleStream
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

    from soundstage.stitch.captions import CaptionTrack
    from soundstage.stitch.clip import ClipKey

    Timed = tuple[float, Packet[Any]]  #: when it is needed, in seconds, and what

AUDIO_BIT_RATE = 192_000

#: How far sound and picture may differ before it is a fault: beyond the rounding of a cut to a frame.
_LENGTH_TOLERANCE_S = 0.05

#: A caption's length is told in 16 bits, and a character takes up to 4 bytes.
_MAX_CHARACTERS = 0xFFFF // 4

#: The index in front; keys of our own in the metadata, which FFmpeg drops without the second flag.
_OPTIONS = {"movflags": "+faststart+use_metadata_tags", "movie_timescale": str(MOVIE_TICKS_PER_S)}

# The encoder of caption tracks opens only with a style sheet; players use their own style all the same.
_STYLE_SHEET = b"""[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, \
Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, \
MarginR, MarginV, Encoding
Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,0

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def mux_film(
    path: Path,
    clips: Sequence[tuple[ClipKey, Path]],
    sound: NDArray[np.float32] | None,
    tracks: Sequence[CaptionTrack],
    metadata: dict[str, str],
) -> None:
    """Write the film: one pass, packets in the order of their times, the index in front.

    Args:
        path: where to.
        clips: the shots in order; all of one size, rate and encoder recipe.
        sound: (2, N) float32 exactly as long as the picture, see `fit_sound`; None for no audio stream.
        tracks: one caption track for each language.
        metadata: the film's own words about itself.

    Raises:
        EncoderBroke: the clips do not belong together, or an encoder refused.
        StorageFull: the disk is full.
    """
    fps, first_clip = clips[0][0].fps, clips[0][1]
    with opened_input(first_clip) as model, opened_output(path, _OPTIONS) as film:
        with codec_ours("preparing", path):
            film.metadata.update(metadata)
            video = film.add_stream_from_template(model.streams.video[0])
            streams = [_video_packets(clips, video, fps)]
            if sound is not None:
                streams.append(_audio_packets(sound, _add_audio(film)))
            streams += [_caption_packets(track, _add_captions(film, track)) for track in tracks]
        with codec_ours("joining", path):
            for _, packet in heapq.merge(*streams, key=_when):
                film.mux(packet)


def fit_sound(samples: NDArray[np.float32], frame_count: int, fps: int) -> NDArray[np.float32]:
    """Return sound exactly as long as the picture, cut or filled with silence by a frame at most.

    Raises:
        EncoderBroke: it is no finite (2, N) float32, or longer or shorter than rounding explains.
    """
    if samples.ndim != 2 or samples.shape[0] != 2 or samples.dtype != np.float32:
        raise EncoderBroke(f"sound must be (2, N) float32, this is {samples.shape} {samples.dtype}")
    if not np.isfinite(samples).all():
        raise EncoderBroke(f"{int((~np.isfinite(samples)).sum())} samples of the sound are not numbers")
    due, have = to_samples(frame_count, fps), samples.shape[1]
    if abs(have - due) > _LENGTH_TOLERANCE_S * Waveform.RATE_HZ:
        raise EncoderBroke(f"the sound has {have} samples, and {frame_count} frames at {fps} fps last {due}")
    return np.pad(samples, ((0, 0), (0, max(0, due - have))))[:, :due]


def _video_packets(clips: Sequence[tuple[ClipKey, Path]], stream: VideoStream, fps: int) -> Iterator[Timed]:
    first_frame = 0
    header = stream.codec_context.extradata
    for key, path in clips:
        with opened_input(path) as clip:
            source = clip.streams.video[0]
            if source.codec_context.extradata != header or key.fps != fps:
                raise EncoderBroke(
                    f"{path.name} was encoded otherwise than the first clip; remove {path.parent}"
                )
            position = 0
            for packet in clip.demux(source):
                if packet.size == 0:
                    continue  # marks the end of the file
                time_s = set_on_timeline(packet, position=position, first_frame=first_frame, fps=fps)
                packet.stream = stream
                position += 1
                yield time_s, packet
        if position != key.frame_count:
            raise EncoderBroke(f"{path.name} holds {position} frames, it must hold {key.frame_count}")
        first_frame += key.frame_count


def _add_audio(film: OutputContainer) -> AudioStream:
    stream = film.add_stream("aac", rate=Waveform.RATE_HZ, layout="stereo")
    stream.bit_rate = AUDIO_BIT_RATE
    return stream


def _audio_packets(samples: NDArray[np.float32], stream: AudioStream) -> Iterator[Timed]:
    # The encoder starts 1,024 samples early and says so: the MP4's edit list puts the first sample at 0.000.
    grain = Fraction(1, Waveform.RATE_HZ)
    for start in range(0, samples.shape[1], AAC_FRAME_SAMPLES):
        piece = np.ascontiguousarray(samples[:, start : start + AAC_FRAME_SAMPLES])
        frame = AudioFrame.from_ndarray(piece, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = Waveform.RATE_HZ, start, grain
        yield from _timed(stream.encode(frame))
    yield from _timed(stream.encode(None))


def _when(timed: Timed) -> float:
    return timed[0]


def _timed(packets: Sequence[Packet[Any]]) -> Iterator[Timed]:
    for packet in packets:
        assert packet.pts is not None, packet
        yield float(packet.pts * packet.time_base), packet


def _add_captions(film: OutputContainer, track: CaptionTrack) -> SubtitleStream:
    stream = film.add_stream("mov_text")
    stream.codec_context.subtitle_header = _STYLE_SHEET
    stream.time_base = Fraction(1, 1000)
    stream.metadata["language"] = track.language
    if track.name:
        stream.metadata["handler_name"] = track.name
    return stream


def _caption_packets(track: CaptionTrack, stream: SubtitleStream) -> Iterator[Timed]:
    for event in track.events:
        text = event.text[:_MAX_CHARACTERS].encode("utf-8", "replace")
        packet = Packet(struct.pack(">H", len(text)) + text)  # 3GPP TS 26.245: a length, then UTF-8
        packet.stream, packet.time_base = stream, Fraction(1, 1000)
        packet.pts = packet.dts = event.start_ms
        packet.duration = event.end_ms - event.start_ms
        yield event.start_ms / 1000, packet

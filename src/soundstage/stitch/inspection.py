"""What a film file really is, found by decoding all of it. Trusts no header that can be checked."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from av.codec.context import ThreadType
from av.video.reformatter import ColorPrimaries, Colorspace, ColorTrc

from soundstage.film import FrameSize, Seconds
from soundstage.stitch.boxes import caption_flags, is_faststart
from soundstage.stitch.whole import codec_ours, opened_input

if TYPE_CHECKING:
    from enum import IntEnum
    from pathlib import Path

    from av.container import InputContainer


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """How numbers become light; each a name as FFmpeg's libraries have it, "bt709", or the bare number."""

    primaries: str
    transfer: str
    matrix: str
    range: str  #: "limited" or "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """The audio stream."""

    codec: str
    rate_hz: int
    channels: int
    start_s: float
    seconds: float  #: as the film's timeline has it
    sample_count: int  #: decoded; up to one AAC frame more than `seconds`
    bit_rate: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Captions:
    """One caption track."""

    codec: str
    language: str  #: ISO 639-2/T
    name: str
    shown_unasked: bool
    events: tuple[tuple[float, float, str], ...]  #: start and end in seconds, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A film file, decoded."""

    bytes: int
    size: FrameSize
    fps: float
    frame_count: int  #: decoded
    steady: bool  #: every frame stands at its number divided by fps, the first at 0
    seconds: Seconds
    codec: str
    profile: str
    pixel_format: str
    colours: Colours
    sound: Sound | None
    faststart: bool
    captions: tuple[Captions, ...]
    metadata: dict[str, str]


def probe(path: Path) -> Probe:
    """Decode a film and tell what it is.

    Raises:
        StitchError: there is no such file, it is no film, or it does not decode.
    """
    with codec_ours("decoding", path):
        times, (size, rate, codec, profile, pixel_format, colours) = _picture(path)
        sound, captions = _sound(path), _captions(path)
        with opened_input(path) as film:
            metadata = dict(film.metadata)
            seconds = (film.duration or 0) / 1_000_000
        return Probe(
            bytes=path.stat().st_size,
            size=size,
            fps=float(rate),
            frame_count=len(times),
            steady=all(time * rate == frame for frame, time in enumerate(times)),
            seconds=Seconds(seconds),
            codec=codec,
            profile=profile,
            pixel_format=pixel_format,
            colours=colours,
            sound=sound,
            faststart=is_faststart(path),
            captions=captions,
            metadata=metadata,
        )


def _picture(path: Path) -> tuple[list[Fraction], tuple[FrameSize, Fraction, str, str, str, Colours]]:
    with opened_input(path) as film:
        stream = film.streams.video[0]
        stream.thread_type = ThreadType.AUTO
        context = stream.codec_context
        times = [(frame.pts or 0) * (frame.time_base or Fraction(0)) for frame in film.decode(stream)]
        colours = Colours(
            primaries=_name(ColorPrimaries, context.color_primaries),
            transfer=_name(ColorTrc, context.color_trc),
            matrix=_name(Colorspace, context.colorspace).replace("itu709", "bt709"),
            range={1: "limited", 2: "full"}.get(context.color_range, "unspecified"),
        )
        size = FrameSize(width=context.width, height=context.height)
        rate = stream.average_rate or Fraction(0)
        return times, (size, rate, context.name, context.profile or "", context.pix_fmt or "", colours)


def _sound(path: Path) -> Sound | None:
    with opened_input(path) as film:
        if not film.streams.audio:
            return None
        stream = film.streams.audio[0]
        grain = stream.time_base or Fraction(0)
        return Sound(
            codec=stream.codec_context.name,
            rate_hz=stream.sample_rate,
            channels=stream.channels,
            start_s=float((stream.start_time or 0) * grain),
            seconds=float((stream.duration or 0) * grain),
            bit_rate=stream.bit_rate,
            sample_count=sum(frame.samples for frame in film.decode(stream)),
        )


def _captions(path: Path) -> tuple[Captions, ...]:
    with opened_input(path) as film:
        count = len(film.streams.subtitles)
    shown = caption_flags(path)
    return tuple(_caption_track(path, index, shown[index]) for index in range(count))


def _caption_track(path: Path, index: int, shown: bool) -> Captions:  # noqa: FBT001 - read from the file
    with opened_input(path) as film:
        stream = film.streams.subtitles[index]
        codec, told = stream.codec_context.name, dict(stream.metadata)
        events = tuple(_events(film, index))
    language, name = told.get("language", "und"), told.get("handler_name", "")
    return Captions(codec=codec, language=language, name=name, shown_unasked=shown, events=events)


def _events(film: InputContainer, index: int) -> list[tuple[float, float, str]]:
    events: list[tuple[float, float, str]] = []
    for packet in film.demux(film.streams.subtitles[index]):
        body = bytes(packet)
        length = int.from_bytes(body[:2], "big")
        if packet.pts is None or length == 0:
            continue  # the pause between two captions
        start = packet.pts * packet.time_base
        end = start + (packet.duration or 0) * packet.time_base
        events.append((float(start), float(end), body[2 : 2 + length].decode()))
    return events


def _name(names: type[IntEnum], value: int) -> str:
    return next((str(member.name).lower() for member in names if int(member) == value), str(value))

"""One clock for picture, sound and captions: frames, samples and milliseconds, and packets set onto it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from soundstage.errors import EncoderBroke
from soundstage.film import Waveform

if TYPE_CHECKING:
    from av.packet import Packet

#: Samples of an AAC frame: the grain in which sound is kept.
AAC_FRAME_SAMPLES = 1024

#: Frames that x264 keeps back to put B-frames in decoding order: 2 with its default pyramid. Decoding times
#: start this many frames early, in every clip alike; a clip of 1 or 2 frames alone would start later.
REORDER_FRAMES = 2

#: Divisible by 24, 25, 30, 48 and 60: durations in the film's header are exact.
MOVIE_TICKS_PER_S = Waveform.RATE_HZ


def to_samples(frame_count: int, fps: int) -> int:
    """Return how many sound samples last as long as `frame_count` frames."""
    return round(Fraction(frame_count * Waveform.RATE_HZ, fps))


def to_ms(seconds: float) -> int:
    """Return the nearest millisecond."""
    return round(seconds * 1000)


def set_on_timeline(packet: Packet[Any], *, position: int, first_frame: int, fps: int) -> float:
    """Move a clip's packet to its place in the film and return its decoding time in seconds.

    Args:
        packet: as read from the clip, whose first frame is at 0; changed in place.
        position: its place in the clip's decoding order, 0-based.
        first_frame: the film's frame with which the clip begins.
        fps: frames per second of clip and film.

    Raises:
        EncoderBroke: the packet carries no time, or none on a frame.
    """
    if packet.pts is None:
        raise EncoderBroke(f"packet {position} of a clip has no time")
    frame = packet.pts * packet.time_base * fps
    decoded = position - REORDER_FRAMES
    if frame.denominator != 1 or frame < decoded:
        raise EncoderBroke(f"packet {position} of a clip shows frame {frame} of a clip at {fps} fps")
    packet.time_base = Fraction(1, fps)
    packet.pts = first_frame + int(frame)
    packet.dts = first_frame + decoded
    packet.duration = 1
    return packet.dts / fps

"""x264 in this process: pictures in, one clip out, the same bytes every time. Knows no other clip."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from typing import TYPE_CHECKING

import av
from av.codec.context import CodecContext
from av.error import FFmpegError
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

from soundstage.errors import EncoderBroke
from soundstage.film import FrameSize
from soundstage.stitch.whole import codec_ours, opened_output

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from soundstage.stitch.clip import ClipKey

#: Fixed, because x264's bytes depend on it. 3 keep two cores full: 72 frames of 1080p took 2.1 s in 231 MB
#: (2 threads: 2.3 s, 209 MB; 4 threads: 2.2 s, 246 MB), with 3.6 to 4.0 s of CPU each.
THREADS = 3

#: A keyframe at least this often: how exactly a viewer can seek, and an editor cut.
KEYFRAME_EVERY_S = 2

_OPTIONS = {
    # Against veryfast at crf 20: half the CPU, 20 % more bytes, SSIM within 0.002 on fireflies and surf with
    # grain. Encoding is a third of the time a film takes, so that is a second or two of five.
    "preset": "superfast",
    "crf": "22",
    "profile": "high",
    "x264-params": "open-gop=0:stitchable=1",  # clips are joined by copy: none may lean on its neighbour
}


def recipe(size: FrameSize, fps: int) -> str:
    """Return a short hash of all that turns pictures into bytes: clips of two recipes cannot be joined."""
    told = [sorted(_OPTIONS.items()), THREADS, KEYFRAME_EVERY_S, sorted(av.library_versions.items())]
    told += [size.width, size.height, fps]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:8]


def encode_clip(
    path: Path, key: ClipKey, pictures: Iterator[VideoFrame], on_frame: Callable[[int], None]
) -> None:
    """Encode pictures into a clip at `path`, one at a time; `on_frame` hears how many went in.

    What `pictures` and `on_frame` raise passes untouched.

    Raises:
        EncoderBroke: x264 refused.
        StorageFull: the disk is full.
    """
    with opened_output(path, {}) as container:
        with codec_ours("opening libx264 for", path):
            stream = container.add_stream("libx264", rate=key.fps)
            _configure(stream.codec_context, key.size, key.fps)
        for done, picture in enumerate(pictures, start=1):
            with codec_ours("encoding", path):
                container.mux(stream.encode(picture))
            on_frame(done)
        with codec_ours("encoding", path):
            container.mux(stream.encode(None))


def check_encoder() -> str:
    """Encode two frames with x264 and say what films are encoded with, and why not with the graphics card.

    Raises:
        EncoderBroke: x264 does not work here.
    """
    size = FrameSize(width=320, height=180)  # over NVENC's least width, 145
    try:
        made = _try_out("libx264", size)
    except (FFmpegError, OSError, ValueError) as exc:
        raise EncoderBroke(
            f"libx264 does not encode on this machine: {exc}; reinstall the package 'av'"
        ) from exc
    assert made > 0, "two frames went in and no bytes came out"
    try:
        _try_out("h264_nvenc", size)
        nvenc = "h264_nvenc works here and is not used: its bytes differ from card to card"
    except (FFmpegError, OSError, ValueError) as exc:
        nvenc = f"h264_nvenc does not open here: {exc}"
    version = f"FFmpeg {av.ffmpeg_version_info}, PyAV {av.__version__}"
    return f"libx264 {_OPTIONS['preset']} crf {_OPTIONS['crf']}, {THREADS} threads ({version}); {nvenc}"


def _try_out(codec: str, size: FrameSize) -> int:
    """Encode two grey frames and return how many bytes came out."""
    context = CodecContext.create(codec, "w")
    assert isinstance(context, VideoCodecContext), codec
    _configure(context, size, 24)
    context.time_base = Fraction(1, 24)
    if codec != "libx264":
        context.options = {}
    made = 0
    for frame in range(2):
        picture = VideoFrame(size.width, size.height, "yuv420p")
        for plane in picture.planes:
            plane.update(b"\x80" * plane.buffer_size)
        picture.pts = frame
        made += sum(packet.size for packet in context.encode(picture))
    return made + sum(packet.size for packet in context.encode(None))


def _configure(context: VideoCodecContext, size: FrameSize, fps: int) -> None:
    context.width, context.height, context.pix_fmt = size.width, size.height, "yuv420p"
    context.framerate, context.sample_aspect_ratio = Fraction(fps), Fraction(1, 1)
    context.gop_size = KEYFRAME_EVERY_S * fps
    context.options = dict(_OPTIONS)
    context.thread_count = THREADS
    # PyAV's default cuts each frame into slices for its threads: 15 % slower, and worse at the seams.
    context.thread_type = "AUTO"
    context.color_primaries, context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
    context.colorspace, context.color_range = Colorspace.ITU709, ColorRange.MPEG

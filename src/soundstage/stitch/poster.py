"""One frame that stands for the film, as a JPEG. Knows no shot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from av.codec.context import ThreadType
from av.video.reformatter import ColorRange, Colorspace, Interpolation
from PIL import Image

from soundstage.errors import StitchError
from soundstage.stitch.whole import codec_ours, files_ours, opened_input, written_whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.video.frame import VideoFrame
    from numpy.typing import NDArray

MAX_WIDTH_PX = 1280
JPEG_QUALITY = 85

_JUDGED_WIDTH_PX = 160  # enough to judge light and contrast; cheap at 4K
_BLACK, _WHITE = 24, 228  # luma, limited range: beyond them a place counts as empty


def write_poster(film: Path, target: Path) -> None:
    """Choose the frame that shows most and write it, at most 1280 pixels wide.

    Looked at are the film's keyframes and its middle frame: the first frames of shots alone may be fading in.

    Raises:
        StitchError: the film does not decode.
        StorageFull: the disk is full.
    """
    best: tuple[float, VideoFrame] | None = None
    for picture in _candidates(film):
        score = _interest(picture)
        if best is None or score > best[0]:
            best = (score, picture)
    if best is None:
        raise StitchError(f"{film} holds no picture to make a poster of")
    still = _as_rgb(best[1])
    with written_whole(target) as part, files_ours(target):
        Image.fromarray(still).save(part, format="JPEG", quality=JPEG_QUALITY, optimize=True)


def _candidates(film: Path) -> Iterator[VideoFrame]:
    with codec_ours("decoding", film):
        with opened_input(film) as container:
            stream = container.streams.video[0]
            stream.codec_context.skip_frame = "NONKEY"
            yield from container.decode(stream)
            middle = stream.duration // 2 if stream.duration else 0
        with opened_input(film) as container:
            stream = container.streams.video[0]
            stream.thread_type = ThreadType.AUTO
            container.seek(middle, stream=stream)
            for picture in container.decode(stream):
                if picture.pts is not None and picture.pts >= middle:
                    yield picture
                    return


def _interest(picture: VideoFrame) -> float:
    """Score a frame: spread of light and colour, less where it is black or burnt out."""
    height = max(2, picture.height * _JUDGED_WIDTH_PX // picture.width // 2 * 2)
    small = picture.reformat(width=_JUDGED_WIDTH_PX, height=height, interpolation=Interpolation.AREA)
    planes: NDArray[np.uint8] = small.to_ndarray(format="yuv420p").astype(np.uint8, copy=False)
    luma, chroma = planes[:height], planes[height:]
    empty = float(np.mean((luma < _BLACK) | (luma > _WHITE)))
    return (float(luma.std()) + float(chroma.std())) * (1.0 - 0.9 * empty)


def _as_rgb(picture: VideoFrame) -> NDArray[np.uint8]:
    width = min(picture.width, MAX_WIDTH_PX)
    height = round(picture.height * width / picture.width)
    rgb = picture.reformat(
        width=width,
        height=height,
        format="rgb24",
        interpolation=Interpolation.AREA if width < picture.width else Interpolation.BICUBIC,
        src_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.MPEG,
        dst_color_range=ColorRange.JPEG,
        threads=1,
    )
    return rgb.to_ndarray().astype(np.uint8, copy=False)

"""An engine's frames, checked one by one, as pictures in the encoder's colours. Keeps none of them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from soundstage.errors import EngineBroke
from soundstage.film import Frames

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from soundstage.stitch.clip import ClipKey


def to_pictures(frames: Iterator[Frames], key: ClipKey) -> Iterator[VideoFrame]:
    """Yield `key.frame_count` yuv420p pictures, BT.709 and limited range, timed in frames of the clip.

    Raises:
        EngineBroke: a run has the wrong shape, type or number, or frames are missing or too many.
    """
    converter = VideoReformatter()
    due = 0
    for run in frames:
        array = _check_run(run, key, due)
        for still in array:
            picture = _to_yuv(still, converter) if run.yuv420 is None else _from_planes(still)
            picture.pts, picture.time_base = due, Fraction(1, key.fps)
            due += 1
            yield picture
    if due < key.frame_count:
        raise EngineBroke(f"{_named(key)} needs {key.frame_count} frames, and the engine stopped after {due}")


def _check_run(run: object, key: ClipKey, due: int) -> NDArray[np.uint8]:
    if not isinstance(run, Frames):
        raise EngineBroke(f"{_named(key)}: the engine must yield Frames, it sent {type(run).__name__}")
    if (run.rgb is None) == (run.yuv420 is None):
        held = "neither" if run.rgb is None else "both"
        raise EngineBroke(f"{_named(key)}: a run of frames must hold rgb or yuv420, this one holds {held}")
    width, height = key.size.width, key.size.height
    if run.rgb is not None:
        given, shape, layout = run.rgb, (height, width, 3), "rgb (T, H, W, 3)"
    else:
        given, shape, layout = run.yuv420, (height * 3 // 2, width), "yuv420 (T, H*3/2, W)"
    array = _as_array(given)
    if array is None:
        raise EngineBroke(f"{_named(key)}: {layout} must be a numpy array, it is {type(given).__name__}")
    if array.dtype != np.uint8:
        raise EngineBroke(f"{_named(key)}: {layout} must be uint8, the engine sent {array.dtype}")
    if array.shape[1:] != shape or array.shape[0] == 0:
        wanted = ", ".join(str(n) for n in shape)
        raise EngineBroke(
            f"{_named(key)}: {layout} must be (1 or more, {wanted}), the engine sent {array.shape}"
        )
    if run.first != due:
        raise EngineBroke(f"{_named(key)}: frame {due} is due, the engine sent frame {run.first}")
    if due + array.shape[0] > key.frame_count:
        sent = due + array.shape[0]
        raise EngineBroke(f"{_named(key)} needs {key.frame_count} frames, the engine sent {sent} or more")
    return array


def _as_array(given: object) -> NDArray[np.uint8] | None:
    # A GPU engine that forgets to bring its tensor home must hear of it by name.
    return given if isinstance(given, np.ndarray) else None


def _from_planes(still: NDArray[np.uint8]) -> VideoFrame:
    return VideoFrame.from_ndarray(np.ascontiguousarray(still), format="yuv420p")


def _to_yuv(still: NDArray[np.uint8], converter: VideoReformatter) -> VideoFrame:
    # Left alone the conversion is BT.601, and greens are off on every player that believes our tag.
    return converter.reformat(
        VideoFrame.from_ndarray(np.ascontiguousarray(still), format="rgb24"),
        format="yuv420p",
        interpolation=Interpolation.AREA,
        dst_colorspace=Colorspace.ITU709,
        dst_color_range=ColorRange.MPEG,
        threads=1,
    )


def _named(key: ClipKey) -> str:
    return f"shot {key.index + 1}"

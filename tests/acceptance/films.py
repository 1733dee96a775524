"""Films looked at as a player sees them: decoded, counted, measured."""

import io
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import av
import numpy as np


@dataclass(frozen=True)
class Seen:
    """What decoding told."""

    frames: int
    fps: Fraction
    width: int
    height: int
    profile: str
    pix_fmt: str
    color: tuple[int, int, int, int]
    metadata: dict[str, str]
    brightness: np.ndarray  #: (T,) mean luma
    motion: np.ndarray  #: (T-1,) mean absolute luma change
    cuts: tuple[int, ...]  #: frames at which the picture jumps
    audio_samples: int | None
    audio_rate_hz: int | None
    loudness_lufs: float | None
    true_peak_db: float | None


def look(source) -> Seen:
    """Decode a film whole. `source` is a path or bytes."""
    source = io.BytesIO(source) if isinstance(source, bytes) else str(source)
    with av.open(source) as film:
        video = film.streams.video[0]
        context = video.codec_context
        color = (context.color_range, context.colorspace, context.color_primaries, context.color_trc)
        size, rate = (context.width, context.height), video.average_rate
        profile, pix_fmt, metadata = context.profile, context.pix_fmt, dict(film.metadata)
        lumas, frames = [], 0
        for frame in film.decode(video):
            frames += 1
            lumas.append(frame.to_ndarray(format="gray")[::4, ::4].astype(np.float32))
    moved = np.array([np.abs(b - a).mean() for a, b in pairwise(lumas)])
    usual = np.median(moved) + 1e-6
    cuts = tuple(int(i) + 1 for i in np.flatnonzero((moved > 6 * usual) & (moved > 3)))
    if isinstance(source, io.BytesIO):
        source.seek(0)
    heard = _listen(source)
    return Seen(
        frames=frames,
        fps=rate,
        width=size[0],
        height=size[1],
        profile=profile,
        pix_fmt=pix_fmt,
        color=tuple(int(c) for c in color),
        metadata=metadata,
        brightness=np.array([luma.mean() for luma in lumas]),
        motion=moved,
        cuts=cuts,
        **heard,
    )


def _listen(source) -> dict:
    with av.open(source) as film:
        if not film.streams.audio:
            return dict.fromkeys(("audio_samples", "audio_rate_hz", "loudness_lufs", "true_peak_db"))
        stream = film.streams.audio[0]
        graph = av.filter.Graph()
        buffer = graph.add_abuffer(template=stream)
        meter = graph.add("ebur128", "peak=true:metadata=1")
        sink = graph.add("abuffersink")
        buffer.link_to(meter)
        meter.link_to(sink)
        graph.configure()
        samples, told = 0, {}

        def drain():
            while True:
                try:
                    told.update(sink.pull().metadata)
                except (av.error.BlockingIOError, av.error.EOFError):
                    return

        for frame in film.decode(stream):
            samples += frame.samples
            graph.push(frame)
            drain()
        graph.push(None)
        drain()
    peaks = [float(told[key]) for key in told if key.startswith("lavfi.r128.true_peaks_ch")]
    peak = max(peaks, default=0.0)
    return {
        "audio_samples": samples,
        "audio_rate_hz": stream.rate,
        "loudness_lufs": float(told["lavfi.r128.I"]),
        "true_peak_db": 20 * np.log10(max(peak, 1e-9)),
    }

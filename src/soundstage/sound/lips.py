"""How mouths move as lines are spoken: phonemes and loudness in, visemes out. Knows no face.

The shape comes from the phoneme, by data/visemes.toml; how wide it opens follows the voice's own loudness, so
that a whispered "ah" is smaller than a shouted one.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, cast

import numpy as np

from soundstage.film import LipTrack, Seconds, Viseme, Waveform

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from soundstage.film import MouthShape
    from soundstage.sound.dialogue import SpokenLine

    Mouth = tuple[MouthShape, float]
    Moment = tuple[float, MouthShape, float]  #: start, shape, openness at full voice

#: A stop's event stands at its burst (measured): the lips have been shut for this long before.
_CLOSURE_S = 0.055
_PLOSIVES = ("p", "b")
_SHORTEST_S = 0.02  #: half a frame at 24 a second: nothing shorter is seen
_REST: Mouth = ("rest", 0.0)
_AT_EASE = 0.35  #: how far a mouth opens for a sound that is barely heard


def track_lips(lines: Sequence[SpokenLine]) -> tuple[LipTrack, ...]:
    """Return how the mouths of those who are seen move, in the order of the lines."""
    return tuple(_track(said) for said in lines if not said.line.off_screen and said.sound.size)


def mouths_of(phoneme: str) -> tuple[Mouth, ...]:
    """Return what a mouth shows for a phoneme: a diphthong has two, a pause rests, a stress mark has none."""
    if not phoneme or phoneme.startswith("("):  # "(en)": espeak-ng changes language
        return (_REST,)
    found = [_table()[char] for char in phoneme if char in _table()]
    kept = [mouth for index, mouth in enumerate(found) if not index or mouth != found[index - 1]]
    return tuple(kept)


def _track(said: SpokenLine) -> LipTrack:
    start_s, end_s = said.start_s, said.start_s + said.seconds
    moments = _without_blinks(_moments(said.phonemes, start_s, end_s), end_s)
    ends = [*(at for at, _, _ in moments[1:]), end_s]
    loud = _loudness(said, [(at, end) for (at, _, _), end in zip(moments, ends, strict=True)])
    return LipTrack(
        speaker=said.line.speaker,
        visemes=tuple(
            Viseme(
                start_s=Seconds(round(at, 4)),
                end_s=Seconds(round(end, 4)),
                shape=shape,
                openness=round(openness * (_AT_EASE + (1.0 - _AT_EASE) * float(level)), 3),
            )
            for (at, shape, openness), end, level in zip(moments, ends, loud, strict=True)
        ),
    )


def _moments(phonemes: Iterable[tuple[str, float]], start_s: float, end_s: float) -> list[Moment]:
    """Return each mouth of a line with its start; the first begins with the voice."""
    named = [(name, min(max(at, start_s), end_s)) for name, at in phonemes if mouths_of(name)]
    if not named:
        return [(start_s, "open", 0.5)]  # a voice that tells no phonemes: its loudness alone moves the mouth
    ends = [*(at for _, at in named[1:]), end_s]
    found: list[Moment] = []
    for (name, at), end in zip(named, ends, strict=True):
        mouths = mouths_of(name)
        first_s = at
        if name.startswith(_PLOSIVES) and found:
            first_s = max(at - _CLOSURE_S, (found[-1][0] + at) / 2.0)
        found.append((first_s, *mouths[0]))
        step_s = (end - at) / len(mouths)
        found += [(at + k * step_s, *mouth) for k, mouth in enumerate(mouths) if k]
    found[0] = (start_s, *found[0][1:])
    return found


def _without_blinks(moments: Sequence[Moment], end_s: float) -> list[Moment]:
    """Return moments without those too short to see, and without a mouth that follows itself."""
    kept: list[Moment] = []
    for index, (at, shape, openness) in enumerate(moments):
        end = moments[index + 1][0] if index + 1 < len(moments) else end_s
        if kept and (end - at < _SHORTEST_S or kept[-1][1:] == (shape, openness)):
            continue
        if kept and at - kept[-1][0] < _SHORTEST_S:
            at = kept.pop()[0]  # noqa: PLW2901 - the shorter one's time goes to this one
        kept.append((at, shape, openness))
    return kept


def _loudness(said: SpokenLine, spans: Sequence[tuple[float, float]]) -> NDArray[np.float64]:
    """Return how loud each span is, 0..1 of what the line gets to."""
    energy = np.concatenate(([0.0], np.cumsum(np.square(said.sound, dtype=np.float64))))
    edges = np.array(spans) - said.start_s
    frames = np.clip(np.round(edges * Waveform.RATE_HZ).astype(np.int64), 0, said.sound.size)
    count = np.maximum(frames[:, 1] - frames[:, 0], 1)
    level = np.sqrt((energy[frames[:, 1]] - energy[frames[:, 0]]) / count)
    full = float(np.percentile(level, 85)) if level.size > 3 else float(level.max(initial=0.0))
    return np.clip(level / (full + 1e-9), 0.0, 1.0)


@cache
def _table() -> Mapping[str, Mouth]:
    text = (resources.files("soundstage.sound") / "data" / "visemes.toml").read_text("utf-8")
    return {
        char: (cast("MouthShape", row["shape"]), float(row["openness"]))
        for row in tomllib.loads(text)["mouths"]
        for char in row["sounds"]
    }

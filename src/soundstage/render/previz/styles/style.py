"""From a style's name to a pass over the finished picture. Light and grade are the script's.

A pass is a function (picture, tick, line of the table) -> picture, on 8-bit BGR. It must be quick (40 cpu-ms
at 1080p), the same for the same tick, and change nothing but what it returns. What is painted has no finer
detail than its brush: such a pass is given a smaller picture, and the paper it lies on comes last, full size.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from soundstage.render.previz.styles.paper import tooth

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]  #: (H, W, 3) blue, green, red
    Pass = Callable[[Picture, "Tick", Mapping[str, Any]], Picture]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """What a pass is told beside the picture."""

    index: int  #: of the frame, held back where the style steps
    t_s: float
    seed: int

    def beat(self, hertz: float) -> int:
        """Return how many beats have passed: what is drawn anew by hand changes with it."""
        return int(self.t_s * hertz)

    def rng(self, hertz: float) -> np.random.Generator:
        """Return a generator that changes `hertz` times a second."""
        return np.random.default_rng([self.seed & 0xFFFFFFFF, 77, self.beat(hertz)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """A line of `data/styles.toml`."""

    name: str
    hand: str | None = None  #: "module:function" in this room; None: light and grade say it all
    step_fps: float = 0.0  #: pictures a second where it is fewer than the film's
    handheld: float = 0.0  #: how much the camera shakes at least, unless it was told to stand
    rows: int = 0  #: shorter side of the picture its hand works on, at 1080p; 0: all of it
    paper: str = ""  #: what it lies on: a kind of `paper.tooth`
    told: Mapping[str, Any]

    def hold(self, index: int, fps: int) -> int:
        """Return the frame that is shown at `index`: films made by hand change only so often."""
        if not 0 < self.step_fps < fps:
            return index
        step = max(round(fps / self.step_fps), 1)
        return index - index % step

    def finish(self, video: NDArray[np.uint8], tick: Tick) -> NDArray[np.uint8]:
        """Return a developed frame, I420 (H * 3 / 2, W), in this style."""
        if self.hand is None:
            return video
        # One matrix there and back: which one does not matter to what stays as it was.
        picture = np.asarray(cv2.cvtColor(video, cv2.COLOR_YUV2BGR_I420), np.uint8)
        picture = _hand(self.hand)(self._worked(picture), tick, self.told)
        h, w = video.shape[0] * 2 // 3, video.shape[1]
        if picture.shape[:2] != (h, w):
            picture = cv2.resize(picture, (w, h), interpolation=cv2.INTER_CUBIC)
        if self.paper:
            picture = cv2.multiply(picture, tooth(h, w, self.paper), scale=1 / 255)
        return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420), np.uint8)

    def _worked(self, picture: Picture) -> Picture:
        """Return the picture at the size the hand works at."""
        h, w = picture.shape[:2]
        # Small films are worked at full size; large ones keep the share that 1080p has.
        share = self.rows / min(max(min(h, w), self.rows), 1080) if self.rows else 1.0
        if share >= 1:
            return picture
        size = (round(w * share), round(h * share))
        return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


@cache
def read_styles() -> Mapping[str, Style]:
    """Return `data/styles.toml`."""
    text = files("soundstage.render.previz").joinpath("data/styles.toml").read_text(encoding="utf-8")
    own = {"hand", "step_fps", "handheld", "rows", "paper"}
    return {
        name: Style(name=name, told=line, **{k: v for k, v in line.items() if k in own})
        for name, line in tomllib.loads(text).items()
    }


def style_of(name: str) -> Style:
    """Return a style; one that is not in the table leaves the picture to the script's light."""
    return read_styles().get(name) or Style(name=name, told={})


@cache
def _hand(name: str) -> Pass:
    module, _, function = name.partition(":")
    return getattr(import_module(f"soundstage.render.previz.styles.{module}"), function)

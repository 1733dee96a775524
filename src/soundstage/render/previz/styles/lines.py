"""Outlines of a picture, as a pen finds them: where brightness or colour turns. Knows no style."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from soundstage.render.previz.styles.paper import luma_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

f32 = np.float32


def ink_lines(
    picture: NDArray[np.uint8], *, width: float, sensitivity: float, work: float = 1.0
) -> NDArray[np.uint8]:
    """Return lines (H, W), 255 paper .. 0 ink: a difference of Gaussians with a steep threshold.

    Args:
        picture: (H, W, 3), best softened before: a pen does not follow each pore.
        width: of a line, in pixels at 1080p.
        sensitivity: how faint an edge may be.
        work: size it is worked at, as a share of the picture's.
    """
    h, w = picture.shape[:2]
    grey = luma_of(picture)
    if work != 1.0:
        grey = cv2.resize(grey, (int(w * work), int(h * work)), interpolation=cv2.INTER_AREA)
    sigma = max(width * min(h, w) / 1080 * work * 0.55, 0.45)
    # A dark edge in a dark picture is as much an edge: light is compared by ratio, not by difference.
    tall = np.sqrt(grey.astype(f32) + 4)
    near, far = cv2.GaussianBlur(tall, (0, 0), sigma), cv2.GaussianBlur(tall, (0, 0), sigma * 1.7)
    dip = (far - near) * f32(sensitivity * 255 / 4)
    lines = np.clip(255 + 25 - dip, 0, 255).astype(np.uint8)
    if work != 1.0:
        lines = cv2.resize(lines, (w, h), interpolation=cv2.INTER_LINEAR)
    return np.asarray(lines, np.uint8)


def contours(picture: NDArray[np.uint8], *, gain: float) -> NDArray[np.float32]:
    """Return outlines (H, W), 1 paper .. 0 lead, along every border between tones, whichever side is dark."""
    grey = cv2.blur(luma_of(picture), (3, 3))
    gx, gy = cv2.Sobel(grey, cv2.CV_16S, 1, 0), cv2.Sobel(grey, cv2.CV_16S, 0, 1)
    steep = cv2.add(cv2.convertScaleAbs(gx, alpha=0.25), cv2.convertScaleAbs(gy, alpha=0.25))
    return np.asarray(
        np.clip(1.12 - steep.astype(f32) * f32(gain / 60) / np.sqrt(grey.astype(f32) / 110 + 0.12), 0, 1), f32
    )


def relief_of(
    grey: NDArray[np.uint8], sigma: float, gain: float, *, work: float = 0.5
) -> NDArray[np.float32]:
    """Return how the light from the upper left falls on a picture taken as a height, about 0, (H, W)."""
    h, w = grey.shape
    small = cv2.resize(grey, (max(int(w * work), 4), max(int(h * work), 4)), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small.astype(f32), (0, 0), max(sigma * min(h, w) / 1080 * work, 0.5))
    slope = cv2.filter2D(soft, -1, np.array([[-1, -1, 0], [-1, 0, 1], [0, 1, 1]], f32))
    return np.asarray(cv2.resize(slope * f32(-gain), (w, h), interpolation=cv2.INTER_LINEAR), f32)


def shade(picture: NDArray[np.uint8], relief: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Return a picture with a relief, in code values, added to its light."""
    level = np.clip(relief, -120, 120)
    up = np.maximum(level, 0).astype(np.uint8)
    down = np.maximum(-level, 0).astype(np.uint8)
    return np.asarray(cv2.subtract(cv2.add(picture, cv2.merge([up] * 3)), cv2.merge([down] * 3)), np.uint8)


def flow_class(picture: NDArray[np.uint8], count: int) -> NDArray[np.uint8]:
    """Return for each pixel (H, W) which of `count` directions edges run along, 0 level, then clockwise."""
    h, w = picture.shape[:2]
    small = cv2.resize(
        luma_of(picture), (max(w // 6, 8), max(h // 6, 8)), interpolation=cv2.INTER_AREA
    ).astype(f32)
    gx, gy = cv2.Sobel(small, cv2.CV_32F, 1, 0), cv2.Sobel(small, cv2.CV_32F, 0, 1)
    sigma = max(min(h, w) / 1080 * 5, 1.5)
    xx, yy, xy = (cv2.GaussianBlur(v, (0, 0), sigma) for v in (gx * gx, gy * gy, gx * gy))
    angle = 0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2
    nth = np.round(angle / np.pi * count).astype(np.int32) % count
    return np.asarray(cv2.resize(nth.astype(np.uint8), (w, h), interpolation=cv2.INTER_NEAREST), np.uint8)


def detail_of(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return how much is to be seen around each pixel, (H/8, W/8), in code values."""
    h, w = picture.shape[:2]
    grey = cv2.resize(luma_of(picture), (max(w // 4, 8), max(h // 4, 8)), interpolation=cv2.INTER_AREA)
    edge = np.abs(cv2.Laplacian(cv2.GaussianBlur(grey, (0, 0), 0.8), cv2.CV_32F))
    small = cv2.resize(edge, (max(w // 8, 8), max(h // 8, 8)), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), 1.6), f32)

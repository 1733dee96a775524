"""The last pass against plain numpy, and what video players rely on."""

import numpy as np
import pytest

from soundstage.render.previz.canvas import Canvas
from soundstage.render.previz.light import Grade

PLAIN = Grade(
    exposure=1.0, red_gain=1.0, blue_gain=1.0, saturation=1.0, contrast=0.0, vignette=0.0, bloom=0.0,
    bloom_threshold=9.0, grain=0.0,
)  # fmt: skip


def planes_of(video, h, w):
    return video[:h], video[h:].reshape(2, h // 2, w // 2)


def developed(rgb, grade=PLAIN, size=(16, 12), seed=1):
    canvas = Canvas(*size)
    canvas.planes[:] = np.asarray(rgb, np.float32).reshape(3, *([1, 1] if np.ndim(rgb) == 1 else size[::-1]))
    return canvas.finish(grade, seed=seed)


def reference(planes):
    """Film curve and BT.709 limited range, in plain numpy."""
    r, g, b = planes.astype(np.float64)
    mixed = [r * 0.94 + g * 0.04 + b * 0.02, g * 0.94 + r * 0.03 + b * 0.03, b * 0.94 + g * 0.03 + r * 0.03]
    r, g, b = (
        np.sqrt(np.minimum((v * (2.51 * v + 0.03)) / (v * (2.43 * v + 0.59) + 0.14), 1)) for v in mixed
    )
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    luma = np.floor(16.5 + 219 * y)

    def halved(c, scale):
        full = (c - y) * 224 / scale
        return np.floor(128.5 + (full[::2, ::2] + full[1::2, ::2] + full[::2, 1::2] + full[1::2, 1::2]) / 4)

    return luma, halved(b, 1.8556), halved(r, 1.5748)


def test_development_matches_plain_numpy():
    """Luma and chroma are those of the formulas, within one code value."""
    planes = np.random.default_rng(2).random((3, 12, 16)) ** 2 * 1.5
    video = developed(planes)
    luma, chroma = planes_of(video, 12, 16)
    want = reference(planes)
    assert np.abs(luma - want[0]).max() <= 1
    assert np.abs(chroma[0] - want[1]).max() <= 1
    assert np.abs(chroma[1] - want[2]).max() <= 1


def test_range_is_limited_and_grey_has_no_colour():
    """Black is 16, white 235, grey has chroma 128; nothing leaves the limited range."""
    for level, luma in ((0.0, 16), (1e6, 235)):
        video = developed([level] * 3)
        y, c = planes_of(video, 12, 16)
        assert (y == luma).all()
        assert (c == 128).all()
    wild = np.random.default_rng(5).normal(0, 50, (3, 12, 16))
    y, c = planes_of(developed(wild), 12, 16)
    assert y.min() >= 16
    assert y.max() <= 235
    assert c.min() >= 16
    assert c.max() <= 240


def test_grain_is_small_even_and_another_each_frame():
    """Grain has a sigma of about one code value and no bias, and differs with the seed."""
    grainy = Grade(**{**{f: getattr(PLAIN, f) for f in PLAIN.__slots__}, "grain": 2.6})
    still = developed([0.18] * 3, size=(256, 256))[:256].astype(float)
    one, two = (developed([0.18] * 3, grainy, (256, 256), seed)[:256].astype(float) for seed in (1, 2))
    assert 0.7 < (one - still).std() < 1.5
    assert abs((one - still).mean()) < 0.5, "half a code value is the rounding of the still one"
    assert abs(np.corrcoef((one - still).ravel(), (two - still).ravel())[0, 1]) < 0.02


def test_bloom_spreads_light_and_hides_no_detail():
    """A bright point lights its surroundings; with bloom at zero it does not."""
    planes = np.zeros((3, 96, 128), np.float32)
    planes[:, 46:50, 62:66] = 30
    glowing = Grade(
        **{**{f: getattr(PLAIN, f) for f in PLAIN.__slots__}, "bloom": 1.0, "bloom_threshold": 0.5}
    )
    off = developed(planes, size=(128, 96))[:96]
    on = developed(planes, glowing, (128, 96))[:96]
    assert off[48, 80] == 16
    assert on[48, 80] > 20
    assert on[48, 70] >= on[48, 80] >= on[48, 100]


@pytest.mark.parametrize("size", [(64, 36), (66, 38), (36, 64), (90, 90), (130, 74)])
def test_every_even_size_develops(size):
    """Sizes that are no multiple of 4 or 16 develop without a seam or a crash."""
    video = developed([0.3] * 3, size=size)
    assert video.shape == (size[1] * 3 // 2, size[0])
    assert np.ptp(video[: size[1]]) == 0

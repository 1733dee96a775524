"""Sparks: fireworks, lightning, embers, meteors, swarms of light. Drawn as strokes and glows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from soundstage.render.previz.scene import LAMP_COLUMNS, NO_LAMPS
from soundstage.render.previz.subjects.phenomenon_bolt import draw_bolt, draw_meteors, flash_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Moment
    from soundstage.render.previz.subjects.phenomenon_vision import Air
    from soundstage.render.previz.view import View

f32 = np.float32
HUES = (
    (1.0, 0.30, 0.10), (0.25, 0.55, 1.0), (1.0, 0.78, 0.30), (0.35, 1.0, 0.45), (0.95, 0.28, 0.75),
    (0.9, 0.95, 1.0),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparks:
    """Points of light that fly by a rule, each with a tail."""

    rule: Literal["fireworks", "embers", "meteors", "bolt", "magic"]
    at_m: tuple[float, float, float]
    size_m: float
    air: Air
    told: Mapping[str, Any]
    seed: int
    depth_m: float
    focus: Literal["back", "full"] = "full"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw every spark that burns at this moment."""
        if self.rule == "meteors":
            draw_meteors(canvas, view, moment.t_s, air=self.air, seed=self.seed)
        elif self.rule == "bolt":
            draw_bolt(
                canvas, view, moment.t_s, air=self.air, seed=self.seed, at_m=self.at_m, size_m=self.size_m
            )
        else:
            rules = {"fireworks": self._fireworks, "embers": self._embers, "magic": self._magic}
            rules[self.rule](canvas, view, moment.t_s)

    def lamps(self, moment: Moment) -> NDArray[np.float32]:
        """Return the light it throws on what stands around it."""
        if self.rule == "meteors":
            return NO_LAMPS
        level, hue = 0.15, HUES[0]
        if self.rule == "fireworks":
            born, nth = self._shell(moment.t_s)
            level, hue = 1.2 * math.exp(-2.4 * max(moment.t_s - born, 0)), self._hue(nth)
        if self.rule == "bolt":
            level, hue = 2.5 * flash_of(moment.t_s), (0.75, 0.85, 1.0)
        row = np.zeros((1, LAMP_COLUMNS), f32)
        row[0, :3] = (self.at_m[0], self.at_m[1] + 0.4 * self.size_m, self.at_m[2])
        row[0, 3:6] = hue
        row[0, 6] = 0.4 * level * self.size_m**2
        return row

    # ------------------------------------------------------------------ fireworks

    def _shell(self, t: float) -> tuple[float, int]:
        """Return when the last shell burst, and which it was."""
        nth = max(int((t + 0.35) / 0.75), 0)
        return nth * 0.75 - 0.35, nth

    def _hue(self, nth: int) -> tuple[float, float, float]:
        given = self.air.colours or HUES
        return given[(nth * 2 + nth // 3) % len(given)]

    def _fireworks(self, canvas: Canvas, view: View, t: float) -> None:
        _, last = self._shell(t)
        strokes: list[NDArray[np.float32]] = []
        glows: list[list[float]] = []
        for nth in range(max(last - 4, -2), last + 2):
            rng = np.random.default_rng([self.seed & 0xFFFFFFFF, nth + 9])
            born = nth * 0.75 - 0.35
            x0 = self.at_m[0] + float(rng.uniform(-0.62, 0.62)) * self.size_m
            y0 = self.at_m[1] + float(rng.uniform(0.42, 0.86)) * self.size_m
            z0 = self.at_m[2] + float(rng.uniform(-0.1, 0.2)) * self.size_m
            wide = float(rng.uniform(0.22, 0.36)) * self.size_m
            age = t - born
            hue = np.array(self._hue(nth), f32)
            if -0.9 < age < 0:  # the shell climbs
                u = 1 + age / 0.9
                a, b = (
                    self.at_m[1] + (y0 - self.at_m[1]) * (1 - (1 - k) ** 2) for k in (max(u - 0.10, 0), u)
                )
                strokes.append(
                    self._tails(
                        view,
                        np.array([[x0, a, z0]]),
                        np.array([[x0, b, z0]]),
                        np.array([[1.0, 0.7, 0.35]]),
                        0.004,
                    )
                )
                continue
            if not 0 <= age < 3.2:
                continue
            count = 110
            up = rng.uniform(-1, 1, count)
            turn = rng.uniform(0, 2 * math.pi, count)
            speed = rng.normal(1.0, 0.07, count) if nth % 3 else rng.uniform(0.3, 1.0, count)
            way = (
                np.stack([np.sqrt(1 - up**2) * np.cos(turn), up, np.sqrt(1 - up**2) * np.sin(turn)], 1)
                * speed[:, None]
            )

            def spots(
                at: float, way: Any = way, wide: float = wide, x0: float = x0, y0: float = y0, z0: float = z0
            ) -> Any:
                at = max(at, 0.0)
                out = way * wide * (1 - math.exp(-2.6 * at))
                out[:, 1] -= 0.055 * self.size_m * at * at
                return out + np.array([x0, y0, z0])

            fade = max(1 - age / 2.6, 0.0) ** 1.4
            twinkle = 1.0 if age < 1.0 else 0.45 + 0.55 * (rng.random(count) < 0.55)
            colour = hue[None, :] * np.asarray(fade * twinkle).reshape(-1, 1) * np.ones((count, 1))
            strokes.append(
                self._tails(view, spots(age - 0.26 - 0.12 * age), spots(age), colour * 1.25, 0.0042)
            )
            if age < 0.5:
                px, py, per_m = (float(v[0]) for v in view.project(np.array([[x0, y0, z0]])))
                k = math.exp(-9 * age) * 1.6 * self.air.white
                glows.append([px, py, wide * 0.55 * per_m, *(hue * k * 0.8 + 0.2 * k)])
                glows.append([px, py, wide * 1.6 * per_m, *(hue * k * 0.15)])
        for rows in strokes:
            canvas.strokes(rows)
        canvas.glows(glows)

    def _tails(self, view: View, old: Any, new: Any, colour: Any, width: float) -> NDArray[np.float32]:
        """Return strokes from where sparks were to where they are, dark behind and bright ahead."""
        x0, y0, _ = view.project(np.asarray(old))
        x2, y2, per_m = view.project(np.asarray(new))
        n = len(x2)
        size = np.maximum(width * self.size_m * per_m, view.height_px / 900)
        rgb = np.asarray(colour, f32) * f32(1.7 * self.air.white)
        alpha = np.clip(rgb.max(axis=1) / self.air.white, 0, 1)
        rows = np.zeros((n, 18), f32)
        rows[:, 0], rows[:, 1] = x0, y0
        rows[:, 2], rows[:, 3] = (x0 + x2) / 2, (y0 + y2) / 2 + (y2 - y0) * 0.02
        rows[:, 4], rows[:, 5] = x2, y2
        rows[:, 6], rows[:, 7] = size * 0.25, size
        rows[:, 8:11] = rgb * 0.25
        rows[:, 11] = alpha * 0.15
        rows[:, 12:15] = rgb
        rows[:, 15] = alpha
        rows[:, 16:18] = 1.0
        return rows[per_m > 0]

    # ------------------------------------------------------------------ embers

    def _embers(self, canvas: Canvas, view: View, t: float) -> None:
        rng = np.random.default_rng([self.seed & 0xFFFFFFFF, 4])
        count = int(self.told.get("count", 90))
        life = rng.uniform(1.2, 3.0, count)
        age = (t + rng.uniform(0, 9, count)) % life
        u = age / life
        born = rng.normal(0, 0.16, count) * self.size_m
        swirl = rng.uniform(0, 6.28, count)

        def spots(at: Any) -> Any:
            k = np.maximum(at, 0)
            x = born * (1 + 0.5 * k) + self.size_m * (
                0.10 * np.sin(2.1 * k + swirl) * k + 0.06 * k * k * (0.2 + self.air.light.wind)
            )
            y = self.size_m * (0.15 + 0.62 * k - 0.04 * k * k)
            z = self.size_m * 0.12 * np.cos(1.7 * k + swirl) * k
            return np.stack([self.at_m[0] + x, self.at_m[1] + y, self.at_m[2] + z], 1)

        hue = np.array(self.air.colours[0] if self.air.colours else (1.0, 0.36, 0.06), f32)
        bright = (1 - u) ** 0.8 * (0.45 + 0.55 * np.sin(9 * age + swirl) ** 2) * np.minimum(age * 6, 1)
        canvas.strokes(
            self._tails(view, spots(age - 0.05), spots(age), hue[None, :] * bright[:, None] * 1.1, 0.009)
        )

    # ------------------------------------------------------------------ magic

    def _magic(self, canvas: Canvas, view: View, t: float) -> None:
        rng = np.random.default_rng([self.seed & 0xFFFFFFFF, 80])
        count = int(self.told.get("count", 420))
        shell = rng.random(count) ** 0.5
        turn, up = rng.uniform(0, 6.283, count), rng.normal(0, 0.5, count)
        pace = rng.uniform(0.4, 1.1, count)

        def spots(at: float) -> Any:
            a = turn + at * pace * 1.3 + 1.5 * shell
            wave = 0.12 * np.sin(2 * a + at * 0.9) + 0.05 * np.sin(5 * a - 1.7 * at)
            r = self.size_m * 0.46 * (0.25 + 0.75 * shell) * (1 + 0.10 * np.sin(0.8 * at + 3 * shell))
            y = self.size_m * (0.5 + 0.22 * up * shell + wave * shell + 0.05 * np.sin(at * 0.7 + turn))
            return np.stack(
                [self.at_m[0] + r * np.cos(a), self.at_m[1] + y, self.at_m[2] + 0.6 * r * np.sin(a)], 1
            )

        given = self.air.colours or ((0.20, 0.55, 1.0), (0.95, 0.30, 0.80), (1.0, 0.70, 0.25))
        hue = np.array([given[k % len(given)] for k in range(count)], f32)
        bright = (0.25 + 0.75 * rng.random(count) ** 2) * (0.7 + 0.3 * np.sin(3 * t + turn * 4))
        canvas.strokes(self._tails(view, spots(t - 0.10), spots(t), hue * bright[:, None], 0.006))
        x, y, per_m = view.project(spots(t)[::6])
        canvas.glows(
            np.column_stack(
                [x, y, 0.03 * self.size_m * per_m, hue[::6] * (bright[::6, None] * 0.18 * self.air.white)]
            )
        )

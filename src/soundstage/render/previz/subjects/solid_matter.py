"""What solids are made of, by the words said of them, and the light they stand in. Knows no mesh."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.kernels.letters import MATTER, MATTER_SIZE, ROOM, ROOM_SIZE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from soundstage.render.previz.light import Light
    from soundstage.render.previz.scene import Ground
    from soundstage.render.previz.view import View

LUMA = np.array((0.2126, 0.7152, 0.0722))
LEAST_KEY = 0.30  #: of the soft key, as the film sees it


@cache
def read_matter() -> Mapping[str, Any]:
    """Return `data/solids/matter.toml`."""
    text = files("soundstage.render.previz").joinpath("data/solids/matter.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def mix_matters(
    facts: Mapping[str, Any], names: Sequence[str], attributes: Sequence[str], light: Light
) -> dict[str, NDArray[np.float32]]:
    """Return the kernel's row of each matter of a model, changed by what was said.

    Colour words change `main`, and `second` where a second colour was said; words for what a thing is made
    of or how worn it is change `main` and what the table says.
    """
    table = read_matter()
    own: Mapping[str, Any] = facts.get("matter", {})
    words = [w for a in attributes for w in (a.lower().replace(" ", "_"), *a.lower().split())]
    said = list(dict.fromkeys(words))
    colours = [w for w in said if w in table["colour"]]
    rows: dict[str, NDArray[np.float32]] = {}
    for name in names:
        line = {**table["matter"]["paint"], **_line(own.get(name, name), table)}
        if name == "main" and colours:
            line |= table["colour"][colours[0]]
        if name == "second" and len(colours) > 1:
            line |= table["colour"][colours[1]]
        for word in said:
            change = table["word"].get(word)
            if change is not None and name in change.get("of", ("main",)):
                line |= {k: v for k, v in change.items() if k != "of"}
            if word in table["worn"] and not any(line["glow"]):
                worn = table["worn"][word]
                line["gloss"] *= worn["gloss"]
                albedo = np.array(line["albedo"])
                line["albedo"] = albedo + (np.array(worn["toward"]) - albedo) * worn["by"]
                line["metal"] *= worn["gloss"]
        rows[name] = _row(line, light)
    return rows


def _line(value: Any, table: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a matter: by its name, or as its own fields over a named one."""
    if isinstance(value, str):
        return table["matter"].get(value, {})
    return {**table["matter"].get(value.get("is", "paint"), {}), **value}


def _row(line: Mapping[str, Any], light: Light) -> NDArray[np.float32]:
    row = np.zeros(MATTER_SIZE, np.float32)
    row[MATTER["albedo"] : MATTER["albedo"] + 3] = line["albedo"]
    row[MATTER["gloss"]] = line["gloss"]
    row[MATTER["metal"]] = line["metal"]
    # A lamp is bright against its surroundings, not in itself; a window's is out by day.
    lit = light.darkness**0.7 if line.get("when") == "night" else 0.30 + 0.70 * light.darkness
    row[MATTER["glow"] : MATTER["glow"] + 3] = np.array(line["glow"]) * lit / max(light.grade.exposure, 0.3)
    return row


def light_room(light: Light, ground: Ground, view: View) -> NDArray[np.float32]:
    """Return the light around a solid, as `kernels.letters.light_solid` takes it."""
    sun, fill = np.array(light.sun_colour), np.array(light.ambient_up)
    level = float(sun @ LUMA)
    # A film crew's soft key from the camera's side: what is lit from behind alone would be an outline.
    key = fill * 0.9 + 0.26 * (0.6 * sun + 0.4 * level) * (
        0.35 + 0.65 * max(float(light.sun_direction[2]), 0)
    )
    seen = max(float(key @ LUMA), 1e-4)
    key = key * max(LEAST_KEY / light.grade.exposure / seen, 1.0)
    side = -1.0 if light.sun_direction[0] > 0 else 1.0
    key_to = np.array([0.62 * side, 0.60, -0.50])
    room = np.zeros(ROOM_SIZE, np.float32)
    for name, value in (
        ("sun_to", light.sun_direction), ("sun", sun), ("key_to", key_to / np.linalg.norm(key_to)),
        ("key", key), ("sky", 0.8 * np.array(light.sky_zenith) + 0.45 * fill),
        ("horizon", np.array(light.sky_horizon) + fill * 0.4),
        ("ground", np.array(light.ambient_down) + 0.22 * np.array(ground.albedo) * fill),
        ("rim", light.rim_colour), ("eye", view.eye_m),
    ):  # fmt: skip
        room[ROOM[name] : ROOM[name] + 3] = value
    return room

"""A recipe of land: one TOML file per place under `data/landscapes/`. `README` of its keys: docs of `Recipe`.

A prompt's own words pick a variant: "a lavender field" is the flower field with lavender in it.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.render.previz.scene import SetContext

FALLBACK = "meadow"


@cache
def read_recipe(place: str) -> Mapping[str, Any]:
    """Return `data/landscapes/<place>.toml`; the meadow's when there is none."""
    folder = files("soundstage.render.previz").joinpath("data/landscapes")
    path = folder.joinpath(f"{place}.toml")
    if not path.is_file():
        path = folder.joinpath(f"{FALLBACK}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def read_shared() -> Mapping[str, Any]:
    """Return `data/land.toml`: soils and seasons, which all recipes share."""
    text = files("soundstage.render.previz").joinpath("data/land.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


#: How high one stands over land where nobody is in the picture, in metres, by framing and by move.
ALTITUDE_M = {"aerial": 150.0, "extreme_wide": 6.0}
ALTITUDE_MOVES_M = {"fly_over": 110.0}
LEAST_VANTAGE = 1.5  #: what is hardly smaller is better left as it is
FLIGHT_M = 60.0  #: from here on it is a flight, and the recipe's own `flight_m` counts


def vantage_of(ctx: SetContext, recipe: Mapping[str, Any]) -> float:
    """Return how many times smaller the land is built than it is; 1 where subjects give the scale."""
    if ctx.shot.subjects:
        return 1.0
    altitude = max(ALTITUDE_M.get(ctx.shot.framing, 1.0), ALTITUDE_MOVES_M.get(ctx.shot.camera.move, 1.0))
    if altitude >= FLIGHT_M:
        altitude = float(recipe.get("flight_m", altitude))
    highest = max(ctx.camera.view(u, u * ctx.seconds).eye_m[1] for u in (0.0, 0.5, 1.0))
    times = altitude / highest
    return min(times, 160.0) if times > LEAST_VANTAGE else 1.0


def lowered(recipe: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a recipe for a flight: no ground is kept level for subjects, hills begin under the lens."""
    relief = [
        # What begins kilometres off stays there: else its summits would be all there is.
        {**line, "everywhere": True} if float(line.get("from_m", 0.0)) < 1500.0 else line
        for line in recipe["relief"]
    ]
    return {**recipe, "relief": relief}


def shrunk(table: Any, times: float) -> Any:
    """Return a recipe with every length in it `times` smaller, by the units in the names of its keys."""
    if isinstance(table, list):
        return [shrunk(part, times) for part in table]  # pyright: ignore[reportUnknownVariableType] - TOML is open
    if not isinstance(table, dict):
        return table
    built: dict[str, Any] = {}
    for key, value in table.items():  # pyright: ignore[reportUnknownVariableType] - TOML is open
        name = str(key)  # pyright: ignore[reportUnknownArgumentType] - TOML is open
        if name.endswith("_per_m"):
            # From high up one looks through thinner air than a shrunken world would have.
            built[name] = value * times**0.5
        elif name.endswith("_m") or name in {"height", "away"}:
            built[name] = [v / times for v in value] if isinstance(value, list) else value / times
        else:
            built[name] = shrunk(value, times)
    return built


def recipe_of(ctx: SetContext) -> Mapping[str, Any]:
    """Return a shot's recipe, changed by the words of its setting and by its season."""
    base = dict(read_recipe(ctx.shot.place))
    variants: Mapping[str, Any] = base.pop("variant", {})
    things = (word for subject in ctx.shot.subjects for word in (subject.noun, *subject.attributes))
    said = " ".join((ctx.shot.setting, *things)).lower()
    for variant in variants.values():
        if any(word in said for word in variant["words"]):
            base.update({k: v for k, v in variant.items() if k != "words"})
            break
    season = base.get(ctx.shot.season or "")
    if isinstance(season, dict):
        base.update(season)
    return base


def whiteness(ctx: SetContext, recipe: Mapping[str, Any]) -> float:
    """Return how much snow lies, 0..1: the recipe's own, the weather's, or the winter's."""
    white = max(float(recipe.get("snow", 0.0)), ctx.light.white)
    if ctx.shot.season == "winter" and recipe.get("winters", True):
        white = max(white, 0.85)
    return white if recipe.get("winters", True) or "snow" in recipe else 0.0


def tint_of(ctx: SetContext, recipe: Mapping[str, Any]) -> tuple[float, float, float]:
    """Return what the season multiplies leaves and grass by."""
    seasons: Mapping[str, Any] = read_shared()["season"]
    r, g, b = (
        seasons.get(ctx.shot.season or "", [1.0, 1.0, 1.0]) if recipe.get("winters", True) else (1, 1, 1)
    )
    return float(r), float(g), float(b)

"""Draw contact sheets of the previz engine: `python scripts/draw_sheets.py FOLDER [-j 2] [NAME...]`.

One sheet for each place, kind, action, camera move, style and a few whole prompts, six frames each, in
folders of those names. NAME is a folder or a sheet ("styles", "kinds/horse"); what has a space in it is a
prompt. Look at them before you say that a picture is good.
"""

import argparse
import tomllib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from importlib.resources import files
from multiprocessing import get_context
from pathlib import Path
from typing import get_args

import cv2
import numpy as np

from soundstage import app
from soundstage.film import Camera, FrameSize, Lens, Move, Screenplay, Seconds, Shot, Subject
from soundstage.render.engine import Brief
from soundstage.render.previz.canvas import CanvasSet
from soundstage.render.previz.repertoire import read_kinds, read_places
from soundstage.render.previz.staging import stage_shot
from soundstage.render.previz.styles.style import read_styles
from soundstage.render.previz.transitions import plan_joins

PROMPTS = {
    "fireflies": "Close-up of glowing fireflies dancing in a dark forest at twilight. Soft bioluminescent"
    " particles float through the air. Shallow depth of field, bokeh lights in background. Magical"
    " atmosphere, gentle movement.",
    "retriever": "A golden retriever running along a beach at sunset, tracking shot",
    "forest_rain": "Heavy rain in a forest at dusk, handheld",
    "teapot": "A silver teapot on a table in soft studio light, orbit shot",
    "zorbotron": "A zorbotron under a starry night sky, slow tilt up",
    "neon_sign": 'A neon sign reads "OPEN" above a rainy street at night',
    "title": 'Title "Chapter One" over mountains at sunrise. Fade in from black.',
    "dissolve": "A lighthouse at sunset. Dissolve to: a city street at night. Fade to black.",
}
COLUMNS, ROWS, WIDTH = 3, 2, 320
SECONDS = 4.0
HOURS = (
    ("noon", "clear"), ("golden_hour", "clear"), ("sunset", "cloudy"), ("night", "clear"), ("morning", "fog"),
    ("afternoon", "rain"),
)  # fmt: skip
#: Whom moves and styles are shown with, and where.
STAGE = (("forest", "fox"), ("city_street", "car"), ("open", "woman"))
#: Where a kind is at home; all others stand in the open.
HOMES = {
    "water_life": "reef",
    "product": "kitchen",
    "people": "city_street",
    "plant": "meadow",
}


@dataclass(frozen=True)
class Sheet:
    """A sheet to draw: shots whose frames are spread over its cells."""

    name: str
    shots: tuple[tuple[Shot, str], ...]  #: each with its style


def a_shot(place: str, kind: str | None = None, *, action: str | None = None, **told: object) -> Shot:
    """Return a shot of a few seconds in a place, of one subject."""
    subjects = () if kind is None else (Subject(noun=kind.replace("_", " "), kind=kind, action=action),)
    return Shot(
        index=0, start=Seconds(0.0), seconds=Seconds(SECONDS), place=place, subjects=subjects,
        **{"framing": "medium", **told},
    )  # fmt: skip


def all_sheets() -> Iterator[Sheet]:
    """Yield every sheet there is a name for in the tables."""
    for place in read_places():
        shots = (a_shot(place, framing="wide", time_of_day=t, weather=w) for t, w in HOURS)
        yield Sheet(f"places/{place}", tuple((shot, "cinematic") for shot in shots))
    families = _table("plan", "nouns.toml")
    family_of = {kind: family for family, kinds in families.items() for kind in kinds}
    for kind, line in read_kinds().items():
        action = next(iter(line.speed_m_s), None)
        place = HOMES.get(family_of.get(kind, ""), "open")
        yield Sheet(f"kinds/{kind}", ((a_shot(place, kind, action=action), "cinematic"),))
    poses = _table("render/previz", "poses.toml").values()
    actions = dict.fromkeys(a for pose in poses for a in _actions(pose))
    for action in actions:
        yield Sheet(
            f"actions/{action}", ((a_shot("open", "woman", action=action, framing="wide"), "cinematic"),)
        )
    for move in get_args(Move):
        camera = Camera(move=move)
        cells = tuple((a_shot(p, k, camera=camera), "cinematic") for p, k in STAGE[1:])
        yield Sheet(f"moves/{move}", cells)
    for name, camera in (
        ("whip_pan", Camera(move="pan", heading="right", amplitude=0.9, speed=1.0)),
        ("crash_zoom", Camera(move="zoom", amplitude=0.9, speed=1.0)),
        ("zoom_out", Camera(move="zoom", heading="away")),
        ("crane_down", Camera(move="crane", heading="down")),
        ("pov", Camera(move="dolly_in", pov=True, handheld=0.35)),
    ):
        yield Sheet(f"moves/{name}", ((a_shot("city_street", "car", camera=camera), "cinematic"),))
    for style in read_styles():
        yield Sheet(f"styles/{style}", tuple((a_shot(p, k, lens=Lens()), style) for p, k in STAGE))
    for name, prompt in PROMPTS.items():
        yield of_prompt(f"prompts/{name}", prompt)


def _actions(pose: object) -> list[str]:
    """Return the actions a table of poses stands for, wherever they lie in it."""
    if not isinstance(pose, dict):
        return []
    own = pose.get("actions", ())
    return [*own, *(a for inner in pose.values() for a in _actions(inner))]


def _table(room: str, name: str) -> dict[str, dict[str, object]]:
    text = files("soundstage").joinpath(room, "data", name).read_text(encoding="utf-8")
    return tomllib.loads(text)


def of_prompt(name: str, prompt: str) -> Sheet:
    """Return the sheet of a whole film."""
    settings = app.load_settings()
    body = {"prompt": prompt, "resolution": "360p", "seed": 7, "duration": "5", "generate_audio": False}
    order = app.read_request(body, endpoint="fal-ai/kling-video/v3/pro/text-to-video", settings=settings)
    screenplay: Screenplay = app.write_screenplay(order)
    return Sheet(name, tuple((shot, screenplay.style) for shot in screenplay.shots))


def draw(sheet: Sheet, folder: Path) -> str:
    """Draw a sheet's frames side by side; returns what was drawn, or what broke."""
    cv2.setNumThreads(1)
    size = FrameSize(width=WIDTH, height=WIDTH * 9 // 16)
    cells: list[np.ndarray] = []
    before: Shot | None = None
    each = max(COLUMNS * ROWS // len(sheet.shots), 1)
    for shot, style in sheet.shots:
        count = max(round(float(shot.seconds) * 24), 2)
        brief = Brief(size=size, fps=24, frame_count=count, seed=7, style=style, before=before)
        try:
            scene, joins = stage_shot(shot, brief), plan_joins(shot, brief)
            canvases = CanvasSet.make(size.width, size.height)
            for index in (
                np.linspace(0, count - 1, each + 2)[1:-1]
                if each < COLUMNS
                else np.linspace(0, count - 1, each)
            ):
                video = joins.draw(scene, brief, int(index), canvases)
                cells.append(cv2.cvtColor(video, cv2.COLOR_YUV2BGR_I420))
        except Exception as exc:  # noqa: BLE001 - one broken sheet must not hide the others
            return f"{sheet.name}: BROKEN: {exc!r}"
        before = replace(shot, seconds=Seconds(count / 24))
    blank = np.zeros_like(cells[0])
    cells = [*cells, *[blank] * (COLUMNS * ROWS)][: COLUMNS * ROWS]
    target = folder / f"{sheet.name}.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    rows = [np.hstack(cells[r * COLUMNS : (r + 1) * COLUMNS]) for r in range(ROWS)]
    cv2.imwrite(str(target), np.vstack(rows))
    return str(target)


def _asked(names: list[str]) -> list[Sheet]:
    prompts = [of_prompt(f"asked/prompt_{i}", name) for i, name in enumerate(names) if " " in name]
    plain = [name.rstrip("/") for name in names if " " not in name]
    if names and not plain:
        return prompts
    return prompts + [
        sheet
        for sheet in all_sheets()
        if not plain or sheet.name in plain or sheet.name.partition("/")[0] in plain
    ]


def main() -> None:
    """Draw the sheets that were asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", default=".run/sheets", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("-j", "--jobs", type=int, default=2)
    told = parser.parse_intermixed_args()
    sheets = _asked(told.names)
    # Spawned: what numba holds does not survive a fork.
    with ProcessPoolExecutor(told.jobs, mp_context=get_context("spawn")) as pool:
        for line in pool.map(draw, sheets, [told.folder] * len(sheets)):
            print(line, flush=True)


if __name__ == "__main__":
    main()

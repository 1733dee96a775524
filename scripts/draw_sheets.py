"""Draw contact sheets of the previz engine into a folder: `python scripts/draw_sheets.py FOLDER [PROMPT...]`.

One sheet a prompt: six frames, first to last. Look at them before you say that a picture is good.
"""

import sys
from pathlib import Path

import cv2
import numpy as np

from soundstage import app
from soundstage.film import Screenplay, Shot
from soundstage.render.engine import Engine

PROMPTS = {
    "fireflies": "Close-up of glowing fireflies dancing in a dark forest at twilight. Soft bioluminescent"
    " particles float through the air. Shallow depth of field, bokeh lights in background. Magical"
    " atmosphere, gentle movement.",
    "retriever": "A golden retriever running along a beach at sunset, tracking shot",
    "beach_noon": "Wide shot of an empty beach at noon, waves rolling in, slow dolly in",
    "beach_night": "A moonlit beach at night, static shot",
    "forest_morning": "A misty forest in the morning, sun rays through the trees, slow truck left",
    "forest_rain": "Heavy rain in a forest at dusk, handheld",
    "teapot": "A silver teapot on a table in soft studio light, orbit shot",
    "zorbotron": "A zorbotron under a starry night sky, slow tilt up",
    "snow": "A red bicycle in falling snow at sunrise",
}
COLUMNS, ROWS, WIDTH = 3, 2, 640


def draw(prompt: str, target: Path) -> None:
    """Render a prompt small and lay six of its frames side by side."""
    settings = app.load_settings()
    body = {"prompt": prompt, "resolution": "360p", "seed": 7, "duration": "5", "generate_audio": False}
    order = app.read_request(body, endpoint="fal-ai/kling-video/v3/pro/text-to-video", settings=settings)
    screenplay = app.write_screenplay(order)
    catalog = app.build_catalog(settings)
    with catalog.opened("previz") as engine:
        cells = [cell for shot in screenplay.shots for cell in _cells(engine, screenplay, shot)]
    catalog.close()
    picked = [cells[i] for i in np.linspace(0, len(cells) - 1, COLUMNS * ROWS).astype(int)]
    rows = [np.hstack(picked[r * COLUMNS : (r + 1) * COLUMNS]) for r in range(ROWS)]
    target.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(target), np.vstack(rows))


def _cells(engine: Engine, screenplay: Screenplay, shot: Shot) -> list[np.ndarray]:
    brief = app.write_brief(screenplay, shot)
    pictures = []
    for run in engine.render(shot, brief):
        for frame in run.yuv420:
            bgr = cv2.cvtColor(frame, cv2.COLOR_YUV2BGR_I420)
            pictures.append(cv2.resize(bgr, (WIDTH, WIDTH * bgr.shape[0] // bgr.shape[1])))
    return pictures


def main() -> None:
    """Draw the sheets that were asked for, or all."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".run/sheets")
    asked = {f"prompt_{i}": text for i, text in enumerate(sys.argv[2:])} or PROMPTS
    for name, prompt in asked.items():
        draw(prompt, folder / f"{name}.png")
        print(folder / f"{name}.png")


if __name__ == "__main__":
    main()

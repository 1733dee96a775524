"""The corpus: prompts, the requests they come with, and what must be read from them. Knows no score.

A file is `[[prompt]]` tables: `id`, `tags`, `prompt` (or `multi`, pairs of text and seconds), the request's
fields (`seconds`, `shot_type`, `negative_prompt`, `cfg_scale`), what holds for the film (`excluded`, `style`,
`language`, `notes`: kinds that must be there, `no_notes`: kinds that must not, `invented = false`: nothing
is), and a `[[prompt.shot]]` for each shot with only what the prompt clearly says. A value that may be read in
several ways is a list; in a list of values, the one that may is a list in it. Nobody speaks but in `lines`.
A subject's `kind` is the entry of nouns.toml it must have, and may be known by, where its noun is of
another language.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from soundstage.film import FrameSize, Order, ShotRequest

OPEN = Path(__file__).with_name("corpus")
SEALED = OPEN / "sealed"
_PROMPT_KEYS = frozenset({
    "id", "tags", "prompt", "multi", "seconds", "shot_type", "negative_prompt", "cfg_scale", "generate_audio",
    "excluded", "style", "language", "notes", "no_notes", "invented", "shot",
})  # fmt: skip
_SHOT_KEYS = frozenset({
    "start", "seconds", "place", "time", "weather", "season", "era", "light", "mood", "palette", "framing",
    "angle", "moves", "camera_heading", "pace", "pov", "lens_mm", "depth", "subjects", "absent", "lines",
    "effects", "music", "on_screen_text",
})  # fmt: skip
_SUBJECT_KEYS = frozenset({"noun", "kind", "count", "has", "action", "then"})
_LINE_KEYS = frozenset({"speaker", "text", "language", "manner", "off_screen"})


def load_cases(folder: Path) -> list[dict]:
    """Return the prompts of every file of a folder.

    Raises:
        ValueError: a key nobody scores; it would be a wish without a point.
    """
    cases = []
    for path in sorted(folder.glob("*.toml")):
        for case in tomllib.loads(path.read_text("utf-8"))["prompt"]:
            unknown = set(case) - _PROMPT_KEYS
            for shot in case["shot"]:
                unknown |= set(shot) - _SHOT_KEYS
                unknown |= {
                    key for subject in shot.get("subjects", ()) for key in set(subject) - _SUBJECT_KEYS
                }
                unknown |= {key for line in shot.get("lines", ()) for key in set(line) - _LINE_KEYS}
            if unknown:
                raise ValueError(f"{path.name}, {case['id']}: nothing scores {sorted(unknown)}")
            cases.append(case)
    return cases


def order_of(case: dict) -> Order:
    """Return the order a prompt of the corpus comes with."""
    shots = tuple(ShotRequest(prompt=text, seconds=seconds) for text, seconds in case.get("multi", ()))
    return Order(
        order_id="00000000-0000-4000-8000-000000000000",
        endpoint="corpus",
        prompt=None if shots else case["prompt"],
        shots=shots,
        seconds=float(sum(shot.seconds for shot in shots) if shots else case.get("seconds", 5)),
        size=FrameSize(width=1920, height=1080),
        fps=24,
        generate_audio=case.get("generate_audio", True),
        shot_type=case.get("shot_type", "customize"),
        negative_prompt=case.get("negative_prompt", "blur, distort, and low quality"),
        cfg_scale=float(case.get("cfg_scale", 0.5)),
        seed=7,
        engine="previz",
        captions="both",
    )

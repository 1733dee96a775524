"""Stage 1 of 5, part: framing and camera that the prompt leaves open, by what is seen. Knows no words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.film import Camera, Note
from soundstage.plan.drafts import family_of
from soundstage.plan.dressing import freedom, pick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from soundstage.film import Framing, Heading, Move, Subject
    from soundstage.plan.camera import View
    from soundstage.plan.dialogue import Speech

_SMALL = frozenset({"firefly", "bee", "butterfly", "dragonfly", "snail", "frog", "mushroom", "flower"})
_CLOSE_FAMILIES = frozenset({"product", "thing", "body"})
_WIDE_FAMILIES = frozenset({"quadruped", "winged", "water_life", "vehicle", "built", "plant", "phenomenon"})
_TRAVELS = frozenset({"run", "gallop", "walk", "drive", "ride", "fly", "swim", "sail", "crawl", "move"})
#: A cut to the same framing of the same subject jumps: the next shot goes one closer or back out.
_NEXT: Mapping[str, Framing] = {"wide": "medium", "medium": "close_up", "close_up": "medium"}
#: What a camera left free may do.
_FREE: tuple[tuple[Move, Heading | None], ...] = (
    ("orbit", "left"), ("orbit", "right"), ("crane", "up"), ("truck", "left"), ("truck", "right"),
    ("dolly_in", None), ("dolly_out", None), ("pan", "right"),
)  # fmt: skip
#: From here on only what was said is filmed.
_TO_THE_LETTER = 0.9


def choose_framing(
    subjects: Sequence[Subject], speeches: Sequence[Speech], view: View, before: str
) -> Framing:
    """Return the framing that suits what is seen; `before` is the shot's it continues."""
    framing = _by_content(subjects, speeches, view)
    return _NEXT.get(framing, framing) if framing == before else framing


def _by_content(subjects: Sequence[Subject], speeches: Sequence[Speech], view: View) -> Framing:
    if view.camera and view.camera.move == "fly_over":
        return "aerial"
    if any(not speech.off_screen for speech in speeches):
        return "medium"
    if not subjects:
        return "wide"
    main = subjects[0]
    family = family_of(main.kind)
    if main.kind == "eye":
        return "extreme_close_up"
    if main.kind in _SMALL or family in _CLOSE_FAMILIES:
        return "close_up"
    travels = main.action in _TRAVELS
    return "wide" if travels or family in _WIDE_FAMILIES or main.count > 2 else "medium"


def is_literal(adherence: float) -> bool:
    """Tell whether only what was said is to be filmed."""
    return adherence >= _TO_THE_LETTER


def choose_camera(
    subjects: Sequence[Subject], adherence: float, seed: int, shot_id: str
) -> tuple[Camera, Note]:
    """Return a camera for a shot whose prompt names none, and the note that says so."""
    if is_literal(adherence):
        return Camera(amplitude=0.0), _assume(
            "camera unsaid: held still, as the film keeps to the letter", shot_id
        )
    free = freedom(adherence)
    if free:
        move, heading = _FREE[pick(seed, shot_id, len(_FREE))]
        camera = Camera(move=move, heading=heading, amplitude=round(0.3 + 0.4 * free, 2), speed=0.4)
        said = f"invented, nobody said it: the camera's move, {move.replace('_', ' ')}"
        return camera, Note(kind="invented", text=said, shot=shot_id)
    if subjects and subjects[0].action in _TRAVELS:
        return Camera(move="track"), _assume("camera unsaid: it tracks the subject", shot_id)
    return Camera(move="dolly_in", amplitude=0.2, speed=0.3), _assume(
        "camera unsaid: a slow push in", shot_id
    )


def _assume(text: str, shot_id: str) -> Note:
    return Note(kind="assumed", text=text, shot=shot_id)

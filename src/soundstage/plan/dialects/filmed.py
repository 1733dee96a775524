"""How a shot is filmed: framing, lens, pace and moves, in prose and in H3's closed list. Knows no subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.plan.dialects.phrasing import article, word, words
from soundstage.screenplay import Camera, Lens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from soundstage.film import CameraChange, Shot

#: Amplitudes and speeds up to the first are small and slow, from the second on large and fast.
SMALL, LARGE = 0.3, 0.7
SHALLOW_F, DEEP_F = 2.0, 11.0
FISHEYE_MM, LONG_MM, MACRO_MM = 15.0, 120.0, 90.0
#: Moves without an amplitude.
_STILL = ("static", "rack_focus")


def tell_framing(shot: Shot) -> str:
    """Return "a close-up from a low angle, in slow motion"."""
    framing, angle, pace = tell_framing_parts(shot)
    return " ".join(part for part in (article(framing), angle, pace) if part)


def tell_framing_parts(shot: Shot) -> tuple[str, str, str]:
    """Return framing, angle and pace apart; what is plain is empty."""
    framing = word("framing", shot.framing).partition(" ")[2]
    if shot.camera.pov:
        kind = framing.removesuffix(" shot")
        framing = f"{kind} point-of-view shot" if kind != framing else f"point-of-view {framing}"
    return framing, word("angle", shot.angle), word("pace", shot.pace)


def tell_lens(shot: Shot) -> str:
    """Return what the lens does where it was asked for: "The depth of field is shallow"."""
    lens = shot.lens
    if "lens" not in shot.sources and (shot.sources or lens == Lens()):
        return ""
    glass = ""
    if lens.focus == "near" and lens.focal_length_mm >= MACRO_MM:
        glass = "a macro lens"
    elif lens.focal_length_mm <= FISHEYE_MM:
        glass = "a fisheye lens"
    elif lens.focal_length_mm >= LONG_MM:
        glass = "a long lens"
    depth = ""
    if lens.f_number <= SHALLOW_F:
        depth = "a shallow depth of field"
    elif lens.f_number >= DEEP_F or lens.focus == "deep":
        depth = "deep focus"
    told = " and ".join(part for part in (glass, depth) if part)
    return f"It is shot with {told}" if told else ""


def tell_moves(shot: Shot) -> str:
    """Return what the camera does, in prose; empty where it stands still and nobody asked for that."""
    if _is_unsaid(shot):
        return ""
    return f"The camera {name_moves(shot)}"


def name_moves(shot: Shot) -> str:
    """Return every move of a shot as it goes on: "slowly pushes in, then tilts up to a wide shot"."""
    camera = shot.camera
    told = _move(camera)
    if camera.handheld and camera.move != "handheld":
        told += ", handheld"
    for change in camera.then:
        told += f", then {_move(change)}"
        told += f" to {word('framing', change.framing)}" if change.framing else ""
    return told


def tell_h3_moves(shot: Shot) -> Iterator[str]:
    """Yield what the camera does as type, amplitude and speed; a sentence for each move."""
    camera = shot.camera
    if _is_unsaid(shot):
        yield "The camera holds a static shot"
    else:
        shakes = camera.handheld if camera.move != "handheld" else 0.0
        shaking = f", shaking {'strongly' if shakes >= LARGE else 'slightly'}" if shakes else ""
        yield f"The camera {_h3_move(camera)}{shaking}"
    for change in camera.then:
        where = f" to {word('framing', change.framing)}" if change.framing else ""
        yield f"Then the camera {_h3_move(change)}{where}"


def _is_unsaid(shot: Shot) -> bool:
    return shot.camera == Camera() and "move" not in shot.sources


def _move(camera: Camera | CameraChange) -> str:
    verb = _named("move", camera)
    if camera.move in _STILL:
        return verb
    if camera.move == "handheld":
        return verb
    if camera.speed <= SMALL:
        return f"slowly {verb}"
    return f"quickly {verb}" if camera.speed >= LARGE else verb


def _h3_move(camera: Camera | CameraChange) -> str:
    verb = _named("h3_move", camera)
    if camera.move == "handheld" and camera.amplitude >= LARGE:
        verb = "shakes strongly"
    if camera.move in (*_STILL, "handheld"):
        return verb
    size = " with small amplitude" if camera.amplitude <= SMALL else ""
    size = " with large amplitude" if camera.amplitude >= LARGE else size
    speed = " at slow speed" if camera.speed <= SMALL else ""
    return verb + size + (" at fast speed" if camera.speed >= LARGE else speed)


def _named(section: str, camera: Camera | CameraChange) -> str:
    table = words()[section]
    return table.get(f"{camera.move}_{camera.heading}") or table[camera.move]

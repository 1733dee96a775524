"""Stage 4 of 5. Frames and sound in, an MP4 with poster and captions out. Knows no engine and no store."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from soundstage.stitch.bench import Bench
    from soundstage.stitch.clip import ClipKey
    from soundstage.stitch.encoder import check_encoder
    from soundstage.stitch.inspection import Probe, probe

__all__ = ["Bench", "ClipKey", "Probe", "check_encoder", "probe"]

_HOMES = {
    "Bench": "bench",
    "ClipKey": "clip",
    "Probe": "inspection",
    "check_encoder": "encoder",
    "probe": "inspection",
}


def __getattr__(name: str) -> Any:
    # The encoder's libraries are 100 MB: the terminal's help must not load them.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)

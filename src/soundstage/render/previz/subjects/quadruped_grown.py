"""What grows on a four-legged body beyond the common plan: horns, antlers, tusks, humps, trunks, udders.

Each is a row of the table (see `data/quadrupeds.toml`), so that a new horned animal needs no code. Knows no
fur, no scene.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from soundstage.render.previz.subjects.quadruped_build import FUR, HORN, IVORY, NOSE, cone

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from soundstage.render.previz.rig.sdf import Cone, Point
    from soundstage.render.previz.subjects.quadruped_build import HeadAxes

_MATTERS = {"fur": FUR, "horn": HORN, "ivory": IVORY, "bare": NOSE}
_ON_HEAD = ("head", "jaw", "ear", "swing")


def grow_flesh(
    rows: Sequence[Mapping[str, Any]], trunk: Callable[..., Point], head: HeadAxes
) -> dict[str, tuple[Cone, ...]]:
    """Return the cones of rows by the skin they belong to; those of "trunk" melt into the trunk.

    A row has `bone`, `path` (points), `radii` (one a point, metres) and may have `skin`, `matter`, `twin`
    (its mirror image grows too), `breadth` and `blend`. Points are in head axes for bones of the head, else
    in those of the trunk.
    """
    skins: dict[str, list[Cone]] = {}
    for row in rows:
        bone: str = row["bone"]
        on_head = bone.startswith(_ON_HEAD)
        size = head.size if on_head else 1.0
        path, radii = row["path"], row["radii"]
        for z in (1.0, -1.0) if row.get("twin") else (1.0,):
            skin = row.get("skin", "trunk")
            if row.get("twin") and skin != "trunk":
                skin += "L" if z > 0 else "R"
            for i in range(len(path) - 1):
                start, end = ((p[0], p[1], p[2] * z) for p in path[i : i + 2])
                skins.setdefault(skin, []).append(
                    cone(
                        bone if i == 0 or not bone.startswith("swing") else f"swing{int(bone[5:]) + i}",
                        head(*start) if on_head else trunk(*start),
                        head(*end) if on_head else trunk(*end),
                        radii[i] * size,
                        radii[i + 1] * size,
                        row.get("blend", 0.02),
                        row.get("breadth", 1.0),
                        _MATTERS[row.get("matter", "fur")],
                    )
                )
    return {name: tuple(cones) for name, cones in skins.items()}

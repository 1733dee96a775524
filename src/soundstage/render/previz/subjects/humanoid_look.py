"""From a prompt's words to a person's looks: clothes, hair, age, colours. Knows no scene.

What was said counts; what was not is drawn from the palettes of `data/humanoids.toml` by chance.
"""

from __future__ import annotations

import re
from dataclasses import fields, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from soundstage.render.previz.subjects.humanoid_body import Build
from soundstage.render.previz.subjects.humanoid_clothes import Outfit
from soundstage.render.previz.subjects.humanoid_rig import Look, read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np

    Pick = Callable[[Sequence[Any]], Any]

Colour = tuple[float, float, float]
_FIELDS = {field.name for field in fields(Outfit)}
_HAIR = {
    "bald": "bald", "bun": "bun", "ponytail": "ponytail", "pigtails": "pigtails", "braids": "pigtails",
    "bob": "bob", "afro": "afro", "curly": "afro", "long": "long", "short": "short",
}  # fmt: skip
_OLD = {"old", "elderly", "aged", "ancient"}
_STYLED = {"bald", "bun", "ponytail", "pigtails", "braids", "bob", "afro"}
_FAIR = {"blonde", "blond", "brunette", "ginger"}
_FLAT = {"short", "receding", "bun", "afro"}
_COVERS = {"helm", "space_helmet", "toque", "hard_hat", "mask_hood", "robot_head", "hijab", "turban"}
_HATS = {"wizard_hat", "fedora", "cap", "straw_hat"}
_ONE_WORD = ("lab coat", "rain coat", "t shirt", "space suit", "wet suit", "head scarf", "bow tie")
_SIZES = {"tall": 1.08, "short": 0.92, "giant": 1.6, "huge": 1.4, "tiny": 0.75}


def entries_for(noun: str, kind: str | None, words: Sequence[str], count: int) -> list[str]:
    """Return the entries of `count` people that a noun means, before any choice by chance."""
    people = read_table()["people"]
    word = noun.lower()
    name = next((n for n, row in people.items() if word in row.get("nouns", ())), None)
    if name is None:
        name = kind if kind in people else "person"
    cast = people[name].get("cast", [name])
    if not _OLD.isdisjoint(words):
        cast = ["old_" + one if one in ("man", "woman") else one for one in cast]
    return [cast[i % len(cast)] for i in range(count)]


def default_count(kind: str | None) -> int:
    """Return how many people a kind is when the prompt names no number."""
    row = read_table()["people"].get(kind or "", {})
    return len(row.get("cast", [""]))


def pose_of(entry: str) -> str | None:
    """Return what an entry does when it is told nothing: a dancer dances."""
    return read_table()["people"][entry].get("pose")


def dress(
    entry: str,
    words: Sequence[str],
    chance: np.random.Generator,
    *,
    props: Sequence[str] = (),
    fine: float = 1.0,
    face: float = 1.0,
) -> Look:
    """Return the look of one person.

    Args:
        entry: of the table's people.
        words: the subject's attributes and noun, lower case.
        chance: draws what was not said.
        props: names of the table's extras that an action brings.
        fine: see `Look`.
        face: see `Look`.
    """
    row = _resolved(entry, words, chance)
    said = " ".join(words).replace(",", " ")
    for pair in _ONE_WORD:
        said = said.replace(pair, pair.replace(" ", ""))
    tokens = re.findall(r"[a-z][a-z'-]*", said)

    def pick(names: Sequence[Any]) -> Any:
        return names[int(chance.integers(len(names)))]

    extras: list[str] = [*row.get("extras", ()), *props]
    colours = _palette(row, tokens, pick)
    outfit, shine = _clothed(row, tokens, pick(row["outfits"]), colours, extras, pick)
    style, beard = _hair(row, tokens, pick, colours, extras)
    if "crown" in extras:
        colours["metal"] = _named("gold")
    skin = colours["skin"]
    colours["lip"] = (min(skin[0] * 1.02, 0.6), skin[1] * 0.52, skin[2] * 0.55)
    build = _shaped(Build(**row.get("build", {})), tokens)
    return Look(
        build=build,
        outfit=outfit,
        hair=style,
        beard=beard,
        extras=tuple(dict.fromkeys(extras)),
        colours=tuple(sorted(colours.items())),
        iris=_iris(tokens, pick(list(read_table()["irises"].values()))),
        lashes=float(row.get("lashes", 0.0)),
        blush=float(row.get("blush", 0.4)),
        stubble=float(row.get("stubble", 0.0)),
        shine=shine,
        glow=_colour(row["glow"]) if "glow" in row else None,
        fine=fine,
        face=face,
    )


def _iris(tokens: Sequence[str], drawn: Sequence[float]) -> Colour:
    """Return the colour of eyes: as said ("blue eyes", "green eyed"), else as drawn."""
    known = read_table()["irises"]
    said = (token for token, after in pairwise(tokens) if after.startswith("eye") and token in known)
    return _colour(known.get(next(said, ""), drawn))


def _palette(row: Mapping[str, Any], tokens: Sequence[str], pick: Pick) -> dict[str, Colour]:
    palette = read_table()["palettes"]
    return {
        "skin": _colour(row["skin"]) if "skin" in row else _skin(tokens, pick(palette["skins"])),
        "top": _named(pick(row.get("tops", palette["tops"]))),
        "bottom": _named(pick(row.get("bottoms", palette["bottoms"]))),
        "shoe": _named(pick(row.get("shoes", palette["shoes"]))),
        "accent": _named(row.get("accent", "brown")),
        "hat": _named(row.get("hat", "brown")),
        "metal": (0.19, 0.19, 0.20),
        "dark": (0.018, 0.018, 0.020),
        "wood": (0.155, 0.070, 0.028),
        "prop": _colour(row.get("prop", (0.55, 0.50, 0.42))),
        "glass": _colour(row.get("glass", (0.010, 0.010, 0.012))),
    }


def _clothed(
    row: Mapping[str, Any],
    tokens: Sequence[str],
    garment: str,
    colours: dict[str, Colour],
    extras: list[str],
    pick: Pick,
) -> tuple[Outfit, float]:
    """Return the outfit and how much it shines; adds to `colours` and `extras` what it brings."""
    table = read_table()
    outfit, shine = Outfit(), float(row.get("shine", 0.0))
    worn: list[tuple[Any, str | None, str | None]] = [(table["garments"][garment], None, None)]
    said = [i for i, token in enumerate(tokens) if _garment(token) is not None]
    worn += [(_garment(tokens[i]), *_before(tokens, i)) for i in said]
    for cloth, told, material in worn:
        outfit = replace(outfit, **{k: v for k, v in cloth["outfit"].items() if k in _FIELDS})
        extras += [name for name in cloth.get("extras", ()) if name not in extras]
        if "accent" in cloth:
            colours["accent"] = _named(cloth["accent"])
        stuff = table["materials"].get(material or "", {})
        shine = max(shine, float(cloth.get("shine", 0.0)), float(stuff.get("shine", 0.0)))
        colour = told or stuff.get("colour") or None
        if (
            colour is None
            and "tops" in cloth
            and not ("tops" in row and told is None and cloth is worn[0][0])
        ):
            colour = pick(cloth["tops"])
        for matter in (cloth["matter"], *cloth.get("also", ())):
            if colour:
                colours[matter] = _named(colour)
            elif matter != cloth["matter"] and not (matter == "bottom" and "bottoms" in row):
                colours[matter] = colours[cloth["matter"]]
    if not said:  # "a red knight": a colour that belongs to no garment is the clothes'
        follows = [*tokens, ""][1:]
        plain = [
            t
            for t, after in zip(tokens, follows, strict=True)
            if t in table["colours"] and not after.startswith(("hair", "eye", "beard"))
        ]
        if plain:
            colours["top"] = _named(plain[0])
    return replace(outfit, **row.get("add", {})), shine


def _hair(
    row: Mapping[str, Any],
    tokens: Sequence[str],
    pick: Pick,
    colours: dict[str, Colour],
    extras: Sequence[str],
) -> tuple[str, str]:
    """Return the style of hair and beard, and set its colour."""
    table = read_table()["hair_colours"]
    colour = table[pick(row.get("hair_colours", read_table()["palettes"]["hairs"]))]
    style = pick(row.get("hair", ["short"]))
    for i, token in enumerate(tokens):
        of_hair = any(near.startswith("hair") for near in tokens[i + 1 : i + 3])
        if token in _HAIR and (of_hair or token in _STYLED):
            style = _HAIR[token]
        if token in table and (of_hair or token in _FAIR):
            colour = table[token]
    colours["hair"] = _colour(colour)
    beard = pick(row.get("beards", [""]))
    if any(token.startswith("beard") for token in tokens):
        beard = "long" if "long" in tokens or "white" in tokens else "short"
    if "hood" in extras:
        style = "bald" if style in _FLAT else "bob"
    elif not _COVERS.isdisjoint(extras):
        style = "bald"
    elif not _HATS.isdisjoint(extras) and style in _FLAT:
        style = "receding"
    return style, beard


def _shaped(build: Build, tokens: Sequence[str]) -> Build:
    """Return proportions as size and stature words change them."""
    size = 1.0
    for token in tokens:
        size *= _SIZES.get(token, 1.0)
    if size != 1.0:
        build = replace(build, height_m=build.height_m * size)
    if not {"fat", "chubby", "plump", "stout"}.isdisjoint(tokens):
        girth, waist, limbs = build.girth * 1.15, build.waist * 1.12, build.limbs * 1.12
        build = replace(build, girth=girth, waist=waist, belly=1.15, limbs=limbs)
    if not {"muscular", "strong", "burly"}.isdisjoint(tokens):
        shoulders, girth, limbs = build.shoulders * 1.12, build.girth * 1.08, build.limbs * 1.2
        build = replace(build, shoulders=shoulders, girth=girth, limbs=limbs)
    return build


def _resolved(entry: str, words: Sequence[str], chance: np.random.Generator) -> dict[str, Any]:
    """Return an entry's line laid over the one it is like."""
    people = read_table()["people"]
    row = dict(people[entry])
    if "cast" in row:
        row = dict(people[row["cast"][0]])
    if "like" in row:
        wanted = [n for n in row["like"] if n in words]
        female = not {"female", "woman", "lady", "girl"}.isdisjoint(words)
        male = not {"male", "man", "boy"}.isdisjoint(words)
        choices = wanted or [
            n for n in row["like"] if (n in ("woman", "girl")) == female or not (female or male)
        ]
        base = (choices or row["like"])[int(chance.integers(len(choices or row["like"])))]
        row = {**people[base], **row}
    return row


def _garment(token: str) -> Any | None:
    garments = read_table()["garments"]
    return garments.get(token) or (garments.get(token[:-2]) if token.endswith("es") else None)


def _before(tokens: Sequence[str], at: int) -> tuple[str | None, str | None]:
    """Return the colour and the material said right before a garment."""
    table = read_table()
    colour = material = None
    for token in tokens[max(at - 3, 0) : at]:
        if _garment(token) is not None:
            colour = material = None
        if token in table["materials"]:
            material = token
        elif token in table["colours"]:
            colour = token
    return colour, material


def _skin(tokens: Sequence[str], drawn: Sequence[float]) -> Colour:
    table = read_table()
    said = next((table["complexions"][token] for token in tokens if token in table["complexions"]), None)
    return _colour(drawn if said is None else table["palettes"]["skins"][said])


def _named(word: str) -> Colour:
    return _colour(read_table()["colours"][word])


def _colour(told: Sequence[float]) -> Colour:
    return float(told[0]), float(told[1]), float(told[2])

"""Who is seen, doing what, where and in which light: as clauses and sentences. Knows no camera, no sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.plan.dialects.naming import is_many, noun_phrase, with_article
from soundstage.plan.dialects.phrasing import (
    article,
    conjugate,
    in_english,
    is_plural,
    listed,
    word,
    words,
)
from soundstage.plan.dialects.said import complement
from soundstage.plan.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from soundstage.film import Deed, Screenplay, Shot, Subject
    from soundstage.plan.dialects.naming import Naming

_WORD = lazy_pattern(r"[a-z0-9]+")
#: Of a shot, what nobody needs to be told unless it was said.
_PLAIN = {"time_of_day": "afternoon", "weather": "clear", "place": "open"}


def open_shot(
    shot: Shot, screenplay: Screenplay, naming: Naming, framing: str, *, inside: str
) -> Iterator[str]:
    """Yield the sentences on who is seen doing what; the first begins with how it is framed.

    Args:
        shot: the one.
        screenplay: whose.
        naming: the names so far.
        framing: "a close-up", or "A hard cut leads to a close-up".
        inside: how the framing is joined to the first deed: "{}, {}" or "{} in which {}".
    """
    doing = [subject for subject in shot.subjects if _deeds(subject, shot)]
    deeds = [tell_deeds(subject, shot, screenplay) for subject in doing]
    acting = [s for s in shot.subjects if s in doing or (_stands(s) and not _is_told(s, deeds))]
    targets = {relation.target for subject in shot.subjects for relation in subject.relations}
    idle = [s for s in shot.subjects if s not in acting and (not s.id or s.id not in targets)]
    clauses = [tell_clause(subject, naming.name(subject), shot, screenplay) for subject in acting]
    if screenplay.sound and acting:  # whoever speaks is introduced where they do
        speakers = {line.speaker for line in shot.dialogue}
        idle = [subject for subject in idle if subject.member not in speakers]
    idle = [subject for subject in idle if not _is_told(subject, clauses)]
    names = listed(naming.name(subject) for subject in idle)
    if not clauses:
        yield f"{framing} of {names}" if names else framing
        return
    yield inside.format(framing, clauses[0])
    yield from clauses[1:]
    if names:
        yield f"{names} {'are' if len(idle) > 1 or is_many(idle[0]) else 'is'} in view"


def tell_clause(subject: Subject, name: str, shot: Shot, screenplay: Screenplay) -> str:
    """Return "a bee lands on a flower"; what both its name and its deed say, the deed says."""
    clause = name + tell_deeds(subject, shot, screenplay)
    for attribute in subject.attributes:
        if " " in attribute and clause.count(f" {attribute}") > 1:
            clause = clause.replace(f" {attribute}", "", 1)
    return clause


def tell_setting(shot: Shot) -> str:
    """Return when and where: "It is night on a Paris street, in the rain"; empty where nobody said."""
    place = _place(shot) if _is_said(shot, "place") or shot.setting else ""
    time = word("time", shot.time_of_day) if _is_said(shot, "time_of_day") else ""
    weather = word("weather", shot.weather) if _is_said(shot, "weather") else ""
    if shot.weather[:4] in shot.setting.lower():
        weather = ""
    season = f"in {shot.season}" if shot.season and shot.season not in shot.setting.lower() else ""
    rest = ", ".join(part for part in (season, _era(shot), weather) if part)
    if not (place or time):
        return f"The scene is set {rest}" if rest else ""
    start = f"It is {time} {place}".rstrip() if time else f"The scene is set {place}"
    return f"{start}, {rest}" if rest else start


def tell_light(shot: Shot) -> Iterator[str]:
    """Yield what is said of light and mood."""
    if shot.light:
        yield f"The scene is lit by {listed(word('light', light) for light in shot.light)}"
    mood = [mood for mood in shot.mood if mood not in shot.setting.lower()]
    if mood:
        yield f"The mood is {listed(mood)}"


def tell_text(shot: Shot) -> Iterator[str]:
    """Yield what can be read in the picture, in double quotes."""
    quoted = listed(f'"{text}"' for text in shot.on_screen_text)
    if len(shot.on_screen_text) > 1:
        yield f"The words {quoted} can be read in the picture"
    elif quoted:
        yield f"The text {quoted} can be read in the picture"


def tell_style(screenplay: Screenplay) -> str:
    """Return what the whole film looks like: its style, and its look in the prompt's words."""
    style = word("style", screenplay.style, article(f"{screenplay.style.replace('_', ' ')} style"))
    look = [said for said in fresh_look(screenplay, style) if said.isascii()]
    return f"The film is in {style}" + (f", with the look of {listed(look)}" if look else "")


def fresh_look(screenplay: Screenplay, style: str) -> list[str]:
    """Return what the prompt says of the look that a style's words do not."""
    known = {*_WORD.findall(style.lower()), "style"}
    return [
        said for said in screenplay.look if set(_WORD.findall(said.lower())) - known or not said.isascii()
    ]


def tell_deeds(subject: Subject, shot: Shot, screenplay: Screenplay) -> str:
    """Return what a subject does and how it stands to others, to go behind its name."""
    deeds, many = _deeds(subject, shot), is_many(subject)
    told = [_deed(deed, shot, screenplay, many=many) for deed in deeds]
    text = " " + ", then ".join(told) if told else ""
    names = {other.id: noun_phrase(other) for other in shot.subjects if other.id}
    nouns = {other.id: other.noun for other in shot.subjects if other.id}
    relations = [
        f"{relation.kind} {names.get(relation.target) or with_article(relation.target)}"
        for relation in subject.relations
        if relation.kind != "wearing"
        and nouns.get(relation.target, relation.target).lower() not in text.lower()
    ]
    acting = [relation for relation in relations if relation.partition(" ")[0].endswith("ing")]
    placed = [relation for relation in relations if relation not in acting]
    if not told:
        return f" {'are' if many else 'is'} {listed([*acting, *placed])}" if relations else " is in view"
    return text + "".join(f" {p}" for p in placed) + (f", {listed(acting)}" if acting else "")


def _deed(deed: Subject | Deed, shot: Shot, screenplay: Screenplay, *, many: bool) -> str:
    verb = in_english(deed.verb or "", deed.action) or (deed.action or "")
    said = complement(deed, shot, screenplay)
    more = [manner for manner in deed.manner if manner.lower() not in said.lower()]
    heading = word("heading", deed.heading) if deed.heading and not said else ""
    return " ".join(part for part in (conjugate(verb, many=many), said, *more, heading) if part)


def _deeds(subject: Subject, shot: Shot) -> Sequence[Subject | Deed]:
    """Return what a subject does, in order; what its lines say by themselves is left out."""
    speaks = any(line.speaker == subject.member for line in shot.dialogue)
    deeds: list[Subject | Deed] = [*([subject] if subject.action or subject.verb else []), *subject.then]
    return [deed for deed in deeds if not (speaks and deed.action in words()["speech"]["deeds"])]


def _stands(subject: Subject) -> bool:
    return any(relation.kind != "wearing" for relation in subject.relations)


def _is_told(subject: Subject, clauses: Sequence[str]) -> bool:
    """Tell whether somebody's deed names it already: "pours milk into a ceramic cup"."""
    noun = subject.noun.lower()
    return subject.member is None and any(f" {noun}" in clause.lower() for clause in clauses)


def _is_said(shot: Shot, field: str) -> bool:
    return field in shot.sources or getattr(shot, field) != _PLAIN[field]


def _era(shot: Shot) -> str:
    if not shot.era:
        return ""
    return f"in the {shot.era}" if shot.era[0].isdigit() else f"in a {shot.era} world"


def _place(shot: Shot) -> str:
    known = words()["place"].get(shot.place, ("in", shot.place.replace("_", " ")))
    setting = shot.setting
    if setting.isascii() and setting:
        first = setting.partition(" ")[0].lower()
        if first in words()["nouns"]["where"]:
            return setting
        if setting[:1].isupper():
            return f"in {setting}"
        is_told = first in ("a", "an", "the", "his", "her", "their")
        return f"{known[0]} {setting if is_told or is_plural(setting) else article(setting)}"
    return f"{known[0]} {known[1]}" if known[1] else ""

"""Scores a screenplay against what its prompt says must be read (`cases.py`). Knows no prompt by name.

Every wanted thing is one point, a hit or a miss; a subject nobody found misses all that it should
have and do. `false_speech` has one point a prompt, missed when a line was read that nobody wrote.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from matching import (
    alike_words,
    all_in,
    either,
    head_of,
    same_deed,
    same_noun,
    same_speaker,
    spoken,
    words_of,
)  # fmt: skip

CATEGORIES = (
    "lines", "speakers", "boundaries", "world", "camera", "subjects", "false_speech", "effects", "other",
)  # fmt: skip
START_SLACK_S = 0.1
SHALLOW_F, DEEP_F = 2.8, 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing a prompt wants read."""

    prompt: str  #: its id
    tags: tuple[str, ...]
    category: str
    what: str  #: "shot 1: place"
    wanted: object
    read: object
    hit: bool


def score_case(case: dict, screenplay) -> list[Point]:
    """Return the points of one prompt."""
    found = [*_cuts(case, screenplay), *_whole(case, screenplay), *_speech(case, screenplay)]
    for at, shot in enumerate(case["shot"]):
        read = _counterpart(shot, at, len(case["shot"]), screenplay.shots)
        found += [(category, f"shot {at + 1}: {what}", *rest) for category, what, *rest in _shot(shot, read)]
    tags = tuple(case["tags"])
    return [
        Point(
            prompt=case["id"],
            tags=tags,
            category=category,
            what=what,
            wanted=wanted,
            read=read,
            hit=bool(hit),
        )
        for category, what, wanted, read, hit in found
    ]


def tally(points) -> dict[str, tuple[int, int]]:
    """Return hits and total of each category."""
    hits, total = Counter(), Counter()
    for point in points:
        total[point.category] += 1
        hits[point.category] += point.hit
    return {category: (hits[category], total[category]) for category in CATEGORIES}


def _counterpart(wanted, at, count, shots):
    """Return the shot that stands for a wanted one: the same number, else the one on screen at its start."""
    if len(shots) == count or "start" not in wanted:
        return shots[min(at, len(shots) - 1)]
    running = [shot for shot in shots if shot.start <= wanted["start"] + START_SLACK_S]
    return running[-1] if running else shots[0]


def _cuts(case, screenplay):
    shots, wanted = screenplay.shots, case["shot"]
    yield "boundaries", "number of shots", len(wanted), len(shots), len(wanted) == len(shots)
    same = len(wanted) == len(shots)
    for at, shot in enumerate(wanted):
        read = shots[at] if same else None
        if at and "start" in shot:
            hit = read and abs(read.start - shot["start"]) <= START_SLACK_S
            yield "boundaries", f"start of shot {at + 1}", shot["start"], read and round(read.start, 2), hit
        if "seconds" in shot and at + 1 == len(wanted):
            hit = read and abs(read.seconds - shot["seconds"]) <= START_SLACK_S
            yield (
                "boundaries",
                "length of the last shot",
                shot["seconds"],
                read and round(read.seconds, 2),
                hit,
            )


def _whole(case, screenplay):
    """Yield what holds for the film and for no shot of it."""
    excluded = [words_of(item) for item in screenplay.excluded]
    for item in case.get("excluded", ()):
        hit = any(set(words_of(item)) <= set(words) for words in excluded)
        yield "other", "excluded", item, screenplay.excluded, hit
    for name in ("style", "language"):
        if name in case:
            read = getattr(screenplay, name)
            yield "other", name, case[name], read, read in either(case[name])
    for item in [colour for shot in case["shot"] for colour in shot.get("palette", ())]:
        yield "other", "palette", item, screenplay.palette, set(either(item)) & set(screenplay.palette)
    kinds = {note.kind for note in screenplay.notes}
    for kind in case.get("notes", ()):
        yield "other", "note", kind, sorted(kinds), kind in kinds
    for kind in case.get("no_notes", ()):
        yield "other", "no note", kind, sorted(kinds), kind not in kinds
    if "invented" in case:
        invented = "invented" in kinds or any(s.invented for shot in screenplay.shots for s in shot.subjects)
        yield "other", "invented", case["invented"], invented, invented == case["invented"]


def _speech(case, screenplay):
    wanted = [(at, line) for at, shot in enumerate(case["shot"]) for line in shot.get("lines", ())]
    read = [(shot.index, line) for shot in screenplay.shots for line in shot.dialogue]
    names = {name.lower() for _, line in wanted for name in either(line.get("speaker", ()))}
    heads = Counter(head_of(name) for name in names)
    unmatched = list(read)
    for at, line in wanted:
        text = spoken(line["text"])
        alike = [pair for pair in unmatched if spoken(pair[1].original or pair[1].text) == text]
        alike.sort(key=lambda pair, at=at: pair[0] != at)
        index, got = alike[0] if alike else (None, None)
        if got:
            unmatched.remove(alike[0])
        closest = got.text if got else [pair[1].text for pair in read if pair[0] == at]
        yield "lines", f"shot {at + 1}: line", line["text"], closest, got
        if "speaker" in line:
            speaker = got and got.speaker
            hit = got and any(same_speaker(name, got.speaker, heads) for name in either(line["speaker"]))
            yield (
                "speakers",
                f"shot {at + 1}: speaker of {line['text'][:30]!r}",
                line["speaker"],
                speaker,
                hit,
            )
        if not got:
            continue
        yield "other", "shot of a line", at + 1, index + 1, index == at
        if "language" in line:
            yield (
                "other",
                "language of a line",
                line["language"],
                got.language,
                got.language in either(line["language"]),
            )
        if "manner" in line:
            hit = any(alike_words(want, manner) for want in either(line["manner"]) for manner in got.manner)
            yield "other", "manner of a line", line["manner"], got.manner, hit
        if "off_screen" in line:
            yield (
                "other",
                "off screen",
                line["off_screen"],
                got.off_screen,
                got.off_screen == line["off_screen"],
            )
    texts = [spoken(line["text"]) for _, line in wanted]
    # A line cut short or run on is a line missed; one that nobody wrote is false speech.
    said = {line.text: spoken(line.original or line.text) for _, line in unmatched}
    false = [line for line, text in said.items() if not any(text in want or want in text for want in texts)]
    yield "false_speech", "lines nobody wrote", [], false, not false


def _shot(wanted, shot):
    for key, field in (("place", "place"), ("time", "time_of_day"), ("weather", "weather")):
        if key in wanted:
            yield "world", key, wanted[key], getattr(shot, field), getattr(shot, field) in either(wanted[key])
    yield from _camera(wanted, shot)
    yield from _cast(wanted, shot)
    for effect in wanted.get("effects", ()):
        heard = [*shot.ambience, *(f"{effect.name} {effect.said}" for effect in shot.effects)]
        hit = any(all_in(name, heard_as) for name in either(effect) for heard_as in heard)
        yield "effects", "effect", effect, heard, hit
    if "music" in wanted:
        yield "effects", "music", wanted["music"], shot.music, (shot.music is not None) == wanted["music"]
    written = {spoken(text) for text in shot.on_screen_text}
    for text in wanted.get("on_screen_text", ()):
        yield "other", "on-screen text", text, shot.on_screen_text, spoken(text) in written
    if "season" in wanted:
        yield "other", "season", wanted["season"], shot.season, shot.season in either(wanted["season"])
    if "era" in wanted:
        hit = shot.era and any(all_in(era, shot.era) for era in either(wanted["era"]))
        yield "other", "era", wanted["era"], shot.era, hit
    for name in ("light", "mood"):
        for item in wanted.get(name, ()):
            yield "other", name, item, getattr(shot, name), set(either(item)) & set(getattr(shot, name))


def _camera(wanted, shot):
    for name in ("framing", "angle", "pace"):
        if name in wanted:
            yield (
                "camera",
                name,
                wanted[name],
                getattr(shot, name),
                getattr(shot, name) in either(wanted[name]),
            )
    moves = [shot.camera.move, *(change.move for change in shot.camera.then)]
    at = 0
    for move in wanted.get("moves", ()):
        place = next((i for i in range(at, len(moves)) if moves[i] in either(move)), None)
        at = at if place is None else place + 1
        hit = place is not None or ("handheld" in either(move) and shot.camera.handheld > 0)
        yield "camera", "move", move, moves, hit
    headings = {shot.camera.heading, *(change.heading for change in shot.camera.then)}
    if "camera_heading" in wanted:
        read = sorted(filter(None, headings))
        yield (
            "camera",
            "heading",
            wanted["camera_heading"],
            read,
            headings & set(either(wanted["camera_heading"])),
        )
    if "pov" in wanted:
        yield "camera", "pov", wanted["pov"], shot.camera.pov, shot.camera.pov == wanted["pov"]
    if "lens_mm" in wanted:
        read = shot.lens.focal_length_mm
        yield "camera", "lens_mm", wanted["lens_mm"], read, read == wanted["lens_mm"]
    if "depth" in wanted:
        deep = shot.lens.focus == "deep" or shot.lens.f_number >= DEEP_F
        hit = deep if wanted["depth"] == "deep" else not deep and shot.lens.f_number <= SHALLOW_F
        yield "camera", "depth", wanted["depth"], (shot.lens.focus, shot.lens.f_number), hit


def _cast(wanted, shot):
    read = [s.noun for s in shot.subjects]
    taken: list = []
    for want in wanted.get("subjects", ()):
        named = (*either(want["noun"]), *either(want.get("kind", ())))
        alike = [s for s in shot.subjects if any(same_noun(noun, s) for noun in named) and s not in taken]
        best = max(alike, key=lambda s: sum(hit for *_, hit in _facts(want, s, shot, alike)), default=None)
        yield "subjects", "subject", want["noun"], read, best is not None
        if best is not None:
            taken.append(best)
        for what, wish, got, hit in _facts(want, best, shot, alike):
            yield "subjects", f"{named[0]}: {what}", wish, got, hit
    for noun in wanted.get("absent", ()):
        yield "subjects", "absent", noun, read, not any(same_noun(noun, s) for s in shot.subjects)


def _facts(want, subject, shot, alike):
    """Yield what a subject must have and do, as (what, wanted, read, hit)."""
    if "count" in want:
        # "Two women, one tall, one short" may stand as one subject of two or as two of one.
        counts = {subject.count, sum(s.count for s in alike)} if subject else set()
        yield "count", want["count"], subject and subject.count, want["count"] in counts
    if "kind" in want:
        yield "kind", want["kind"], subject and subject.kind, subject and subject.kind in either(want["kind"])
    has = _features(subject, shot) if subject else ""
    for item in want.get("has", ()):
        yield "has", item, has, any(all_in(words, has) for words in either(item))
    deeds = [(subject.verb, subject.action), *((d.verb, d.action) for d in subject.then)] if subject else []
    left = list(deeds)
    for verb in [*([want["action"]] if "action" in want else []), *want.get("then", ())]:
        done = next((deed for deed in left if any(same_deed(name, *deed) for name in either(verb))), None)
        if done:
            left.remove(done)
        yield "deed", verb, deeds, done is not None


def _features(subject, shot) -> str:
    """Return all that is said of how a subject is, what it wears and where it stands."""
    by_id = {other.id: other for other in shot.subjects}
    said = [subject.noun, *subject.attributes]
    for relation in subject.relations:
        target = by_id.get(relation.target)
        said += [relation.kind, *((target.noun, *target.attributes) if target else (relation.target,))]
    return " ".join(said)

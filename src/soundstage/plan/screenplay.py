"""Stage 1 of 5, the door: an order in, its screenplay out. Knows no pixel, no sample, no network.

Pure: the same order gives the same screenplay.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from soundstage.film import Note, Screenplay, Seconds
from soundstage.plan.assembly import shoot
from soundstage.plan.beats import Beat, Cutting, beat_of, cut_prompt
from soundstage.plan.casting import Cast
from soundstage.plan.dressing import dress
from soundstage.plan.exclusion import name_items, note_contested, remove, split_negative
from soundstage.plan.fades import with_fades
from soundstage.plan.ids import name_cast
from soundstage.plan.languages.glossing import gloss_all, gloss_list
from soundstage.plan.languages.restoring import restore
from soundstage.plan.moments import LEAST_MOMENT_S
from soundstage.plan.pacing import Slot, speaking_s, spread_beats, to_slots
from soundstage.plan.reading import Reading, read_text
from soundstage.plan.revision import recheck
from soundstage.plan.sections import Sections, note_conflicts, read_sections
from soundstage.plan.sources import Source
from soundstage.plan.structured import read_structured
from soundstage.plan.title import choose_title
from soundstage.plan.verbatim import keep_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.film import Order, Shot
    from soundstage.plan.drafts import Draft


#: A shot below this is over before anybody has seen what it shows.
_SHORT_S = 1.0


def write_screenplay(order: Order) -> Screenplay:
    """Return the screenplay of an order; an edited one it carries is checked and returned.

    Raises:
        ScreenplayInvalid: the order carries a screenplay that cannot be filmed; the message names the field.
    """
    if order.screenplay is not None:
        return recheck(order)
    notes: list[Note] = []
    texts = [shot.prompt for shot in order.shots] or [order.prompt or ""]
    glossed = gloss_all(read_structured(Source.of(text, at)) for at, text in enumerate(texts))
    prompts = [read_sections(prompt.source) for prompt in glossed]
    notes += [note for prompt in prompts for note in note_conflicts(order, prompt)]
    cutting = _cut(order, prompts)
    whole = read_text(cutting.frame) if cutting.frame and cutting.frame.text else None
    sent = tuple(shot.prompt for shot in order.shots) or (order.prompt or "",)
    readings = _read(cutting.beats, whole, sent)
    everything = [*([whole] if whole else []), *readings]
    if cutting.merged:
        said = f"{cutting.merged} shots found no room of their own: put together with the ones beside them"
        notes.append(Note(kind="timing", text=said))
    slots = _slots(order, cutting.beats, readings, notes)
    cast_ = Cast()
    shots = with_fades(shoot(order, cutting.beats, readings, whole, slots, cast_, notes), sent)
    negative = split_negative(gloss_list(order.negative_prompt, glossed[0].language))
    unwanted = [item.name for prompt in (*prompts, *everything) for item in prompt.unwanted]
    items = tuple(dict.fromkeys([*negative, *unwanted]))
    exclusions, asked_away = name_items(items), name_items(negative)
    kept: list[Shot] = []
    for shot in shots:
        shot_kept, left_out = remove(shot, exclusions, sent)
        dressed, added = dress(shot_kept, order.cfg_scale, order.seed, exclusions)
        kept.append(dressed)
        notes += [*note_contested(shot, asked_away, sent), *left_out, *added]
    styles = [reading.world.style for reading in everything if reading.world.style]
    style = next((name for name in styles if name != "cinematic"), "cinematic")
    if style in styles and asked_away.bars("styles", style):
        said = f"the style {style} is asked for in the prompt and excluded by the negative prompt: it stays"
        notes.append(Note(kind="conflict", text=said))
    if not order.generate_audio and any(shot.dialogue for shot in kept):
        said = "no sound was asked for: the lines are kept as text and not spoken"
        notes.append(Note(kind="conflict", text=said))
    screenplay = Screenplay(
        title=choose_title(readings),
        seconds=Seconds(sum(slot.frame_count for slot in slots) / order.fps),
        size=order.size,
        fps=order.fps,
        seed=order.seed,
        sound=order.generate_audio,
        language=glossed[0].language,
        prompts=sent,
        style=style,
        look=tuple(dict.fromkeys(words for reading in everything for words in reading.world.look)),
        palette=tuple(dict.fromkeys(colour for reading in everything for colour in reading.world.palette)),
        cast=name_cast(cast_.members.values()),
        shots=tuple(kept),
        excluded=items,
        adherence=order.cfg_scale,
        notes=tuple(dict.fromkeys(notes)),
    )
    return restore(screenplay, glossed)


def _cut(order: Order, prompts: Sequence[Sections]) -> Cutting:
    if not order.shots:
        by_itself = order.shot_type == "intelligent"
        return cut_prompt(prompts[0].source, order.seconds, by_itself=by_itself)
    beats = (
        beat_of(prompt.source, shot.seconds, first=at == 0)
        for at, (prompt, shot) in enumerate(zip(prompts, order.shots, strict=True))
    )
    return Cutting(beats=tuple(beats))


def _read(beats: Sequence[Beat], whole: Reading | None, sent: Sequence[str]) -> list[Reading]:
    readings: list[Reading] = []
    known: list[Draft] = list(whole.drafts) if whole else []
    for beat in beats:
        reading = read_text(beat.source, known)
        readings.append(replace(reading, dialogue=keep_words(reading.dialogue, beat.source, sent)))
        known += reading.drafts
    return readings


def _slots(
    order: Order, beats: Sequence[Beat], readings: Sequence[Reading], notes: list[Note]
) -> tuple[Slot, ...]:
    total_frames = max(len(beats), round(order.seconds * order.fps))
    needs = [sum(speaking_s(s.text, s.language) for s in reading.dialogue.speeches) for reading in readings]
    least_s = 0.0 if order.shots else LEAST_MOMENT_S
    lengths, scaled = spread_beats(beats, needs, order.seconds, least_s)
    if scaled:
        notes.append(Note(kind="timing", text=scaled))
    slots = to_slots(lengths, order.fps, total_frames)
    short = sum(float(slot.seconds) < _SHORT_S for slot in slots)
    if short:
        said = f"{short} of {len(slots)} shots last less than {_SHORT_S:g} s: the film is short for so many"
        notes.append(Note(kind="timing", text=said))
    if len(slots) > 1 and not order.shots:
        cuts = "cut at " + ", ".join(f"{slot.start_s:.2f} s" for slot in slots[1:])
        notes.append(Note(kind="timing", text=cuts))
    return slots

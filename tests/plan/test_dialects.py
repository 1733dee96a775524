"""Dialects: what neural engines are told, held to texts a person wrote down and read."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from soundstage.film import (
    Camera,
    CameraChange,
    CastMember,
    Deed,
    Effect,
    FrameSize,
    Lens,
    Line,
    Music,
    Relation,
    Screenplay,
    Seconds,
    Shot,
    Span,
    Subject,
)
from soundstage.plan import write_screenplay
from soundstage.plan.dialects import DIALECTS, speak

WOMAN = Subject(
    id="shot-1.woman", noun="woman", kind="woman", attributes=("old", "in a red coat"), action="walk",
    verb="walk", manner=("slowly",), then=(Deed(action="sit", verb="sit down"),), member="old woman",
)  # fmt: skip
DOG = Subject(id="shot-1.dog", noun="golden retriever", kind="dog", action="run", verb="run", heading="away")
SAYS = Line(
    speaker="old woman", text="I never left.", language="en", manner=("whispers", "trembling voice"),
    start=Seconds(0.5), end=Seconds(2.0),
)  # fmt: skip
TOLD = Line(
    speaker="Narrator",
    text="那是第三个晚上。",
    language="zh",
    start=Seconds(4.2),
    end=Seconds(6.0),
    off_screen=True,
)
STEPS = Effect(name="footsteps", said="footsteps on wet gravel", start=Seconds(0.0), end=Seconds(4.0))
SHOTS = (
    Shot(
        id="shot-1", index=0, start=Seconds(0.0), seconds=Seconds(4.0), framing="close_up", angle="low",
        camera=Camera(move="dolly_in", amplitude=0.3, speed=0.25), place="neon_street",
        setting="rainy Paris street", time_of_day="night", weather="rain", light=("neon",), mood=("tense",),
        subjects=(WOMAN, DOG), dialogue=(SAYS,), ambience=("rain", "city"),
        effects=(STEPS,),
        music=Music(said="soft piano"), on_screen_text=("OPEN",),
    ),
    Shot(
        id="shot-2", index=1, start=Seconds(4.0), seconds=Seconds(3.0), framing="wide", entrance="dissolve",
        camera=Camera(
            move="pan", heading="left", speed=0.9, amplitude=0.8,
            then=(CameraChange(start=Seconds(6.0), move="tilt", heading="up", framing="aerial"),),
        ),
        place="neon_street", setting="rainy Paris street", time_of_day="night", weather="rain",
        lens=Lens(f_number=1.8), pace="slow_motion",
        subjects=(replace(WOMAN, then=(), attributes=(), manner=()),),
        dialogue=(TOLD,), ambience=("rain",), music=Music(said="soft piano"),
    ),
)  # fmt: skip
FILM = Screenplay(
    title="Night", seconds=Seconds(7.0), size=FrameSize(width=640, height=360), fps=24, seed=1, sound=True,
    look=("film grain",), shots=SHOTS,
    cast=(
        CastMember(name="old woman", gender="female", age="old"),
        CastMember(name="Narrator", gender="male", age="adult"),
    ),
)  # fmt: skip

PROSE = (
    "In a close-up from a low angle, an old woman in a red coat walks slowly, then sits down. "
    "A golden retriever runs away from the camera. It is night on a rainy Paris street. "
    "The scene is lit by neon light. The mood is tense. "
    'The text "OPEN" can be read in the picture. The camera slowly pushes in. '
    'She whispers in a trembling voice in English: "I never left." '
    "The sound of footsteps on wet gravel is heard over falling rain and the hum of a city. "
    "The music is soft piano. "
    "The image dissolves to a wide shot in slow motion in which the woman walks. "
    "The camera quickly pans left, then tilts up to an aerial shot. "
    "It is shot with a shallow depth of field. "
    'A male narrator says in voiceover in Mandarin: "那是第三个晚上。" '
    "In the background is the sound of falling rain. "
    "The film is in a cinematic, photorealistic style, with the look of film grain."
)
H3 = (
    "integrated_multimodal_description: [Shot 1] The film is in a cinematic, photorealistic style, "
    "with the look of film grain. A close-up from a low angle in which an old woman in a red coat "
    "(S1) walks slowly, then sits down. A golden retriever runs away from the camera. It is night on "
    'a rainy Paris street. The scene is lit by neon light. The mood is tense. The text "OPEN" can be '
    "read in the picture. The camera pushes in with small amplitude at slow speed. The woman (S1) "
    "whispers in a trembling voice: <d>[English] I never left.</d> [Shot 2] At 00:04.000, the shot "
    "transitions by a cross-dissolve to a wide shot in slow motion in which the woman (S1) walks. It "
    "is night on a rainy Paris street. The camera pans left with large amplitude at fast speed. Then "
    "the camera tilts up to an aerial shot. It is shot with a shallow depth of field. A male narrator "
    "(S2) says in an off-screen voiceover: <d>[Chinese] 那是第三个晚上。</d> while the lips of everyone on "
    "screen remain completely closed.\n"
    "overall_soundscape: The background is falling rain and the hum of a city. In shot 1, the sound "
    "of footsteps on wet gravel is heard.\n"
    "non_diegetic_music: Soft piano."
)
LEAD = (
    "The film is in a cinematic, photorealistic style, with the look of film grain. "
    "It is about an old woman in a red coat."
)


def test_prose_is_one_paragraph():
    """What is seen comes before what is heard, lines stand in quotes with their language."""
    assert speak(FILM, "prose") == (PROSE,)


def test_h3_has_three_fields():
    """Shots carry their times, the camera its amplitude and speed, speakers their numbers."""
    assert speak(FILM, "h3") == (H3,)


def test_each_shot_has_a_prompt_with_the_same_lead():
    """Lead and description of who is in several shots are the same words in every prompt."""
    first, second = speak(FILM, "shots")
    assert first.startswith(LEAD)
    assert second.startswith(LEAD)
    assert "an old woman in a red coat walks." in second
    assert "golden retriever" not in second


def test_a_film_without_sound_is_told_without_words():
    """Where no sound is wanted nothing is said, so that lips stay still."""
    told = replace(FILM, sound=False)
    assert "whispers" not in speak(told, "prose")[0]
    assert "<d>" not in speak(told, "h3")[0]
    assert speak(told, "h3")[0].endswith("overall_soundscape: N/A\nnon_diegetic_music: N/A")


def test_a_line_across_a_cut_is_parted():
    """A line that goes on over a cut has the mark at both parts, and loses no word."""
    long = replace(SAYS, text="I never left this street, not once", start=Seconds(3.0), end=Seconds(5.0))
    (told,) = speak(replace(FILM, shots=(replace(SHOTS[0], dialogue=(long,)), SHOTS[1])), "h3")
    first, second = re.findall(r"<d>\[English\] (.*?)</d>", told)
    assert first.endswith(" <scenetrans>")
    assert second.startswith("<scenetrans> ")
    assert f"{first} {second}".replace(" <scenetrans> <scenetrans> ", " ") == long.text
    assert "continues seamlessly across the cut" in told


def test_a_line_the_end_cuts_short_says_so():
    """A line that cannot be spoken before the film ends carries the mark; its words stay whole."""
    text = "one two three four five six seven eight nine ten eleven twelve"
    late = replace(TOLD, text=text, language="en", start=Seconds(6.0), end=Seconds(7.0))
    (told,) = speak(replace(FILM, shots=(SHOTS[0], replace(SHOTS[1], dialogue=(late,)))), "h3")
    assert f"<d>[English] {text} <cutoff></d>" in told


def test_times_of_h3_strictly_increase():
    """Two cuts in one millisecond still follow each other."""
    shots = tuple(
        replace(SHOTS[1], index=i, start=Seconds(0.0001 * i), seconds=Seconds(1.0), dialogue=())
        for i in range(4)
    )
    times = re.findall(r"At (\d\d:\d\d\.\d{3})", speak(replace(FILM, shots=shots), "h3")[0])
    assert times == ["00:00.001", "00:00.002", "00:00.003"]


def with_subject(**fields):
    """A film of one shot with one subject."""
    shot = Shot(index=0, start=Seconds(0.0), seconds=Seconds(7.0), subjects=(Subject(**fields),))
    return replace(FILM, shots=(shot,), cast=(), look=())


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"noun": "owl", "kind": "owl"}, "A wide shot of an owl."),
        ({"noun": "fireflies", "kind": "firefly", "count": 40}, "A wide shot of fireflies."),
        ({"noun": "dogs", "kind": "dog", "count": 4, "verb": "bark"}, "In a wide shot, four dogs bark."),
        ({"noun": "child", "kind": "child", "count": 2, "verb": "sit"}, "In a wide shot, two children sit."),
        ({"noun": "crowd", "kind": "crowd", "count": 30, "verb": "cheer"}, "In a wide shot, a crowd cheers."),
        ({"noun": "smoke", "kind": "smoke", "verb": "drift"}, "In a wide shot, smoke drifts."),
        ({"noun": "Max", "kind": None, "verb": "try"}, "In a wide shot, Max tries."),
        ({"noun": "女人", "kind": "girl", "action": "walk", "verb": "走"}, "In a wide shot, a girl walks."),
        (
            {"noun": "man", "verb": "stand", "relations": (Relation(kind="behind", target="bar"),)},
            "In a wide shot, a man stands behind a bar.",
        ),
        (
            {"noun": "man", "kind": "man", "relations": (Relation(kind="wearing", target="blue suit"),)},
            "A wide shot of a man wearing a blue suit.",
        ),
    ],
)  # fmt: skip
def test_subjects_are_told_in_english(fields, told):
    """Articles, numbers, plurals and verbs agree; what is of another language has its meaning's name."""
    assert speak(with_subject(**fields), "prose")[0].startswith(told)


@pytest.mark.parametrize(
    ("place", "setting", "told"),
    [
        ("room", "on a sofa", "The scene is set on a sofa."),
        ("forest", "redwood grove", "The scene is set in a redwood grove."),
        ("forest", "the old woods", "The scene is set in the old woods."),
        ("rooftop", "", "The scene is set on a rooftop."),
        ("city_street", "雨夜街头", "The scene is set on a city street."),
        ("city_street", "Paris", "The scene is set in Paris."),
    ],
)
def test_places_are_told_in_english(place, setting, told):
    """A setting keeps its own preposition and article; one of another language has its entry's name."""
    film = with_subject(noun="cat")
    shot = replace(film.shots[0], place=place, setting=setting)
    assert told in speak(replace(film, shots=(shot,)), "prose")[0]


def test_the_prompts_own_words_complete_a_deed():
    """What no field holds is taken from behind the verb's span; an edited verb no longer takes it."""
    prompt = "A barista pours steaming milk into a cup, slowly"
    span = Span(start=prompt.index("pours"), end=prompt.index(" steaming"))
    fields = {"noun": "barista", "kind": "chef", "action": "pour", "spans": (Span(start=0, end=9), span)}
    told = replace(with_subject(verb="pour", **fields), prompts=(prompt,))
    assert speak(told, "prose")[0].startswith("In a wide shot, a barista pours steaming milk into a cup.")
    edited = replace(with_subject(verb="drop", **fields), prompts=(prompt,))
    assert speak(edited, "prose")[0].startswith("In a wide shot, a barista drops.")


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "prompt", ["x", "“", "狗" * 50, 'A man says "Hi". A woman says "No".', "No music. SHOT 2:"]
)
def test_every_screenplay_can_be_told(order, dialect, prompt):
    """Whatever the planner writes can be told in every dialect, without a gap between two words."""
    for text in speak(write_screenplay(order(prompt)), dialect):
        assert text.strip()
        assert "  " not in text

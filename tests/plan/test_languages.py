# ruff: noqa: RUF001 - prompts are typed with these marks
"""Prompts in eight languages beside English and Chinese, through the one door."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import soundstage.plan
from soundstage.film import FrameSize, Order, ShotRequest
from soundstage.plan import write_screenplay
from soundstage.plan.languages.glossary import GLOSSED, glossary
from soundstage.plan.languages.glossing import gloss
from soundstage.plan.sources import Source

GLOSSARIES = Path(soundstage.plan.__file__).with_name("data") / "glossaries"


def screenplay_of(prompt="", *, shots=(), seconds=8, negative=""):
    """Return the screenplay of a prompt."""
    return write_screenplay(
        Order(
            order_id="00000000-0000-4000-8000-000000000000", endpoint="e", prompt=None if shots else prompt,
            shots=tuple(ShotRequest(prompt=text, seconds=length) for text, length in shots), seconds=seconds,
            size=FrameSize(width=640, height=360), fps=24, generate_audio=True, shot_type="customize",
            negative_prompt=negative, cfg_scale=0.5, seed=1, engine="previz", captions="none",
        )
    )  # fmt: skip


#: prompt, language, (noun, kind, action) of the first subject, place, time, weather
SCENES = [
    ("Un zorro rojo corre por un bosque nevado de noche, plano general.", "es",
     ("zorro", "fox", "run"), "snowy_forest", "night", "snow"),
    ("Une vieille femme lit un livre dans une cuisine, il pleut, le matin.", "fr",
     ("femme", "old_woman", "read"), "kitchen", "morning", "rain"),
    ("Im Regen läuft nachts ein Hund über eine Brücke.", "de",
     ("Hund", "dog", "run"), "bridge", "night", "rain"),
    ("Duas crianças brincam na praia ao pôr do sol.", "pt",
     ("crianças", "child", "play"), "beach", "sunset", None),
    ("Un gatto nero dorme sul tetto di notte, nebbia.", "it",
     ("gatto", "cat", "sleep"), "rooftop", "night", "fog"),
    ("Старый рыбак сидит в лодке на озере на рассвете, туман.", "ru",
     ("рыбак", None, "sit"), "lake", "sunrise", "fog"),
    ("雨の夜、赤いコートを着た女性が橋を渡っている。", "ja",
     ("女性", "woman", "walk"), "bridge", "night", "rain"),
    ("눈 내리는 밤, 소녀가 공원에서 춤춘다.", "ko",
     ("소녀", "girl", "dance"), "garden", "night", "snow"),
]  # fmt: skip


@pytest.mark.parametrize(("prompt", "language", "who", "place", "time", "weather"), SCENES)
def test_scenes_are_read_in_their_own_language(prompt, language, who, place, time, weather):
    """Who does what, where and when is read as in English; nouns stay in the prompt's own words."""
    written = screenplay_of(prompt)
    (shot,) = written.shots
    noun, kind, action = who
    subject = shot.subjects[0]
    assert written.language == language
    assert noun in subject.noun
    assert kind in (None, subject.kind)
    assert subject.action == action
    assert (shot.place, shot.time_of_day) == (place, time)
    assert weather in (None, shot.weather)


def test_what_stands_in_a_screenplay_points_into_the_prompt():
    """A subject's span covers its noun as it was said, also where the words were put in another order."""
    prompt = "De noche, en una calle mojada, camina una mujer joven con un paraguas rojo."
    written = screenplay_of(prompt)
    woman = written.shots[0].subjects[0]
    assert "mujer" in woman.noun
    assert woman.noun in prompt
    assert any("mujer" in prompt[span.start : span.end] for span in woman.spans)
    assert written.shots[0].setting.endswith("calle mojada")
    assert written.shots[0].text == prompt


LINES = [
    ('La abuela sonríe y dice: "Ven aquí, hijo mío."', "es", "abuela", "Ven aquí, hijo mío."),
    ("« Où vas-tu ? » demande la petite fille.", "fr", "fille", "Où vas-tu ?"),
    ("„Keine Sorge“, antwortet der Kapitän.", "de", "Kapitän", "Keine Sorge"),
    ('Ela sussurra: "Não abra essa porta."', "pt", None, "Não abra essa porta."),
    ("Il nonno risponde: «Domani piove.»", "it", "nonno", "Domani piove."),
    ("Бабушка говорит: «Пей, пока горячий».", "ru", "Бабушка", "Пей, пока горячий"),
    ("少年はうなずいて「待ってる」と答える。", "ja", "少年", "待ってる"),
    ('손녀가 "할아버지, 집에 가요!"라고 외친다.', "ko", "손녀", "할아버지, 집에 가요!"),
    ("ANNA (leise): Hast du das gehört?", "de", "ANNA", "Hast du das gehört?"),
]  # fmt: skip


@pytest.mark.parametrize(("prompt", "language", "speaker", "text"), LINES)
def test_lines_are_kept_word_for_word(prompt, language, speaker, text):
    """What is said stays as it was said, in its language, by who says it, and is no scene."""
    written = screenplay_of(prompt)
    (line,) = written.shots[0].dialogue
    assert (line.text, line.language, line.translated) == (text, language, False)
    assert speaker is None or line.speaker.endswith(speaker)
    assert any(note.kind == "language" for note in written.notes)


@pytest.mark.parametrize(
    ("prompt", "language"),
    [
        ('A shop clerk (in Spanish): "Hola, bienvenidos."', "es"),
        ('She says in French, "Non, merci."', "fr"),
        ('A man says, "Guten Morgen, Frau Schmidt."', "de"),
        ('A man says, "Hello, captain!"', "en"),
        ('A woman shouts, "No!"', "en"),
    ],
)
def test_each_line_has_a_language_of_its_own(prompt, language):
    """A line in an English prompt is in the language that it is in, or that somebody names."""
    (line,) = screenplay_of(prompt).shots[0].dialogue
    assert line.language == language


def test_the_camera_style_music_and_negations_are_read():
    """Camera words, a style and what must not be there mean the same in each language."""
    spanish = screenplay_of("Primer plano de un perro, cámara lenta, en blanco y negro, sin música.").shots[0]
    german = screenplay_of("Ein Schiff im Sturm, Totale, keine Musik, die Kamera umkreist das Schiff.").shots[
        0
    ]
    japanese = screenplay_of("桜の木、クローズアップ、静かなピアノ音楽。")
    assert (spanish.framing, spanish.music) == ("close_up", None)
    assert (german.framing, german.camera.move, german.music) == ("wide", "orbit", None)
    assert japanese.shots[0].music is not None


def test_labelled_shots_are_cuts():
    """A label with its time is a shot of that length in each language."""
    french = screenplay_of("Plan 1 (3s) : un chien court. Plan 2 (5s) : gros plan d'un chat.")
    japanese = screenplay_of("ショット1（3秒）：犬が走る。ショット2（5秒）：猫が眠る。")
    assert [shot.seconds for shot in french.shots] == [3.0, 5.0]
    assert [shot.seconds for shot in japanese.shots] == [3.0, 5.0]
    assert french.shots[1].text.startswith("gros plan")


def test_each_shot_of_a_list_is_read():
    """Prompts of a multi_prompt are glossed one by one; spans tell which."""
    written = screenplay_of(shots=[("Un perro corre", 4), ("Una gata duerme", 4)])
    assert [shot.subjects[0].kind for shot in written.shots] == ["dog", "cat"]
    assert [shot.subjects[0].spans[0].prompt for shot in written.shots] == [0, 1]


def test_english_words_among_others_still_count():
    """Tags that everybody writes in English are read beside the rest."""
    written = screenplay_of("Una mujer camina por la playa, cinematic, slow motion, 35mm film, golden hour")
    assert written.shots[0].time_of_day == "golden_hour"
    assert written.style == "film_35mm"


def test_the_same_prompt_gives_the_same_screenplay():
    """Glosses are pure."""
    prompt = SCENES[6][0]
    assert screenplay_of(prompt) == screenplay_of(prompt)


@pytest.mark.parametrize("language", GLOSSED)
def test_a_glossary_is_whole(language):
    """Each has 300 entries of scene words at least, and no entry twice under one English word."""
    table = tomllib.loads((GLOSSARIES / f"{language}.toml").read_text("utf-8"))
    entries = [name for part in ("nouns", "adjectives", "verbs", "phrases") for name in table[part]]
    assert len(entries) >= 300
    for part in ("nouns", "adjectives", "verbs", "phrases"):
        for english, wordings in table[part].items():
            listed = wordings.split(", ")
            assert len(listed) == len(set(listed)), f"{language}: {english}"


def test_a_glossary_costs_other_prompts_nothing():
    """An English prompt, and a Spanish one, load no glossary but their own."""
    code = (
        "from soundstage.plan.languages.glossary import glossary\n"
        "from soundstage.plan.languages.glossing import gloss\n"
        "from soundstage.plan.sources import Source\n"
        "gloss(Source.of('A dog runs through the rain')); first = glossary.cache_info().currsize\n"
        "gloss(Source.of('Un perro corre bajo la lluvia')); print(first, glossary.cache_info().currsize)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["0", "1"]


WORDS = st.one_of(*(st.sampled_from(sorted(glossary(language).wordings)) for language in GLOSSED))
MARKS = st.sampled_from(
    ["", " ", ", ", ". ", "\n", ": ", ' "', '" ', "「", "」と", "「」", "の", "。", "l'", "²", "🔥"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(WORDS, MARKS), max_size=60), st.text(max_size=40))
def test_any_text_is_glossed_with_offsets_into_the_prompt(words, tail):
    """No text raises; each character of the gloss points into the prompt, or nowhere."""
    prompt = ("".join(word + mark for word, mark in words) + tail)[:2500]
    told = gloss(Source.of(prompt))
    assert len(told.source.text) == len(told.source.offsets)
    assert all(-1 <= offset < max(1, len(prompt)) for offset in told.source.offsets)
    for span in told.source.spans(0, len(told.source.text)):
        assert 0 <= span.start < span.end <= len(prompt)


def test_a_prompt_as_json_is_read_in_its_language():
    """Values of a JSON prompt are glossed like prose."""
    written = screenplay_of('{"escena": "Un perro corre por la playa de noche", "cámara": "plano aéreo"}')
    shot = written.shots[0]
    assert (shot.place, shot.time_of_day, shot.framing) == ("beach", "night", "aerial")
    assert shot.subjects[0].kind == "dog"


def test_a_negative_list_is_read_in_its_language():
    """Its items are excluded by the names our tables have; what the prompt asks for stays, with a note."""
    written = screenplay_of("Un perro en la playa, llueve", negative="gatos, lluvia, texto")
    assert {"cats", "rain", "text"} <= set(written.excluded)
    assert any(note.kind == "conflict" for note in written.notes)

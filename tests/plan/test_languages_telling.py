# ruff: noqa: RUF001 - texts of other scripts, as they are typed
"""Which language a text is in: script, then words, then a model for what they leave open."""

import subprocess
import sys

import pytest

from soundstage.plan.languages.telling import tell_language

TOLD = {
    "en": ["Hello, captain!", "OK", "No!", "cat", "robot", "4K 60fps", "🔥", "A robot dances in the rain",
           "Dog runs", "Zorbotron, cinematic", "NASA", "I love you", "close-up of coffee being poured"],
    "zh": ["一只猫在红色沙发上睡觉", "你好，船长！", "电影感, 4K, 老人走路"],
    "ja": ["赤いソファで眠る猫", "歩く老人", "cinematic, 赤いコートの女性が雨の中を歩く"],
    "ko": ["빨간 소파에서 자는 고양이", "안녕하세요, 선장님!"],
    "es": ["un gato durmiendo en un sofá rojo", "¿Dónde vas?", "Hola", "El perro corre"],
    "fr": ["un chat qui dort sur un canapé rouge", "C'est la vie", "Où vas-tu ?", "Oui"],
    "de": ["eine Katze schläft auf einem roten Sofa", "Guten Morgen", "Nein!", "Der Hund rennt"],
    "pt": ["um gato dormindo num sofá vermelho", "Olá, capitão!", "O cachorro corre"],
    "it": ["un gatto che dorme su un divano rosso", "Dove vai?", "Ciao!", "Il cane corre"],
    "ru": ["кошка спит на красном диване", "Никогда!", "Собака бежит"],
    "uk": ["кішка спить на червоному дивані"],
    "th": ["แมวนอนบนโซฟาสีแดง"], "ar": ["قطة نائمة على أريكة حمراء"], "he": ["חתול ישן על ספה אדומה"],
    "el": ["μια γάτα κοιμάται"], "hi": ["लाल सोफे पर सोती बिल्ली"],
}  # fmt: skip


@pytest.mark.parametrize(("language", "text"), [(k, text) for k, texts in TOLD.items() for text in texts])
def test_script_and_words_tell_the_language(language, text):
    """A prompt or a short line is told by its script or its function words; names and numbers are English."""
    assert tell_language(text) == language


def test_a_line_without_a_word_of_its_own_is_in_the_language_around_it():
    """What fits several languages, or none, takes the one that the prompt is in."""
    assert tell_language("Madrid", "es") == "es"
    assert tell_language("東京", "ja") == "ja"
    assert tell_language("東京") == "zh"


def test_english_and_chinese_never_load_the_model():
    """The language model costs more than the whole planner: plain prompts do not wait for it."""
    code = (
        "import sys; from soundstage.plan.languages.telling import tell_language as tell;"
        "tell('A glass whale glides over a neon fjord while Zorb hums'); tell('机器人在雨中跳舞');"
        "print('py3langid' in sys.modules, 'numpy' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "False"]

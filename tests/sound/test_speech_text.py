"""What a voice is given to read."""
# ruff: noqa: RUF001 - Chinese has its own signs

import pytest

from soundstage.sound.mandarin import say_number, write_out
from soundstage.sound.speech_text import find_words, to_speech


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2024年的冬天", "二零二四年的冬天"),
        ("有12.5%的人", "有百分之十二点五的人"),
        ("气温-5℃", "气温零下五摄氏度"),
        ("明天25°C", "明天二十五摄氏度"),
        ("我有2个苹果", "我有两个苹果"),
        ("第2名", "第二名"),
        ("10:30见", "十点三十分见"),
        ("9:05出发", "九点零五分出发"),
        ("5km/h", "五公里每小时"),
        ("１２３", "一百二十三"),
        ("3-5天", "三到五天"),
        ("电话13800138000", "电话一三八零零一三八零零零"),
        ("MP4文件", "MP4文件"),
        ("1/2", "二分之一"),
        ("10年后", "十年后"),
    ],
)
def test_chinese_numbers_and_signs_are_written_out(written, said):
    """Numbers, years digit by digit, percent, temperatures and units reach the voice in hanzi."""
    assert to_speech(written, "cmn") == said


@pytest.mark.parametrize(
    ("digits", "said"),
    [
        ("0", "零"), ("10", "十"), ("11", "十一"), ("20", "二十"), ("105", "一百零五"), ("110", "一百一十"),
        ("1050", "一千零五十"), ("10010", "一万零一十"), ("100200", "十万零二百"), ("10,500", "一万零五百"),
        ("20000300", "二千万零三百"), ("100000000", "一亿"), ("007", "零零七"), ("3.14", "三点一四"),
    ],
)  # fmt: skip
def test_numbers_are_read_as_a_person_reads_them(digits, said):
    """Zeros are said once where a place is skipped, 十 stands alone at the front, codes go digit by digit."""
    assert say_number(digits) == said


def test_english_is_left_to_the_voice():
    """English numbers and letter case stay as they are: espeak-ng reads them well."""
    assert to_speech("WAIT, it costs 25 dollars!", "en-us") == "WAIT, it costs 25 dollars!"


@pytest.mark.parametrize("text", ["", "   ", "😀🎉👩‍👩‍👧", "...", "?!", "\x00\x01\x02", "<>", "\u200b\ufe0f"])
def test_what_cannot_be_said_is_empty(text):
    """Pictures, points and control characters alone leave nothing to say."""
    assert to_speech(text, "en-us") == ""


def test_control_characters_never_reach_the_voice():
    """espeak-ng obeys 0x01 as a command; markup is not markup."""
    said = to_speech('a\x01+30P b <break time="9s"/> [[h@"loU]] \u202e end', "en-us")
    assert not set(said) & set("\x01<>[]\u202e")
    assert said.startswith("a +30P b")


def test_write_out_leaves_plain_chinese_alone():
    """A line without numbers or signs comes back as it was."""
    assert write_out("船长，暴风雨来了！") == "船长，暴风雨来了！"


def test_words_are_found_again_in_the_caption():
    """A time belongs to its word in the text shown; a number that was written out has none of its own."""
    shown, read = "In 2024年, Anna said: “No!”", 'In 二零二四年, Anna said: "No!"'
    words = [(read.index(word), frame) for frame, word in enumerate(("In", "二", "年", "Anna", "No"))]
    assert find_words(shown, read, words) == ((0, 0), (7, 2), (10, 3), (22, 4))
    assert shown[22:24] == "No"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("It costs $5.", "It costs 5 dollars."),
        ("$1 and £2.50", "1 dollar and 2 pounds 50"),
        ("€3 million", "3 million euros"),
        ("In 1999 and by 2024", "In 19 99 and by 20 24"),
        ("since 1905, not 1905 men", "since 19 oh 5, not 1905 men"),
        ("the 1990s and the '80s", "the 19 nineties and the eighties"),
        ("At 9:05, 10:30 and 7:00", "At 9 oh 5, 10 30 and 7 o'clock"),
        ("at 7:00 pm", "at 7 pm"),
        ("1/2 a cup, 3/4 full, 7/12", "one half a cup, three quarters full, 7 over 12"),
        ("60 km/h, 5kg, 1 m, 6 ft", "60 kilometres an hour, 5 kilograms, 1 metre, 6 feet"),
        ("-5°C, 70°F", "minus 5 degrees Celsius, 70 degrees Fahrenheit"),
        ("He is 6'2\".", "He is 6 foot 2."),
        ("5-10 men, pages 3–4", "5 to 10 men, pages 3 to 4"),
        ("#1, No. 5, 3 x 4", "number 1, number 5, 3 times 4"),
        ("Salt & pepper, AT&T", "Salt and pepper, AT&T"),
        ("MP4 in 4K at 1080p, area 51", "MP4 in 4K at 1080p, area 51"),
    ],
)
def test_english_numbers_and_signs_are_written_out(written, said):
    """Money, years, times, fractions, units and signs are read as a person reads them; names stay."""
    assert to_speech(written, "en-us") == said


def test_polyphones_are_read_by_their_word():
    """A character that is misread in a word gets another of its sound; elsewhere it stays."""
    assert to_speech("我还钱给他，他还没来。", "cmn") == "我环钱给他，他还没来。"
    assert to_speech("这个角色", "cmn") == "这个决色"

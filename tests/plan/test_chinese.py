# ruff: noqa: RUF001 - prompts are typed with these marks
"""Chinese prompts, read as natively as English ones."""

from __future__ import annotations

import subprocess
import sys

import pytest

from soundstage.plan import write_screenplay


def read(order, prompt, **fields):
    """Return the screenplay of a prompt."""
    return write_screenplay(order(prompt, **fields))


def first(order, prompt):
    """Return the first shot and its main subject."""
    shot = read(order, prompt).shots[0]
    return shot, shot.subjects[0]


DEEDS = [
    ("一位年轻女子缓缓走进咖啡馆，坐下，端起杯子喝咖啡。", "女子", ["walk", "sit", "pick", "drink"]),
    ("一只柯基在沙滩上奔跑", "柯基", ["run"]),
    ("小男孩跑过来，抱住妈妈的腿", "小男孩", ["run", "hold"]),
    ("老人坐在摇椅上看报纸", "老人", ["sit", "look"]),
    ("女孩正在跳舞", "女孩", ["dance"]),
    ("机器人行走在人行道上", "机器人", ["walk"]),
    ("一个提着灯笼的小女孩走在街道上", "小女孩", ["hold", "walk"]),
    ("武士拔出长剑，冲向敌人", "武士", ["pull", "run"]),
    ("小明推开门，走进房间，然后打开电视", "小明", ["open", "walk", "open"]),
    ("她转过身，看向镜头，微微一笑", "她", ["spin", "look", "smile"]),
    ("一位穿Nike的女孩在Tokyo街头跳舞", "女孩", ["dance"]),
    ("宇航员把旗帜插在月球表面，然后挥手", "宇航员", ["put", "wave"]),
    ("被雪覆盖的村庄里，一群孩子在滑雪", "孩子", ["ride"]),
    ("一名登山者爬上山顶，欢呼起来", "登山者", ["climb", "clap"]),
    ("女孩走进房间。坐下，打开电脑。", "女孩", ["walk", "sit", "open"]),
]


@pytest.mark.parametrize(("prompt", "noun", "actions"), DEEDS)
def test_deeds_are_read_in_order(prompt, noun, actions, order):
    """Who acts keeps the name the prompt gives, and does everything the prompt tells, in order."""
    _, subject = first(order, prompt)
    assert subject.noun == noun
    assert [subject.action, *(deed.action for deed in subject.then)] == actions


def test_a_verb_stays_as_said(order):
    """A deed carries the prompt's own verb, without aspect, beside its action."""
    _, subject = first(order, "女孩端着杯子，慢慢坐下")
    assert (subject.verb, subject.then[0].verb) == ("端", "坐下")
    assert subject.then[0].manner == ("slowly",)


@pytest.mark.parametrize(
    ("prompt", "attributes"),
    [
        ("一位穿红色连衣裙的年轻女子站着", {"young", "wearing red dress"}),
        ("戴着草帽的老农站着", {"wearing straw hat"}),
        ("红色的跑车行驶着", {"red"}),
        ("女孩很美丽", {"beautiful"}),
        ("一位满头白发的老奶奶站着", {"with white hair"}),
        ("一只毛茸茸的可爱小猫在睡觉", {"fluffy", "cute"}),
    ],
)
def test_describing_words_are_known_in_english(prompt, attributes, order):
    """What describes a subject is kept in the words the tables know, whatever comes before the noun."""
    _, subject = first(order, prompt)
    assert attributes <= set(subject.attributes), subject


@pytest.mark.parametrize(
    ("prompt", "kind", "count"),
    [
        ("三只小猫追逐蝴蝶", "cat", 3),
        ("一群大象走向水塘", "elephant", 5),
        ("两位老人在下棋", "old_man", 2),
        ("十二匹骏马奔腾", "horse", 12),
        ("海豚们在跳跃", "dolphin", 3),
        ("一对情侣在散步", "couple", 2),
        ("一只橘猫趴在窗台上", "cat", 1),
        ("一輛紅色的跑車在雨中飛馳", "car", 1),
        ("一辆蘑菇车驶过", "car", 1),
        ("一只蓝尾鸟飞过", "songbird", 1),
    ],
)
def test_counts_and_kinds(prompt, kind, count, order):
    """Numbers with measure words count; traditional characters and unknown compounds find their kind."""
    _, subject = first(order, prompt)
    assert (subject.kind, subject.count) == (kind, count)


@pytest.mark.parametrize(
    ("prompt", "place", "time", "weather"),
    [
        ("黄昏的海边，一个女孩在散步", "beach", "twilight", None),
        ("深夜的城市街头，下着大雨，一个男人站着", "city_street", "night", "rain"),
        ("清晨，薄雾笼罩着湖面", "lake", "sunrise", "fog"),
        ("雪夜，女孩走在空无一人的街道上", "city_street", "night", None),
        ("暴风雪中的木屋", None, None, "blizzard"),
        ("桌上放着一杯茶，窗外下着大雨", None, None, "rain"),
        ("在一个下雨的夜晚，侦探走进昏暗的酒吧", "cafe", "night", "rain"),
        ("夕阳西下，麦田里一辆拖拉机驶过", "wheat_field", "sunset", None),
        ("湖边，清晨有薄雾，远处是雪山", "lake", "sunrise", "fog"),
    ],
)
def test_world(prompt, place, time, weather, order):
    """Place, time and weather are found whether they stand before 的, behind 在 or alone."""
    shot = read(order, prompt).shots[0]
    for field, wanted in (("place", place), ("time_of_day", time), ("weather", weather)):
        if wanted is not None:
            assert getattr(shot, field) == wanted, field


@pytest.mark.parametrize(
    ("prompt", "wanted"),
    [
        ("特写，女孩的脸", {"framing": "close_up"}),
        ("大远景，雪山", {"framing": "extreme_wide"}),
        ("航拍，金色的麦田", {"framing": "aerial"}),
        ("低角度仰拍，一名武士站着", {"angle": "low"}),
        ("女孩站着，镜头缓缓推近", {"move": "dolly_in"}),
        ("女孩站着，镜头向左摇", {"move": "pan", "heading": "left"}),
        ("女孩站着，镜头从左向右横移", {"move": "truck", "heading": "right"}),
        ("镜头跟随一只狐狸穿过森林", {"move": "follow"}),
        ("宇航员漂浮着，镜头围绕他旋转", {"move": "orbit"}),
        ("固定镜头，一只猫在睡觉", {"move": "static"}),
        ("慢动作，一只狗在奔跑", {"pace": "slow_motion"}),
        ("延时摄影，城市天际线", {"pace": "time_lapse"}),
        ("女孩手持油纸伞站在桥上，固定机位", {"move": "static"}),
    ],
)
def test_camera(prompt, wanted, order):
    """Framing, angle, move, its heading and the pace are read from their Chinese names."""
    shot = read(order, prompt).shots[0]
    got = {
        "framing": shot.framing,
        "angle": shot.angle,
        "move": shot.camera.move,
        "heading": shot.camera.heading,
        "pace": shot.pace,
    }
    assert {name: got[name] for name in wanted} == wanted


def test_relations(order):
    """What is held is its own subject, and the relation is named in English."""
    shot, girl = first(order, "女孩抱着一只白色的小兔子坐在秋千上")
    rabbit = next(subject for subject in shot.subjects if subject.kind == "rabbit")
    assert ("holding", rabbit.id) in {(relation.kind, relation.target) for relation in girl.relations}


def test_possessive_is_no_describing_clause(order):
    """The boy of "男孩看着女孩的眼睛" looks; "看着远方的女孩" is a girl who looks."""
    _, boy = first(order, "男孩看着女孩的眼睛")
    assert (boy.kind, boy.action) == ("boy", "look")
    _, girl = first(order, "看着远方的女孩笑了")
    assert girl.kind == "girl"


def test_what_is_not_wanted(order):
    """不要, 没有 and 无 keep things out; a Chinese negative list against the prompt is noted."""
    screenplay = read(order, "一瓶香水在旋转，没有音乐，不要出现人物")
    assert "person" in screenplay.excluded
    assert screenplay.shots[0].music is None
    asked = read(order, "一只狗在公园里奔跑", negative_prompt="狗，模糊")
    assert [subject.kind for subject in asked.shots[0].subjects] == ["dog"]
    assert any(note.kind == "conflict" for note in asked.notes)


LINES = [
    ("女孩低声说：“我好想你。”", "女孩", "whispers"),
    ("“你来了，”小男孩大喊道。", "小男孩", "shouts"),
    ("小女孩笑着回答：“是啊！”", "小女孩", "laughing"),
    ("副官转过身，声音颤抖地说：“地球没有回应。”", "副官", "nervously"),
    ("老猎人拿起猎枪，压低声音：“比狼更糟。”", "老猎人", "whispers"),
    ("老师走进教室，放下书，微笑着对同学们说：“早上好！”", "老师", "laughing"),
    ("男人<<<voice_1>>>说：“你好”", "男人", None),
    ("【小李】（兴奋地）：我们赢了！", "小李", "excitedly"),
    ("小明：「你好吗？」", "小明", None),
    ("小孫女輕聲說：「快來吃飯。」", "小孫女", "whispers"),
    ("红衣女子冷冷地说：“你终于来了。”", "红衣女子", "calmly"),
    ("一个男人站在雨中，他抬起头，说：“对不起。”", "男人", None),
]


@pytest.mark.parametrize(("prompt", "speaker", "manner"), LINES)
def test_speakers(prompt, speaker, manner, order):
    """A line belongs to who acts in its sentence, without the words that say how."""
    (line,) = read(order, prompt).shots[0].dialogue
    assert (line.speaker, line.language) == (speaker, "zh")
    assert manner is None or manner in line.manner


@pytest.mark.parametrize(
    "prompt",
    [
        "一块写着“营业中”的招牌挂在门口",
        "墙上贴着《霸王别姬》的海报",
        "霓虹灯上显示“深夜食堂”字样",
        "切到近景：一名登山者摘下护目镜",
        "医生告诉家属手术很成功",
    ],
)
def test_nobody_speaks(prompt, order):
    """Writing, titles, labels of shots and reported speech are no lines."""
    assert not read(order, prompt).shots[0].dialogue


def test_a_voice_off(order):
    """旁白 and 画外音 are heard and not seen."""
    shot = read(order, "一朵花绽放。\n旁白：春天来了。").shots[0]
    assert [line.off_screen for line in shot.dialogue] == [True]
    assert all(subject.kind != "person" for subject in shot.subjects)


@pytest.mark.parametrize(
    ("prompt", "starts"),
    [
        ("镜头1（3秒）：女孩在跑步。镜头2（2秒）：女孩在喝水。", [0, 3]),
        ("镜头一：女孩在跑步。\n镜头二：女孩在喝水。", [0, None]),
        ("0-3秒：一只猫在睡觉。3-5秒：猫醒来。", [0, 3]),
        ("一只猫在睡觉。切到特写：猫睁开眼睛。", [0, None]),
        ("第一个镜头：女孩在跑步。第二个镜头：女孩在喝水。", [0, None]),
        ("前3秒：女孩在跑步。最后2秒：女孩在喝水。", [0, 3]),
    ],
)
def test_shots(prompt, starts, order):
    """Chinese labels, times and cuts part a prompt."""
    shots = read(order, prompt).shots
    assert len(shots) == len(starts)
    for shot, start in zip(shots, starts, strict=True):
        assert start is None or shot.start == pytest.approx(start)


def test_spans_point_at_the_words(order):
    """What was read knows where it stood: noun and verb are among the characters its spans cover."""
    prompt = "黄昏，一只柯基在沙滩上奔跑"
    screenplay = read(order, prompt)
    subject = screenplay.shots[0].subjects[0]
    said = "".join(screenplay.prompts[span.prompt][span.start : span.end] for span in subject.spans)
    assert "柯基" in said
    assert "奔跑" in said
    assert any(prompt[s.start : s.end] == "黄昏" for s in screenplay.shots[0].sources["time_of_day"])


def test_english_loads_no_chinese_table():
    """An English prompt never waits for the Chinese words."""
    code = (
        "import sys; sys.path.insert(0, 'tests/plan'); from conftest import make_order;"
        "from soundstage.plan import write_screenplay; from soundstage.plan.chinese.glossary import glossary;"
        "write_screenplay(make_order('A woman walks into a cafe and says \"hi\".'));"
        "assert glossary.cache_info().currsize == 0"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

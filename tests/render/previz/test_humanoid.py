"""People are seen as people: they stand on the ground, walk without sliding, and wear what was said."""

import tomllib
from importlib.resources import files

import numpy as np
import pytest

from soundstage.film import LipTrack, Relation, Seconds, Subject, Viseme
from soundstage.render.previz.bearing import framed_together, mount_of, settle
from soundstage.render.previz.repertoire import LETTERS, kind_of, read_people
from soundstage.render.previz.rig.skeleton import matrices, placement
from soundstage.render.previz.staging import stage_shot
from soundstage.render.previz.subjects import humanoid_look as looks
from soundstage.render.previz.subjects.humanoid import Party
from soundstage.render.previz.subjects.humanoid_face import Feeling, eyes_open, mien_of, turns_of
from soundstage.render.previz.subjects.humanoid_lips import shape_of
from soundstage.render.previz.subjects.humanoid_mouth import Shape, shape_mouth
from soundstage.render.previz.subjects.humanoid_pose import act, pose_for
from soundstage.render.previz.subjects.humanoid_props import read_props
from soundstage.render.previz.subjects.humanoid_rig import make_rig
from soundstage.render.previz.subjects.humanoid_stride import read_poses

SMALL = (320, 180)


def a_look(entry="woman", *words, seed=3, fine=1.9, **rest):
    return looks.dress(entry, list(words), np.random.default_rng(seed), fine=fine, **rest)


@pytest.fixture(scope="module")
def walker():
    return make_rig(a_look("man"))


@pytest.mark.parametrize("gait", ["walk", "run"])
def test_a_foot_on_the_ground_does_not_slide(walker, gait):
    """What touches the ground keeps its place on it to a few millimetres between two frames."""
    speed = {"walk": 1.15, "run": 3.0}[gait]
    acting = act(gait, walker, 0.0, gait=gait, speed_m_s=speed, stoop=0.0)
    body = walker.body
    worst, touched = 0.0, 0
    at = [body.vertices_of("ft" + side) for side in "LR"]

    def soles(t):
        root = placement(speed * t, 0.0, 0.0, 0.0, walker.scale)
        placed = matrices(body.skeleton, acting.pose(t), root)
        found = []
        for i, side in zip(at, "LR", strict=True):
            foot = placed[body.skeleton.index("ft" + side)]
            found.append(body.points[i] @ foot[:, :3].T + foot[:, 3])
        return found

    for k in range(24):
        now, then = soles(k / 48), soles((k + 0.25) / 48)
        for a, b in zip(now, then, strict=True):
            low = np.argmin(a[:, 1])
            # A foot that comes down or lifts off is near the ground, but not on it.
            if abs(a[low, 1]) < 0.012 and abs(a[low, 1] - b[low, 1]) < 0.002:
                touched += 1
                worst = max(worst, abs(float(b[low, 0] - a[low, 0])))
    assert touched > 8
    assert worst < 0.012


@pytest.mark.parametrize("name", sorted(read_poses()["poses"]))
def test_nobody_sinks_into_the_ground(walker, name):
    """In every pose but those of water and air the lowest point of the body lies on the ground."""
    row = read_poses()["poses"][name]
    if row.get("rests_on") in ("air", "mount"):
        pytest.skip("floats, or sits on what it rides")
    acting = act(name, walker, 0.2, gait=None, speed_m_s=0.0, stoop=0.0)
    body = walker.body
    placed = matrices(body.skeleton, acting.pose(0.0), np.eye(4))
    at = walker.seatless
    rows = placed[body.bones[at], 1]
    heights = (
        ((rows[..., :3] * body.points[at][:, None]).sum(axis=2) + rows[..., 3]) * body.weights[at]
    ).sum(axis=1)
    assert heights.min() > -0.09
    assert "hop" in row or heights.min() < 0.05


def test_a_said_garment_has_the_said_colour():
    """Saying "red coat" dyes the coat and lets it hang to the knee; the rest is drawn by chance."""
    look = a_look("woman", "red coat")
    assert dict(look.colours)["top"] == pytest.approx(looks.read_table()["colours"]["red"])
    assert look.outfit.hem_m > 0.3


def test_hair_is_as_said():
    """Colour and style of hair are read from attributes."""
    look = a_look("man", "bald")
    assert look.hair == "bald"
    fair = dict(a_look("woman", "blonde hair").colours)["hair"]
    assert fair == pytest.approx(looks.read_table()["hair_colours"]["blonde"])


def test_eyes_are_as_said():
    """Blue eyes are blue whatever chance draws, and dye no clothes."""
    for seed in range(3):
        look = a_look("woman", "blue eyes", seed=seed)
        assert look.iris[2] > 2 * look.iris[0]
        assert dict(look.colours)["top"] != pytest.approx(looks.read_table()["colours"]["blue"])


def test_ages_have_their_proportions():
    """A child is small and has a large head for its height, an old man stoops."""
    child, adult, old = (a_look(e).build for e in ("girl", "woman", "old_man"))
    assert child.height_m < 0.8 * adult.height_m
    assert child.heads < adult.heads
    assert old.stoop > 0.2


def test_every_entry_and_pose_names_what_exists():
    """A stranger's line fails here, not in a user's film: props, outfits, hair and actions are known."""
    table = looks.read_table()
    for entry in table["people"]:
        look = a_look(entry, seed=1)
        assert set(look.extras) <= set(table["extras"]) | set(read_props()["props"]), entry
        assert look.hair in table["hair"], entry
    for row in read_poses()["poses"].values():
        assert set(row.get("props", ())) <= set(table["extras"]) | set(read_props()["props"])
        assert row.get("face", "smile") in read_poses()["faces"]
    assert pose_for("dance") == "dance"
    assert pose_for("no such deed") == "stand"


@pytest.mark.parametrize("kind", ["woman", "old_man", "crowd", "knight", "toddler"])
def test_kinds_of_people_are_built_as_people(kind):
    """No kind of person is shown as letters any more."""
    assert kind_of(Subject(noun=kind, kind=kind)).name != LETTERS


def test_a_person_changes_the_picture_and_repeats_to_the_bit(shot_of, brief_of, draw):
    """A red coat is seen in the frame, and the same order draws the same bytes."""
    woman = Subject(noun="woman", kind="woman", action="walk", attributes=("red coat",))
    told = {"place": "open", "framing": "medium", "time_of_day": "noon", "fireflies": False}
    brief = brief_of(size=SMALL)
    shot = shot_of(**told)
    object.__setattr__(shot, "subjects", (woman,))
    first, again = draw(shot, 3, brief=brief), draw(shot, 3, brief=brief)
    assert np.array_equal(first.video, again.video)
    bgr = first.bgr.astype(int)
    red = (bgr[..., 2] > 90) & (bgr[..., 2] > 2 * bgr[..., 1]) & (bgr[..., 2] > 2 * bgr[..., 0])
    assert red.mean() > 0.02
    assert np.isfinite(first.light).all()


def test_a_close_up_shows_the_face(shot_of, brief_of, draw):
    """Child or adult, the head fills the middle of a close-up: skin is seen there."""
    for kind in ("man", "girl"):
        shot = shot_of(place="open", framing="close_up", time_of_day="noon", fireflies=False)
        object.__setattr__(shot, "subjects", (Subject(noun=kind, kind=kind, action="stand"),))
        empty = shot_of(place="open", framing="close_up", time_of_day="noon", fireflies=False)
        drawn = draw(shot, 3, brief=brief_of(size=SMALL)).luma
        bare = draw(empty, 3, brief=brief_of(size=SMALL)).luma
        middle = (slice(40, 140), slice(90, 230))
        assert (np.abs(drawn[middle] - bare[middle]) > 8).mean() > 0.3


def a_track(*visemes):
    told, at = [], 0.0
    for shape, openness in visemes:
        told.append(Viseme(start_s=Seconds(at), end_s=Seconds(at + 0.2), shape=shape, openness=openness))
        at += 0.2
    return LipTrack(speaker="Anna", visemes=tuple(told))


def test_lips_follow_the_voice():
    """An open vowel opens the mouth, a closed consonant shuts it, a rounded vowel purses the lips."""
    track = a_track(("closed", 0.0), ("open", 1.0), ("closed", 0.0), ("round", 0.7), ("rest", 0.0))
    shut, wide, pursed = (shape_of(track, t) for t in (0.05, 0.3, 0.7))
    assert shut.opened < 0.15
    assert wide.opened > 0.6
    assert pursed.round > 0.5 > wide.round


def test_an_open_mouth_parts_the_lips_and_keeps_its_corners():
    """Opening moves the lower lip down by its middle; the corners stay where they meet."""
    build = a_look("woman").build
    shut, wide = shape_mouth(build, Shape()), shape_mouth(build, Shape(opened=1.0))
    middle = shut["lower"].shape[1] // 2
    assert shut["lower"][5, middle, 1] - wide["lower"][5, middle, 1] > 0.008
    assert abs(wide["lower"][5, 0, 1] - wide["upper"][5, 0, 1]) < 0.003


def test_a_smile_lifts_the_corners():
    """Corners of a smiling mouth stand higher than those of a sad one."""
    build = a_look("man").build
    glad, sad = (shape_mouth(build, Shape(smile=s))["upper"][5, 0, 1] for s in (0.8, -0.6))
    assert glad > sad + 0.004


def test_lids_close_over_the_eyes():
    """In a blink the upper lid turns down, and opens again after."""
    times = np.arange(0, 6, 0.02)
    shares = [eyes_open(t, 0.3) for t in times]
    assert min(shares) < 0.2
    assert np.mean(shares) > 0.85
    calm = mien_of(0.5, 0.3, Feeling(squint=1.0), None, (0.0, 0.0))
    assert turns_of(calm)["lidL"].z < -0.5


def riding(kind="bicycle", **rest):
    rider = Subject(
        noun="woman", kind="woman", id="s.woman", action="ride",
        relations=(Relation(kind="riding", target="s.mount"),), **rest,
    )  # fmt: skip
    return rider, Subject(noun=kind, kind=kind, id="s.mount")


@pytest.mark.parametrize("kind", ["bicycle", "motorcycle", "horse", "camel"])
def test_a_rider_follows_what_carries_it(kind):
    """The mount leads and moves; the rider sits on it, and both are framed together."""
    mount, rider = settle(riding(kind), read_people())
    assert mount.kind == kind
    assert kind_of(mount).speed_m_s[mount.action] > 0.5
    assert mount_of(rider, (mount, rider)) == mount
    assert framed_together((mount, rider), "wide")[0] > 1.5
    assert settle((mount, rider), read_people()) == (mount, rider)


def test_a_rider_stays_on_the_saddle(shot_of, brief_of):
    """From first to last frame the hips keep their place on a moving bicycle, to a centimetre."""
    shot = shot_of(place="open", framing="wide", time_of_day="noon", fireflies=False)
    object.__setattr__(shot, "subjects", riding())
    scene = stage_shot(shot, brief_of(size=SMALL))
    actor = next(layer for layer in scene.layers if isinstance(layer, Party)).actors[0]
    saddle = np.array([actor.seat.at(t)[:3] for t in (0.0, 0.5, 1.0)])
    hips = []
    for t in (0.0, 0.5, 1.0):
        placed = matrices(actor.rig.body.skeleton, actor.pose(t), actor.root(t))
        at = actor.rig.body.skeleton.index("pelvis")
        hips.append(placed[at] @ np.array([*actor.rig.body.skeleton.joint("pelvis"), 1.0]))
    assert saddle[2, 0] - saddle[0, 0] > 2.0
    assert np.ptp(np.array(hips) - saddle, axis=0).max() < 0.01


@pytest.mark.parametrize(
    ("action", "noun", "kind", "pose", "prop"),
    [
        ("play", "violin", "instrument", "violin", "violin"),
        ("play", "piano", "instrument", "piano", "piano"),
        ("talk", "phone", "phone", "phone", "phone"),
        ("carry", "box", "box", "hold", "crate"),
        ("drink", "coffee", "cup", "drink", "mug"),
    ],
)
def test_what_is_held_is_in_the_hands(action, noun, kind, pose, prop):
    """A thing that somebody plays, carries or drinks does not stand beside them on the set."""
    related = {"talk": "on", "play": "playing", "carry": "carrying", "drink": "drinking"}[action]
    relations = (Relation(kind=related, target="s.thing"),)
    man = Subject(noun="man", kind="man", id="s.man", action=action, relations=relations)
    thing = Subject(noun=noun, kind=kind, id="s.thing")
    (alone,) = settle((man, thing), read_people())
    held = [r.target.rpartition(".")[2] for r in alone.relations]
    assert prop in held
    assert pose_for(action, None, [*held, noun]) == pose


def test_a_wording_has_its_own_pose():
    """The verb as said counts more than the action it belongs to."""
    assert pose_for("clean", "sweep") == "sweep"
    assert pose_for("clean", "wash") == "work"
    assert pose_for("laugh") == "laugh"


def test_every_action_of_people_has_a_pose():
    """Whatever the lexicon of verbs names, somebody can do it: a pose, or standing on purpose."""
    lexicon = tomllib.loads(files("soundstage.plan").joinpath("data/verbs.toml").read_text(encoding="utf-8"))
    known = {action for row in read_poses()["poses"].values() for action in row["actions"]}
    assert set(lexicon) - known <= set()


def test_the_same_person_in_another_shot_looks_the_same(shot_of, brief_of):
    """Noun and seed make a person: framing, deed and place among others change neither clothes nor face."""
    looks_seen = []
    for action, framing, extra in (
        ("stand", "wide", ()),
        ("sit", "medium", (Subject(noun="man", kind="man"),)),
    ):
        shot = shot_of(place="open", framing=framing, time_of_day="noon", fireflies=False)
        woman = Subject(noun="woman", kind="woman", action=action)
        object.__setattr__(shot, "subjects", (*extra, woman))
        scene = stage_shot(shot, brief_of(size=SMALL))
        party = [layer for layer in scene.layers if isinstance(layer, Party)]
        rigs = [actor.rig for layer in party for actor in layer.actors if actor.rig.build.bust > 0]
        looks_seen.append(tuple(np.round(np.median(rigs[0].albedo, axis=0), 3)))
    assert looks_seen[0] == pytest.approx(looks_seen[1], abs=0.03)

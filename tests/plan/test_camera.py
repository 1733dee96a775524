"""The camera as prompts order it: framing, angle, lens, moves in order, and what only sounds like them."""

import pytest

from soundstage.plan import write_screenplay


def camera_of(order, prompt, **fields):
    """Return the only shot of a prompt."""
    (shot,) = write_screenplay(order(prompt, **fields)).shots
    return shot


def moves_of(shot):
    """Return what the camera does, in order."""
    return [shot.camera.move, *(change.move for change in shot.camera.then)]


@pytest.mark.parametrize(
    ("prompt", "moves"),
    [
        ("Locked-off tripod shot of a harbour", ["static"]),
        ("The camera does not move as a candle burns down", ["static"]),
        ("No camera movement. A barn at dusk.", ["static"]),
        ("Handheld, a nurse runs down a corridor", ["handheld"]),
        ("Pan left across a line of parked buses", ["pan"]),
        ("The camera tilts up to the bell tower", ["tilt"]),
        ("Slow push-in on an old watchmaker", ["dolly_in"]),
        ("The camera pulls back to reveal a stadium", ["dolly_out"]),
        ("The camera slides to the left past the shelves", ["truck"]),
        ("Tracking shot alongside a cyclist", ["track"]),
        ("Follow a red fox through the snow", ["follow"]),
        ("The camera walks backwards in front of the bride", ["lead"]),
        ("The camera slowly circles her as she sings", ["orbit"]),
        ("As the camera rises we see the valley", ["crane"]),
        ("We glide over the rooftops of Lisbon", ["fly_over"]),
        ("FPV drone through a ruined factory", ["fly_over"]),
        ("Crash zoom on the cat's eyes", ["zoom"]),
        ("Vertigo effect on a man on a staircase", ["dolly_zoom"]),
        ("Rack focus from the glass to the door", ["rack_focus"]),
        ("The camera pans left, then tilts up and pulls back", ["pan", "tilt", "dolly_out"]),
        ("The shot cranes up before pulling back over the parade", ["crane", "dolly_out"]),
    ],
)
def test_moves_in_their_order(order, prompt, moves):
    """Each of the fifteen moves is read in its usual wordings, several in the order they happen."""
    assert moves_of(camera_of(order, prompt)) == moves


@pytest.mark.parametrize(
    "prompt",
    [
        "A crane lifts steel over a building site",
        "A white drone delivers a parcel to a girl",
        "The pilot pans for gold in a creek",
        "He zooms past on a scooter",
        "A porter pushes a cargo dolly through the hall",
        "Her arms arc above her head",
        "Static electricity lifts her hair",
        "She reads the tracking number on the box",
        "A cat rolls on the carpet",
        "A student tries to focus on her studies",
        "A security camera rotates in the corner",
        "Dancers circle around the fire, then rise into the air",
        "An eagle dives, flying over the valley",
        "A handheld fan whirs on a desk",
        "Wide shot of a train moving through a valley",
        "Tilt-shift view of a town with moving trams",
    ],
)
def test_what_others_do_is_no_move(order, prompt):
    """A verb or a noun of film is a move only where the camera, or nobody, does it."""
    shot = camera_of(order, prompt)
    assert "move" not in shot.sources


@pytest.mark.parametrize(
    ("prompt", "heading"),
    [
        ("The camera pans slowly from left to right over a desk", "right"),
        ("Camera orbits counterclockwise around a statue", "left"),
        ("Pedestal down along a dress", "down"),
        ("Zoom out from a leaf", "away"),
    ],
)
def test_headings(order, prompt, heading):
    """Which way a move goes is read from the words around it."""
    assert camera_of(order, prompt).camera.heading == heading


def test_how_much_and_how_fast(order):
    """Words of degree set amplitude and speed: a crawl is slower than a whip."""
    slow = camera_of(order, "A very slow subtle push-in on a face").camera
    whip = camera_of(order, "Whip pan right to a door").camera
    assert slow.speed < 0.4
    assert whip.speed > 0.9
    assert slow.amplitude < whip.amplitude


def test_a_move_and_a_hand_go_together(order):
    """Handheld is how a camera is carried: it adds to a move."""
    camera = camera_of(order, "Handheld camera follows a boy through a market").camera
    assert camera.move == "follow"
    assert camera.handheld > 0


def test_framing_changes_inside_the_shot(order):
    """The first framing is the shot's; what it comes to later is a change with a time and a framing."""
    shot = camera_of(order, "Starts with a wide shot, then pushes into a close-up on her eyes.", seconds=8)
    assert (shot.framing, shot.camera.move) == ("wide", "dolly_in")
    (change,) = shot.camera.then
    assert (change.move, change.framing) == ("dolly_in", "close_up")
    assert shot.start < change.start < shot.start + shot.seconds


def test_explicit_times_of_moves_hold(order):
    """A time the prompt gives a move is that change's start."""
    prompt = "The camera pans across the hall, at 7 seconds it tilts up to the dome"
    shot = camera_of(order, prompt, seconds=10)
    assert [(change.start, change.move) for change in shot.camera.then] == [(7.0, "tilt")]


@pytest.mark.parametrize(
    ("prompt", "framing"),
    [
        ("Extreme close-up of an iris", "extreme_close_up"),
        ("Macro shot of a bee", "extreme_close_up"),
        ("A head-and-shoulders portrait of a Viking", "close_up"),
        ("Tight on his hands", "close_up"),
        ("A newsreader from the waist up", "medium"),
        ("Two-shot of a couple on a sofa", "medium"),
        ("Over-the-shoulder shot of a chess player", "medium"),
        ("Establishing shot of a castle", "wide"),
        ("Wide-angle shot of a kitchen", "wide"),
        ("Extreme long shot of a rider in the dunes", "extreme_wide"),
        ("Bird's-eye view of a maze", "aerial"),
        ("Wide aerial shot of a coast", "aerial"),
    ],
)
def test_framings(order, prompt, framing):
    """Framings are read from the closest to the widest, under all their usual names."""
    shot = camera_of(order, prompt)
    assert shot.framing == framing
    assert shot.sources["framing"]


@pytest.mark.parametrize(
    "prompt",
    [
        "A close friend in a tight dress crosses a wide river",
        "He looks back over his shoulder and runs",
        "A portrait of the king hangs on the wall",
    ],
)
def test_what_describes_things_is_no_framing(order, prompt):
    """Wide rivers, close friends and portraits on walls frame nothing."""
    assert "framing" not in camera_of(order, prompt).sources


@pytest.mark.parametrize(
    ("prompt", "angle"),
    [
        ("Low-angle shot of a giant", "low"),
        ("Worm's-eye view of a redwood", "low"),
        ("A square seen from above", "high"),
        ("Top-down view of a table", "top"),
        ("Dutch angle, a clown grins", "dutch"),
        ("A boy looks up at the stars in low-angle sun", "eye"),
        ("Rain falls from above on a street", "eye"),
    ],
)
def test_angles(order, prompt, angle):
    """Angles are the camera's: neither low sun nor rain from above changes them."""
    assert camera_of(order, prompt).angle == angle


def test_lenses(order):
    """Millimetres, stops and names of lenses set the lens; film stock and guns do not."""
    lens = camera_of(order, "An old man on a bench, 85mm f/1.4, bokeh").lens
    assert (lens.focal_length_mm, lens.f_number) == (85, 1.4)
    assert camera_of(order, "A hall, deep focus").lens.focus == "deep"
    assert camera_of(order, "Fisheye, a skater").lens.focal_length_mm < 20
    assert "lens" not in camera_of(order, "Shot on 35mm, a man with a 9mm pistol").sources


@pytest.mark.parametrize(
    ("prompt", "pace"),
    [
        ("A pancake flips in slow motion", "slow_motion"),
        ("A splash at 240 fps", "slow_motion"),
        ("Hyperlapse through a city", "time_lapse"),
        ("Timelapse of a rose", "time_lapse"),
        ("Bullet time, a fighter leaps", "freeze"),
        ("A man walks in real time, no slow motion", "normal"),
    ],
)
def test_pace(order, prompt, pace):
    """How fast time runs is the shot's pace."""
    assert camera_of(order, prompt).pace == pace


def test_point_of_view(order):
    """First person is seen through somebody's eyes, and walks with them."""
    camera = camera_of(order, "First-person POV racing down a slope on a sled").camera
    assert camera.pov
    assert camera.handheld > 0


def test_what_was_said_points_at_its_words(order):
    """Framing, angle, lens, move and pace say which words they were read from."""
    prompt = "Low-angle close-up of a boxer, slow motion, 50mm, the camera circles him."
    sources = camera_of(order, prompt).sources
    said = {name: [prompt[s.start : s.end] for s in spans] for name, spans in sources.items()}
    assert said["framing"] == ["close-up"]
    assert said["angle"] == ["Low-angle"]
    assert said["lens"] == ["50mm"]
    assert said["pace"] == ["slow motion"]
    assert said["move"] == ["circles"]

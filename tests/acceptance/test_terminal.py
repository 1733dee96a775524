"""`soundstage film` and `plan` as a user types them."""

import json
import subprocess
from pathlib import Path

import pytest
from films import look
from servers import SOUNDSTAGE

FIREFLIES = "Close-up of glowing fireflies dancing in a dark forest at twilight. Magical atmosphere."


@pytest.fixture(scope="module")
def fireflies(terminal, tmp_path_factory):
    """One small film that several tests look at."""
    path = tmp_path_factory.mktemp("film") / "fireflies.mp4"
    told = terminal.film(FIREFLIES, "-o", str(path), "--seconds", "3", "--resolution", "360p", "--seed", "7")
    return path, told


def test_film_has_exactly_the_frames_and_tags_it_should(fireflies):
    """H.264 High, yuv420p, BT.709 limited, 24 fps, duration x 24 frames, audio within one AAC frame."""
    path, told = fireflies
    seen = look(path)
    assert (seen.frames, seen.fps, seen.width, seen.height) == (72, 24, 640, 360)
    assert (seen.profile, seen.pix_fmt, seen.color) == ("High", "yuv420p", (1, 1, 1, 1))
    assert abs(seen.audio_samples - 3 * 48_000) <= 1024
    assert told["frame_count"] == 72
    assert told["files"]["video"]["bytes"] == path.stat().st_size


def test_film_is_alive_and_heard(fireflies):
    """Not black, never frozen, -16 LUFS, true peak under -1 dBTP."""
    seen = look(fireflies[0])
    assert seen.brightness.mean() > 8
    assert seen.motion.min() > 0.01
    assert seen.loudness_lufs == pytest.approx(-16, abs=1)
    assert seen.true_peak_db <= -1.0


def test_film_says_what_made_it(fireflies):
    """The file and the facts name engine, version and seed, and call previz previz."""
    path, told = fireflies
    assert told["made_by"] == "procedural previz"
    assert (told["engine"], told["seed"]) == ("previz", 7)
    said = " ".join(look(path).metadata.values())
    assert "procedural previz" in said
    assert told["engine_version"] in said
    assert "7" in said


def test_screenplay_lies_beside_the_film(fireflies):
    """What was understood can be read."""
    screenplay = json.loads(Path(fireflies[1]["files"]["screenplay"]["path"]).read_text("utf-8"))
    assert screenplay["shots"][0]["place"] == "forest"
    assert screenplay["shots"][0]["time_of_day"] == "twilight"
    assert "firefly" in [s["kind"] for s in screenplay["shots"][0]["subjects"]]


def test_same_order_same_bytes(fireflies, terminal, tmp_path):
    """Same input and seed, same bytes on one machine; another seed, another film."""
    flags = ("--seconds", "3", "--resolution", "360p")
    again, other = tmp_path / "again.mp4", tmp_path / "other.mp4"
    terminal.film(FIREFLIES, "-o", str(again), *flags, "--seed", "7")
    terminal.film(FIREFLIES, "-o", str(other), *flags, "--seed", "8")
    assert again.read_bytes() == fireflies[0].read_bytes()
    assert other.read_bytes() != again.read_bytes()


def test_shots_cut_at_the_asked_times(terminal, tmp_path):
    """`--shot` twice gives one film with one cut, at the exact frame."""
    path = tmp_path / "shots.mp4"
    shots = (
        "--shot",
        "A beach at noon, waves rolling in=2",
        "--shot",
        "Fireflies in a dark forest at night=1",
    )
    terminal.film(*shots, "-o", str(path), "--resolution", "360p", "--seed", "1")
    seen = look(path)
    assert seen.frames == 72
    assert seen.cuts == (48,)


def test_captions_of_the_film_before_do_not_stay(terminal, tmp_path):
    """A new film in an old one's place takes its captions away: players would show them."""
    path, flags = tmp_path / "again.MP4", ("--seconds", "3", "--resolution", "360p")
    terminal.film('A man on a beach says, "Hello."', "-o", str(path), *flags)
    assert (tmp_path / "again.srt").exists()
    terminal.film("A beach", "-o", str(path), *flags)
    assert path.exists()
    assert not list(tmp_path.glob("*.srt")) + list(tmp_path.glob("*.vtt"))


def test_a_stopped_film_leaves_nothing(terminal, tmp_path):
    """SIGTERM in mid-film ends it as Ctrl-C does: no film, no clips, no traceback."""
    words = [*SOUNDSTAGE, "film", "A beach", "-o", str(tmp_path / "x.mp4"), "--seconds", "30"]
    with subprocess.Popen(
        words, env=terminal.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as film:
        while "rendering" not in (line := film.stderr.readline()):
            assert line, "it ended before it began to render"
        film.terminate()
        _, said = film.communicate(timeout=60)
    assert film.returncode == 130
    assert "Traceback" not in said
    assert not list(tmp_path.iterdir())
    benches = Path(terminal.environ["SOUNDSTAGE_HOME"]) / "orders"
    assert not list(benches.iterdir())


def test_no_audio_means_no_stream(terminal, tmp_path):
    """`--no-audio` gives a file without an audio stream."""
    path = tmp_path / "mute.mp4"
    told = terminal.film("A beach", "-o", str(path), "--seconds", "3", "--resolution", "360p", "--no-audio")
    assert look(path).audio_samples is None
    assert told["has_audio"] is False


def test_request_file_in_the_wires_fields(terminal, tmp_path):
    """`--input -` takes exactly what the API takes, and speech becomes captions."""
    path = tmp_path / "said.mp4"
    body = {
        "prompt": 'A woman stands on a beach at sunset and says, "We made it home."',
        "duration": "4",
        "aspect_ratio": "9:16",
        "resolution": "360p",
        "seed": 3,
    }
    told = terminal.film("--input", "-", "-o", str(path), stdin=json.dumps(body))
    seen = look(path)
    assert (seen.width, seen.height, seen.frames) == (360, 640, 96)
    assert "We made it home." in Path(told["files"]["captions_vtt"]["path"]).read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["film"], "prompt"),
        (["film", "   "], "prompt"),
        (["film", "x", "--seconds", "2"], "3"),
        (["film", "x", "--seconds", "61"], "60"),
        (["film", "x", "--aspect", "4:3"], "16:9"),
        (["film", "x", "--cfg", "1.5"], "1"),
        (["film", "x", "--engine", "prevz"], "previz"),
        (["film", "x", "--shot", "y"], "y=5"),
        (["film", "x", "-o", "film.mov"], ".mp4"),
        (["film", "x", "-o", "/nowhere/at/all/film.mp4"], "/nowhere/at/all"),
        (["film", "--input", "/no/such.json"], "/no/such.json"),
        (["serve", "--database", "notaurl"], "--database"),
        (["serve", "--home", "/dev/null"], "/dev/null"),
    ],
)
def test_a_mistake_is_told_in_one_line(terminal, words, said):
    """Bad input ends with 1, names the rule or the remedy, and shows no traceback."""
    told = terminal.run(*words)
    assert told.returncode == 1, told.stderr
    assert said in told.stderr
    assert "Traceback" not in told.stderr


def test_json_is_one_object_even_when_it_fails(terminal):
    """`--json` prints one JSON object on stdout and nothing else, error or not."""
    told = terminal.run("film", "--json", "x", "--seconds", "99")
    assert told.returncode == 1
    assert json.loads(told.stdout)["error"]["kind"] == "order_refused"
    assert told.stdout.count("\n") == 1


def test_plan_prints_the_screenplay(terminal):
    """`soundstage plan --json` prints JSON that can be sent back as it is."""
    told = terminal.run("plan", FIREFLIES, "--seed", "7", "--json")
    screenplay = json.loads(told.stdout)
    assert screenplay["seed"] == 7
    edited = json.dumps({"screenplay": screenplay, "seed": 7})
    again = terminal.run("plan", "--json", "--input", "-", stdin=edited)
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["shots"] == screenplay["shots"]


def test_an_edited_screenplay_is_filmed(terminal, tmp_path):
    """`film --screenplay` films one that was written by hand, and keeps beside it what it became."""
    shots = [
        {"seconds": 1.5, "place": "forest", "time_of_day": "night", "subjects": [{"noun": "fireflies"}]},
        {"seconds": 1.5, "place": "beach", "camera": {"move": "pan", "then": [{"start": 2, "move": "tilt"}]}},
    ]
    edited, film = tmp_path / "edited.json", tmp_path / "film.mp4"
    edited.write_text(json.dumps({"shots": shots}))
    told = terminal.film("--screenplay", str(edited), "-o", str(film), "--resolution", "360p", "--no-audio")
    assert look(film).frames == 72
    kept = json.loads(Path(told["files"]["screenplay"]["path"]).read_text("utf-8"))
    assert [shot["id"] for shot in kept["shots"]] == ["shot-1", "shot-2"]
    assert kept["shots"][0]["subjects"][0]["kind"] == "firefly"


def test_engines_and_doctor_tell_the_machine(terminal):
    """`engines` lists previz as ready; `doctor` names each part."""
    assert "previz" in terminal.run("engines").stdout
    told = terminal.run("doctor")
    assert told.returncode == 0, told.stdout + told.stderr
    for part in ("cores", "engine", "encoder", "voices", "database", "storage", "disk"):
        assert part in told.stdout

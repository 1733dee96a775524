"""Joining shots: exact frames at exact times, by copy, the same bytes every time."""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import replace

import av
import av.error
import av.filter
import numpy as np
import pytest

from soundstage.errors import EncoderBroke, StitchError
from soundstage.film import FrameSize, Screenplay
from soundstage.plain import from_json
from soundstage.stitch import probe


def decoded(path):
    with av.open(str(path)) as film:
        return [frame.to_ndarray() for frame in film.decode(video=0)]


def packets(path):
    with av.open(str(path)) as film:
        return [bytes(packet) for packet in film.demux(video=0) if packet.size]


def cuts(path):
    """Return the frames at which FFmpeg's scene detector sees a cut."""
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        graph = av.filter.Graph()
        source, detector = graph.add_buffer(template=stream), graph.add("scdet", "threshold=6")
        sink = graph.add("buffersink")
        source.link_to(detector)
        detector.link_to(sink)
        graph.configure()
        found = []

        def drain():
            while True:
                try:
                    frame = graph.vpull()
                except (av.error.BlockingIOError, av.error.EOFError):
                    return
                if "lavfi.scd.time" in frame.metadata:
                    found.append(round(float(frame.metadata["lavfi.scd.time"]) * float(stream.average_rate)))

        for frame in film.decode(stream):
            graph.push(frame)
            drain()
        graph.push(None)
        drain()
        return found


@pytest.mark.parametrize("counts", [(1,), (2, 1), (3, 31), (1, 1, 1), (5, 49, 2, 73), (17, 1, 2, 3, 29, 7)])
def test_every_frame_at_its_time(cutter, counts):
    """However the shots are cut, frame n stands at n/fps, and no frame is lost or doubled at a join."""
    found = probe(cutter.film(*counts))
    assert found.frame_count == sum(counts)
    assert found.steady
    assert found.seconds == pytest.approx(sum(counts) / 24, abs=1e-6)


@pytest.mark.parametrize("fps", [24, 25, 30, 48, 60])
def test_every_rate(cutter, fps):
    """Every frame rate on offer is exact, and sound ends with the picture."""
    found = probe(cutter.film(7, 2 * fps + 3, fps=fps))
    assert (found.frame_count, found.fps, found.steady) == (2 * fps + 10, fps, True)
    assert found.sound.seconds == pytest.approx((2 * fps + 10) / fps, abs=1e-6)


@pytest.mark.parametrize(
    ("width", "height"), [(640, 360), (360, 640), (360, 360), (960, 540), (1440, 1440), (3840, 2160)]
)
def test_every_shape(cutter, width, height):
    """Frames are as large as asked, from 360p to 4K, lying, standing and square."""
    size = FrameSize(width=width, height=height)
    path = cutter.film(3, 2, size=size, sound=False)
    found = probe(path)
    assert (found.size, found.frame_count, found.profile) == (size, 5, "High")
    with av.open(str(path)) as film:
        assert film.streams.video[0].sample_aspect_ratio in (None, 1), "pixels must be square"


def test_cuts_stand_at_their_frames(cutter):
    """A cut is seen at the exact frame at which its shot begins, and nowhere else."""
    assert cuts(cutter.film(25, 31, 18, 40)) == [25, 56, 74]


def test_joining_changes_no_pixel(cutter):
    """The film's frames are the clips' frames, bit for bit."""
    keys = cutter.shoot(9, 30, 2)
    film = decoded(cutter.join(keys).file("video").path)
    clips = [frame for key in keys for frame in decoded(cutter.bench.clip(key))]
    assert len(film) == 41
    assert all(np.array_equal(a, b) for a, b in zip(film, clips, strict=True))


def test_pictures_are_copied(cutter):
    """No second encode: the film's packets are the clips' packets."""
    keys = cutter.shoot(9, 30, 2)
    path = cutter.join(keys).file("video").path
    assert packets(path) == [packet for key in keys for packet in packets(cutter.bench.clip(key))]


def test_pictures_look_like_what_was_sent(cutter, make):
    """What is seen is what the engine drew: over 38 dB, and each frame nearest to its own."""
    keys = cutter.shoot(6, 7)
    sent = [make.planes(key.size, n, key.index) for key in keys for n in range(key.frame_count)]
    shown = decoded(cutter.join(keys).file("video").path)
    errors = np.array([[np.mean((a.astype(float) - b) ** 2) for b in sent] for a in shown])
    assert list(errors.argmin(axis=1)) == list(range(13))
    assert 10 * np.log10(255**2 / np.diag(errors).max()) > 38


def test_each_clip_starts_anew(cutter):
    """Every shot begins with a keyframe, and one follows at least every two seconds."""
    path = cutter.film(30, 130, sound=False)
    with av.open(str(path)) as film:
        keyframes = sorted(
            round(float(packet.pts * packet.time_base) * 24)
            for packet in film.demux(video=0)
            if packet.size and packet.is_keyframe
        )
    assert keyframes[:2] == [0, 30]
    assert max(np.diff([*keyframes, 160])) <= 48


def test_same_input_same_bytes(tmp_path, make):
    """The same shots and sound give the same files, byte for byte."""
    told = []
    for folder in ("one", "two"):
        cutter = make.Cutter(tmp_path / folder)
        keys = cutter.shoot(33, 20)
        track = make.soundtrack(
            53, cues=[make.cue(0.2, 1.1, "Hello"), make.cue(1.2, 2.0, "你好", language="zh")]
        )
        film = cutter.join(keys, soundtrack=track)
        told.append({file.name: hashlib.sha256(file.path.read_bytes()).hexdigest() for file in film.files})
    assert told[0] == told[1]
    assert len(told[0]) == 5


def test_tags(cutter):
    """H.264 High, yuv420p, tagged BT.709 and limited range: every player shows the same colours."""
    found = probe(cutter.film(10))
    assert (found.codec, found.profile, found.pixel_format) == ("h264", "High", "yuv420p")
    colours = found.colours
    assert (colours.primaries, colours.transfer, colours.matrix, colours.range) == (
        "bt709",
        "bt709",
        "bt709",
        "limited",
    )


def _boxes(data):
    at = 0
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        yield kind.decode(), data[at : at + size]
        at += size


def test_index_comes_first(cutter):
    """A browser can play before it has the whole file: the index lies in front of the media."""
    data = cutter.film(60).read_bytes()
    order = [kind for kind, _ in _boxes(data)]
    assert order.index("moov") < order.index("mdat")


def test_no_clock_in_the_file(cutter):
    """The file does not say when it was made, or no two runs would give the same bytes."""
    moov = dict(_boxes(cutter.film(10).read_bytes()))["moov"]
    for kind in (b"mvhd", b"tkhd", b"mdhd"):
        at = moov.index(kind) + 8
        assert moov[at : at + 8] == bytes(8), f"{kind} has a time of creation"
    assert b"creation_time" not in moov


def test_film_says_what_made_it(cutter):
    """Engine, version, seed and 'procedural previz' are in the file; the title keeps its script."""
    told = probe(cutter.film(10)).metadata
    wanted = {
        "title": "Lighthouse 灯塔",
        "made_by": "procedural previz",
        "engine": "previz",
        "engine_version": "7",
        "seed": "42",
    }
    assert {key: told.get(key) for key in wanted} == wanted
    assert "procedural previz" in told["comment"]
    assert told["soundstage_version"].count(".") >= 1


def test_odd_titles(cutter, make):
    """A title with control characters or half an emoji, as from a careless edit, does not end the film."""
    keys = cutter.shoot(3)
    play = replace(make.screenplay(keys), title="Storm\0\n\ud83c at sea")
    film = cutter.bench.join(keys, play, None, "both", make.facts())
    assert probe(film.file("video").path).metadata["title"] == "Storm ? at sea"


def test_no_audio_stream_without_sound(cutter):
    """A film without sound has no audio stream at all, not a silent one, and no captions."""
    keys = cutter.shoot(10)
    film = cutter.join(keys, soundtrack=None)
    found = probe(film.file("video").path)
    assert found.sound is None
    assert found.captions == ()
    assert not film.facts.has_audio
    assert [file.role for file in film.files] == ["video", "poster", "screenplay"]


def test_draft_is_exact(cutter, make):
    """The draft names every file with its exact size and type, and its facts are those of the file."""
    keys = cutter.shoot(31, 18)
    film = cutter.join(keys, soundtrack=make.soundtrack(49, cues=[make.cue(0.1, 0.9, "Hi")]))
    kinds = {file.role: (file.name, file.content_type) for file in film.files}
    assert kinds == {
        "video": ("film.mp4", "video/mp4"),
        "poster": ("film.jpg", "image/jpeg"),
        "captions_vtt": ("film.vtt", "text/vtt"),
        "captions_srt": ("film.srt", "application/x-subrip"),
        "screenplay": ("screenplay.json", "application/json"),
    }
    assert all(file.bytes == len(file.path.read_bytes()) for file in film.files)
    facts = film.facts
    assert (facts.frame_count, facts.seconds, facts.fps) == (49, 49 / 24, 24)
    assert (facts.size, facts.has_audio, facts.loudness_lufs) == (make.small, True, -16.0)
    kept = from_json(Screenplay, json.loads(film.file("screenplay").path.read_text("utf-8")))
    assert kept == make.screenplay(keys)


def test_only_finished_shots_are_joined(cutter, make):
    """A shot that was never finished is named, and no film appears."""
    keys = [*cutter.shoot(5), make.key(1, 5)]
    with pytest.raises(StitchError, match="shot 2 was not finished"):
        cutter.join(keys)
    assert not (cutter.bench.folder / "film.mp4").exists()


def test_shots_of_one_size_and_rate(cutter, make):
    """Shots of different sizes or rates do not make a film; both are named."""
    odd = make.key(1, 5, size=FrameSize(width=64, height=64))
    cutter.bench.shoot(odd, make.scene(odd), lambda _: None)
    with pytest.raises(StitchError, match=r"64x64.*192x108"):
        cutter.join([*cutter.shoot(5), odd])


def test_a_broken_clip_is_found(cutter):
    """A clip cut short on the disk does not become a film with a hole."""
    keys = cutter.shoot(5, 40)
    clip = cutter.bench.clip(keys[1])
    whole = clip.read_bytes()
    clip.write_bytes(whole[: len(whole) // 2])
    with pytest.raises((EncoderBroke, StitchError), match=r"shot-001|film"):
        cutter.join(keys)
    assert not (cutter.bench.folder / "film.mp4").exists()
    assert list(cutter.bench.folder.glob("*.part")) == []

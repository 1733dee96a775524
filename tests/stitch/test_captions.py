# ruff: noqa: RUF001 - Chinese has its own punctuation
"""Captions: what was said, when, in every script, in files and in tracks that stay off until asked for."""

from __future__ import annotations

import logging
import re
from dataclasses import replace

import av
import pytest

from soundstage.stitch import probe


def joined(cutter, make, cues, captions="both", frames=96):
    keys = cutter.shoot(frames)
    return cutter.join(keys, soundtrack=make.soundtrack(frames, cues=cues), captions=captions)


def text(film, role):
    return film.file(role).path.read_text("utf-8")


def test_track_round_trip(cutter, make):
    """Each language has a track of its own, named in its own script, with every word and time."""
    cues = [
        make.cue(0.25, 1.0, "Hello, captain!", language="en-GB"),
        make.cue(1.2, 2.0, "暴风雨来了！", language="zh"),
        make.cue(2.5, 3.5, "Then hurry."),
        make.cue(3.5, 3.75, "¿Qué?", language="es-MX"),
    ]
    tracks = probe(joined(cutter, make, cues).file("video").path).captions
    assert [(track.language, track.name) for track in tracks] == [
        ("eng", "English"),
        ("zho", "中文"),
        ("spa", "Español"),
    ]
    assert tracks[0].events == ((0.25, 1.0, "Hello, captain!"), (2.5, 3.5, "Then hurry."))
    assert tracks[1].events == ((1.2, 2.0, "暴风雨来了！"),)
    assert tracks[2].events == ((3.5, 3.75, "¿Qué?"),)


def test_tracks_are_off_until_asked_for(cutter, make):
    """No player shows captions unasked: no track is enabled, and none is the default."""
    cues = [make.cue(0.25, 1.0, "Hello"), make.cue(1.2, 2.0, "你好", language="zh")]
    path = joined(cutter, make, cues).file("video").path
    assert [track.shown_unasked for track in probe(path).captions] == [False, False]
    with av.open(str(path)) as film:
        default = [bool(stream.disposition & 1) for stream in film.streams]
    assert default == [True, True, False, False]


def test_ffmpeg_decodes_the_track(cutter, make):
    """An independent decoder reads the captions as text events."""
    path = joined(cutter, make, [make.cue(0.25, 1.0, "灯塔 & <light>")]).file("video").path
    with av.open(str(path)) as film:
        found = [
            event.dialogue.decode()
            for packet in film.demux(subtitles=0)
            if packet.size > 2
            for event in packet.decode()
        ]
    assert found == ["灯塔 & <light>"]


def test_two_at_once_stand_together(cutter, make):
    """An MP4 track cannot overlap: while two people speak, both lines stand, each with a dash."""
    cues = [make.cue(0.5, 2.0, "Wait!"), make.cue(1.0, 3.0, "Run!", speaker="Bob")]
    film = joined(cutter, make, cues)
    assert probe(film.file("video").path).captions[0].events == (
        (0.5, 1.0, "Ann: Wait!"),
        (1.0, 2.0, "- Ann: Wait!\n- Bob: Run!"),
        (2.0, 3.0, "Bob: Run!"),
    )
    assert text(film, "captions_vtt").count("-->") == 2, "files may overlap, and keep the two apart"


def test_vtt(cutter, make):
    """The WebVTT file has the exact times, and the speaker in a voice tag, with markup made harmless."""
    cues = [
        make.cue(0.25, 1.0, "Fish & <b>chips</b> --> now", speaker="Ann > <Bob>"),
        make.cue(2.0, 3.25, "你好，\n\n船长", language="zh", speaker="小明"),
    ]
    assert text(joined(cutter, make, cues), "captions_vtt") == (
        "WEBVTT\n\n"
        "1\n00:00:00.250 --> 00:00:01.000\n"
        "<v Ann &gt; &lt;Bob&gt;>Fish &amp; &lt;b&gt;chips&lt;/b&gt; --&gt; now\n\n"
        "2\n00:00:02.000 --> 00:00:03.250\n<v 小明>你好， 船长\n"
    )


def test_srt(cutter, make):
    """The SubRip file has the exact times with commas, and no text can pass for a time line."""
    cues = [make.cue(0.25, 1.0, "left --> right"), make.cue(2.0, 3.25, "你好", language="zh")]
    assert text(joined(cutter, make, cues), "captions_srt") == (
        "1\n00:00:00,250 --> 00:00:01,000\nleft → right\n\n2\n00:00:02,000 --> 00:00:03,250\n你好\n"
    )


@pytest.mark.parametrize("role", ["captions_vtt", "captions_srt"])
def test_ffmpeg_reads_the_files(cutter, make, role):
    """FFmpeg reads both files as captions, with their times."""
    cues = [make.cue(0.25, 1.0, "Hello"), make.cue(2.0, 3.25, "你好", language="zh")]
    film = joined(cutter, make, cues)
    with av.open(str(film.file(role).path)) as file:
        found = [
            (float(p.pts * p.time_base), float(p.duration * p.time_base), bytes(p).decode())
            for p in file.demux()
            if p.size
        ]
    assert [(start, span) for start, span, _ in found] == [(0.25, 0.75), (2.0, 1.25)]
    assert [re.sub("<[^>]*>", "", words) for _, _, words in found] == ["Hello", "你好"]


@pytest.mark.parametrize(
    ("choice", "files", "tracks"), [("none", 0, 0), ("file", 2, 0), ("track", 0, 1), ("both", 2, 1)]
)
def test_choice(cutter, make, choice, files, tracks):
    """Captions go into files, a track, both or neither, as asked."""
    film = joined(cutter, make, [make.cue(0.25, 1.0, "Hello")], captions=choice)
    assert sum(file.role.startswith("captions") for file in film.files) == files
    assert len(probe(film.file("video").path).captions) == tracks


def test_nothing_said_nothing_shown(cutter, make):
    """A film in which nobody speaks has no caption file and no empty track."""
    film = joined(cutter, make, [])
    assert [file.role for file in film.files] == ["video", "poster", "screenplay"]
    assert probe(film.file("video").path).captions == ()


def test_captions_end_with_the_film(cutter, make, caplog):
    """A cue that runs over the end is cut there; one that lies outside is left out, and the log says so."""
    cues = [make.cue(3.5, 5.0, "late"), make.cue(4.5, 5.0, "too late"), make.cue(-1.0, 0.5, "early")]
    with caplog.at_level(logging.WARNING):
        film = joined(cutter, make, cues)
    found = probe(film.file("video").path)
    assert found.captions[0].events == ((0.0, 0.5, "early"), (3.5, 4.0, "late"))
    assert found.seconds == pytest.approx(4.0, abs=1e-6)
    assert [record.start_s for record in caplog.records if "left out" in record.message] == [4.5]


def test_unknown_language(cutter, make):
    """A language without an entry keeps its code if it has three letters, and is undetermined otherwise."""
    cues = [
        make.cue(0.1, 0.5, "a", language="xho"),
        make.cue(0.6, 0.9, "b", language="xx"),
        make.cue(1, 2, "c", language="en-US"),
    ]
    tracks = probe(joined(cutter, make, cues).file("video").path).captions
    assert [track.language for track in tracks] == ["xho", "und", "eng"]


def test_speakers_are_named_where_they_change(cutter, make):
    """With two speakers, SRT and tracks name whoever begins to speak; WebVTT has its voice tags."""
    cues = [
        make.cue(0.2, 0.8, "Wait.", speaker="old man"),
        make.cue(0.9, 1.5, "Why?", speaker="old man"),
        make.cue(2.0, 3.0, "你好", language="zh", speaker="小明"),
    ]
    film = joined(cutter, make, cues)
    told = [block.split("\n")[2] for block in text(film, "captions_srt").split("\n\n")]
    assert told == ["Old man: Wait.", "Why?", "小明：你好"]
    tracks = probe(film.file("video").path).captions
    assert [events[2] for track in tracks for events in track.events] == told
    assert "<v old man>Why?" in text(film, "captions_vtt")


def test_long_line_is_parted_where_the_voice_goes_on(cutter, make):
    """A line too long to read at once becomes several cues, at the times of their first words."""
    said = "The storm came in the night. Nobody saw it, and when the light was gone, the sea lay still again."
    words = tuple(
        (match.start(), 0.1 + 3.0 * match.start() / len(said)) for match in re.finditer(r"\w+", said)
    )
    long = replace(make.cue(0.1, 3.3, said), words=words)
    film = joined(cutter, make, [long])
    (track,) = probe(film.file("video").path).captions
    assert [event[2] for event in track.events] == [said[:28], said[29:]]
    assert track.events[0][1] == track.events[1][0] == pytest.approx(dict(words)[29], abs=1e-3)
    bare = joined(cutter, make, [replace(long, words=())])
    assert len(probe(bare.file("video").path).captions[0].events) == 1

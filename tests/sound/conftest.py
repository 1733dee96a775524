"""Short screenplays for the sound tests, and ears that are not ours: PyAV's filters and its AAC."""
# ruff: noqa: RUF001 - Chinese has its own signs

from __future__ import annotations

import io

import av
import numpy as np
import pytest

from soundstage.film import CastMember, Effect, FrameSize, Line, Music, Screenplay, Seconds, Shot

RATE_HZ = 48_000


class Films:
    """Builds screenplays."""

    def film(self, seconds, *shots, cast=(), seed=7, excluded=()):
        return Screenplay(
            title="a test",
            seconds=Seconds(seconds),
            size=FrameSize(width=640, height=360),
            fps=24,
            seed=seed,
            sound=True,
            cast=tuple(cast),
            shots=tuple(shots),
            excluded=tuple(excluded),
        )

    def shot(self, index, start_s, seconds, **fields):
        return Shot(index=index, start=Seconds(start_s), seconds=Seconds(seconds), text="a test", **fields)

    def line(self, speaker, text, start_s, seconds, language="en", manner=()):
        return Line(
            speaker=speaker,
            text=text,
            language=language,
            manner=tuple(manner),
            start=Seconds(start_s),
            end=Seconds(start_s + seconds),
        )

    def effect(self, name, start_s, seconds=1.0):
        return Effect(name=name, start=Seconds(start_s), end=Seconds(start_s + seconds))

    def forest(self, seconds=5.0):
        return self.film(seconds, self.shot(0, 0, seconds, place="forest", time_of_day="night"))

    def everything_short(self):
        """Three seconds with a voice, an effect, weather and music."""
        return self.film(
            3.0,
            self.shot(
                0, 0, 3, place="forest", weather="storm",
                music=Music(said="soft piano", instruments=("piano",)),
                dialogue=(self.line("Anna", "Who is there?", 0.5, 2.0),),
                effects=(self.effect("footsteps", 0.2, 2.0), self.effect("bark", 2.2, 0.3)),
            ),
            cast=(CastMember(name="Anna", gender="female", age="adult"),),
        )  # fmt: skip

    def storm_at_sea(self):
        """Three voices, two languages, effects, weather, indoors and outdoors."""
        return self.film(
            12.0,
            self.shot(
                0, 0, 4, place="forest", weather="rain", ambience=("rain", "wind"),
                dialogue=(self.line("Anna", "Did you hear that? Something is out there.", 0.6, 3.2),),
                effects=(self.effect("footsteps", 0.2, 2.0), self.effect("bark", 3.4, 0.3)),
            ),
            self.shot(
                1, 4, 4, place="room", weather="rain", framing="close_up",
                dialogue=(self.line("Ben", "It is only the storm.", 4.5, 3.0, manner=("whispers",)),),
            ),
            self.shot(
                2, 8, 4, place="beach", ambience=("surf",),
                dialogue=(self.line("小明", "船长，2024年的暴风雨来了！", 8.4, 3.2, "zh", ("shouts",)),),
            ),
            cast=(
                CastMember(name="Anna", gender="female", age="adult"),
                CastMember(name="Ben", gender="male", age="old"),
                CastMember(name="小明", gender="male", age="child"),
            ),
        )  # fmt: skip


class Ears:
    """Measures sound (2, N) with FFmpeg's filters: nothing of ours."""

    def filtered(self, sound, *chain):
        """Return the metadata of every frame that leaves a chain of (filter, arguments)."""
        graph = av.filter.Graph()
        last = graph.add(
            "abuffer", f"sample_rate={RATE_HZ}:sample_fmt=fltp:channel_layout=stereo:time_base=1/{RATE_HZ}"
        )
        for name, arguments in (*chain, ("abuffersink", "")):
            node = graph.add(name, arguments) if arguments else graph.add(name)
            last.link_to(node)
            last = node
        graph.configure()
        found = []

        def drain():
            while True:
                try:
                    frame = graph.pull()
                except (av.error.BlockingIOError, av.error.EOFError):
                    return
                found.append(dict(frame.metadata))

        for first in range(0, sound.shape[1], RATE_HZ):
            part = np.ascontiguousarray(sound[:, first : first + RATE_HZ], np.float32)
            frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
            frame.sample_rate, frame.pts = RATE_HZ, first
            graph.push(frame)
            drain()
        graph.push(None)
        drain()
        return found

    def loudness(self, sound):
        """Return (integrated LUFS, true peak dBTP)."""
        frames = self.filtered(sound, ("ebur128", "metadata=1:peak=true"))
        last = next(m for m in reversed(frames) if "lavfi.r128.I" in m)  # a short last frame has none
        peaks = [float(v) for k, v in last.items() if k.startswith("lavfi.r128.true_peaks_ch")]
        return float(last["lavfi.r128.I"]), 20.0 * np.log10(max(peaks) + 1e-12)

    def silences(self, sound, level_db=-60, seconds=1.0):
        frames = self.filtered(sound, ("silencedetect", f"noise={level_db}dB:duration={seconds}:mono=0"))
        return [v for m in frames for k, v in m.items() if "silence_start" in k]

    def through_aac(self, sound):
        """Return sound after AAC at 192 kbit/s."""
        file = io.BytesIO()
        with av.open(file, "w", format="mp4") as container:
            stream = container.add_stream("aac", rate=RATE_HZ, layout="stereo")
            stream.bit_rate = 192_000
            for first in range(0, sound.shape[1], 1_024):
                part = np.ascontiguousarray(sound[:, first : first + 1_024])
                frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
                frame.sample_rate, frame.pts = RATE_HZ, first
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        file.seek(0)
        with av.open(file) as container:
            return np.concatenate([f.to_ndarray() for f in container.decode(audio=0)], axis=1)

    def band_db(self, sound, low_hz, high_hz):
        """Return the power of sound (2, N) between two frequencies, in dB."""
        mono = np.asarray(sound, np.float64).mean(axis=0)
        power = np.abs(np.fft.rfft(mono)) ** 2 / max(mono.size, 1) ** 2
        hz = np.fft.rfftfreq(mono.size, 1.0 / RATE_HZ)
        return 10.0 * np.log10(power[(hz >= low_hz) & (hz < high_hz)].sum() + 1e-20)


@pytest.fixture(scope="session")
def films():
    return Films()


@pytest.fixture(scope="session")
def ears():
    return Ears()


@pytest.fixture(scope="session")
def voice_cache(tmp_path_factory):
    return tmp_path_factory.mktemp("voice_cache")


@pytest.fixture(scope="session")
def storm(films, voice_cache):
    """The soundtrack of `storm_at_sea`, made once."""
    from soundstage.sound import compose

    return compose(films.storm_at_sea(), cache_dir=voice_cache)

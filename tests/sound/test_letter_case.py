"""A voice reads what the screenplay says a voice reads; captions keep the line."""

from dataclasses import replace

from soundstage.sound.dialogue import speak_dialogue
from soundstage.sound.voice_shelf import VoiceShelf


def test_voice_reads_the_spoken_form_and_captions_keep_the_line(films, tmp_path):
    """Letter by letter is heard otherwise than as a word, and captioned the same."""
    line = films.line("Anna", "NASA agents, open up.", 0.4, 3.0)
    shelf = VoiceShelf(folder=tmp_path)
    heard = {}
    for spoken in ("N A S A agents, open up.", "Nasa agents, open up.", None):
        shot = films.shot(0, 0, 5, dialogue=(replace(line, spoken=spoken),))
        said = speak_dialogue(films.film(5.0, shot), shelf).lines[0]
        assert said.cue.text == line.text
        heard[spoken] = [name for name, _ in said.phonemes]
    assert len(heard["N A S A agents, open up."]) > len(heard["Nasa agents, open up."])
    assert heard[None]

# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: which language a text is in. Knows words and scripts, no grammar.

Scripts decide first, then function words and our own scene vocabulary; only text they leave open goes to
py3langid, restricted to the languages named here. It loads when it is first needed (0.6 s), so neither
English nor Chinese ever waits for it; where it is not installed, the likelier of the languages is taken.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from soundstage.plan.languages.glossary import GLOSSED, glossary, key_of
from soundstage.plan.lexicon import lexicon
from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.tables import rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_WORD = lazy_pattern(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
#: A character of these scripts says about as much as half a word of letters.
_DENSE = frozenset({"ja", "ko", "zh", "th"})
#: Words weighed; a prompt shows its language long before.
_MOST_WORDS = 80
#: Letters of a language in a word without its function words are weaker than one of those.
_LETTER_WEIGHT = 0.7
#: Half the languages of Europe say "robot": a scene word speaks for English, but softly.
_SCENE_WEIGHT = 0.5
#: Of the words of a text, so many must speak for its language; fewer leave it open among the near ones.
_TELLING = 0.12
#: A line is rather in the language around it.
_AROUND_WEIGHT = 0.6
_NAME_LENGTH = 2  #: words of a name
#: English stands when the model gives it this much and nothing else half: short lines look Italian to it.
_ENGLISH_AT_LEAST = 0.10
_SURE = 0.5


def tell_language(text: str, otherwise: str = "en") -> str:
    """Return the language of a text: a prompt without its quotes, or one line.

    Args:
        text: what to weigh.
        otherwise: the language around it, which a text of no words has ("4K, 60 fps"), and which decides
            where a few words fit several.
    """
    script = _script_of(text, otherwise)
    if script not in ("latin", "ru"):
        return script
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text)[:_MOST_WORDS]]
    words = [word for word in words if _script(word) == script]
    if not words:
        return otherwise
    scores = _scores(words, text.lower(), cyrillic=script == "ru")
    if otherwise != "en":
        scores[otherwise] = scores.get(otherwise, 0.0) + _AROUND_WEIGHT
    ranked = sorted(scores, key=lambda language: (-scores[language], language != otherwise, language != "en"))
    best = ranked[0] if ranked else ""
    clear = best and scores[best] > 1.15 * max((scores[other] for other in ranked[1:]), default=0.0)
    telling = bool(best) and scores[best] >= _TELLING * len(words)
    if clear and telling:
        return best
    near = [language for language in ranked if scores[language] > (0.85 if telling else 0.6) * scores[best]]
    for language in (otherwise, "en"):
        if language in near:
            return language
    if not near and len(words) <= _NAME_LENGTH and all(word.isascii() for word in words):
        return otherwise  # a name, as far as anybody can tell
    among = near or (["ru", "uk"] if script == "ru" else _latin())
    told = _by_glossary(words, near) if all(language in GLOSSED for language in near) else ""
    return told or _by_model(" ".join(words), otherwise, among)


def language_of_line(text: str, named: str = "") -> str:
    """Return the language of a line; the one that a label or the words around it name wins where it can be.

    It cannot where the script says otherwise: "in Spanish" before Chinese characters is somebody's slip.
    """
    told = tell_language(text)
    if not named or named == told:
        return told
    script = _script_of(text, named)
    return named if script in ("latin", named) or (script, named) == ("zh", "ja") else told


def _script_of(text: str, otherwise: str) -> str:
    """Return the script most of a text is in, as the language that decides, or "latin"."""
    weights: dict[str, float] = {}
    for word in _WORD.findall(text):
        for language, part in _by_script(word):
            weights[language] = weights.get(language, 0.0) + (len(part) / 2 if language in _DENSE else 1.0)
    if "ja" in weights:
        weights["ja"] += weights.pop("zh", 0.0)
    if not weights:
        return "latin"
    best = max(weights, key=lambda language: (weights[language], language))
    return "ja" if best == "zh" and otherwise == "ja" else best


def _by_script(word: str) -> list[tuple[str, str]]:
    """Return a word cut where its script changes, each part with the language its script tells."""
    if word.isascii():
        return [("latin", word)]
    parts: list[tuple[str, str]] = []
    for char in word:
        script = _script(char)
        if parts and parts[-1][0] == script:
            parts[-1] = (script, parts[-1][1] + char)
        else:
            parts.append((script, char))
    return parts


def _script(word: str) -> str:
    first = word[:1]
    if first.isascii():
        return "latin"
    return next((language for language, low, high in _scripts() if low <= first <= high), "latin")


@functools.cache
def _scripts() -> tuple[tuple[str, str, str], ...]:
    """Return each script's ranges: its language, the first character and the last."""
    return tuple(
        (language, spans[at], spans[at + 2])
        for language, spans in rules("languages")["scripts"].items()
        for at in range(0, len(spans), 3)
    )


def _scores(words: Sequence[str], text: str, *, cyrillic: bool) -> dict[str, float]:
    """Return how much speaks for each language: a word that three share counts a third for each."""
    vocabulary, scene = _vocabulary(), lexicon().phrases
    scores: dict[str, float] = {}
    for word in words:
        owners = vocabulary.get(word, ())
        if not owners and not cyrillic and (word,) in scene:
            scores["en"] = scores.get("en", 0.0) + (_SCENE_WEIGHT if word.isascii() else _SCENE_WEIGHT / 2)
        for language in owners:
            scores[language] = scores.get(language, 0.0) + 1.0 / len(owners)
    for language, letters in rules("languages")["letters"].items():
        if (language in ("ru", "uk")) == cyrillic and any(letter in text for letter in letters):
            scores[language] = scores.get(language, 0.0) + _LETTER_WEIGHT
    return scores


@functools.cache
def _vocabulary() -> Mapping[str, tuple[str, ...]]:
    owners: dict[str, list[str]] = {}
    for language, words in rules("languages")["words"].items():
        for word in dict.fromkeys(words.split()):
            owners.setdefault(word, []).append(language)
    return {word: tuple(languages) for word, languages in owners.items()}


def _by_glossary(words: Sequence[str], among: Sequence[str]) -> str:
    """Return the language whose scene words most of these are; empty where two have as many."""
    known = {
        language: sum(key_of(word, language) in glossary(language).wordings for word in words)
        for language in among
    }
    ranked = sorted(known, key=lambda language: -known[language])
    if not ranked or not known[ranked[0]] or (len(ranked) > 1 and known[ranked[0]] == known[ranked[1]]):
        return ""
    return ranked[0]


def _by_model(text: str, otherwise: str, among: Sequence[str]) -> str:
    """Return the likeliest of `among`; the first of them where there is no model."""
    if len(among) == 1:
        return among[0]
    rank = _model()
    if rank is None:
        return otherwise if "en" in among else among[0]
    ranked = [(language, share) for language, share in rank(text) if language in among]
    if dict(ranked).get(otherwise, 0.0) >= _ENGLISH_AT_LEAST and ranked[0][1] < _SURE:
        return otherwise
    return ranked[0][0]


@functools.cache
def _latin() -> tuple[str, ...]:
    return tuple(language for language in rules("languages")["words"] if language not in ("ru", "uk"))


@functools.cache
def _model() -> Callable[[str], list[tuple[str, float]]] | None:
    try:
        from py3langid.langid import (  # noqa: PLC0415 - 0.6 s that English and Chinese must not wait for
            MODEL_FILE,
            LanguageIdentifier,
        )
    except ImportError:
        return None
    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(sorted(rules("languages")["words"]))

    def rank(text: str) -> list[tuple[str, float]]:
        return [(str(language), float(share)) for language, share in model.rank(text)]

    return rank

"""Tells whether two wordings name the same thing, person or deed, for scoring. Knows no screenplay's form."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import soundstage.plan

if TYPE_CHECKING:
    from collections import Counter

_DATA = Path(soundstage.plan.__file__).with_name("data")
_FILLERS = frozenset({"a", "an", "the", "of", "in", "with", "on", "and", "to", "for", "his", "her", "their"})
#: Behind these a noun phrase no longer names its head: "cup of coffee" is a cup.
_TAIL = re.compile(r"\b(?:of|in|with|from|on|at|named|called)\b")


def either(value) -> tuple:
    """Return a value, or the values of a list of which any will do."""
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)


def spoken(text: str) -> str:
    """Return a line without its outer marks and with plain blanks and apostrophes."""
    plain = " ".join(unicodedata.normalize("NFC", text).replace("\u2019", "'").split())
    return re.sub(r"^\W+|\W+$", "", plain) or plain


def fold(text: str) -> str:
    """Return a text in small letters without accents, so that "café" meets "cafe"."""
    apart = unicodedata.normalize("NFKD", text.replace("_", " "))
    # Marks of other scripts are letters' own (が is not か): only those on Latin letters go.
    return unicodedata.normalize("NFC", re.sub(r"(?<=[a-zA-Z])[\u0300-\u036f]+", "", apart)).casefold()


def words_of(text: str) -> list[str]:
    """Return the words of a text in the stem_of_noun, without the small ones."""
    return [stem_of_noun(word) for word in re.findall(r"\w+", fold(text)) if word not in _FILLERS]


def stem_of_noun(word: str) -> str:
    """Return the stem a noun shares with its plural: no word, but the same for both."""
    word = irregular_plurals().get(word, word)
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-2] if word.endswith(("sses", "xes", "zes", "ches", "shes")) else word[:-1]
    return word[:-2] + "y" if word.endswith("ie") else word.removesuffix("e")


def head_of(phrase: str) -> str:
    """Return the head noun of a phrase: "cup" of "a cup of coffee", "retriever" of "golden retriever"."""
    words = words_of(_TAIL.split(fold(phrase))[0]) or words_of(phrase)
    return words[-1] if words else fold(phrase)


@cache
def irregular_plurals() -> dict[str, str]:
    """Return the stem_of_noun of each irregular plural."""
    table = tomllib.loads((_DATA / "inflection.toml").read_text("utf-8"))["plurals"]
    return {plural: one for one, plural in table.items()}


@cache
def verb_entries() -> dict[str, frozenset[str]]:
    """Return the entries of verbs.toml that hold a verb."""
    held: dict[str, set[str]] = {}
    for name, entry in tomllib.loads((_DATA / "verbs.toml").read_text("utf-8")).items():
        for wording in entry if isinstance(entry, list) else entry["wordings"]:
            held.setdefault(fold(wording), set()).add(name)
    return {wording: frozenset(names) for wording, names in held.items()}


def alike_words(one: str, other: str) -> bool:
    """Tell whether one word begins the other: "whisper" and "whispers"."""
    one, other = fold(one), fold(other)
    return one.startswith(other) or other.startswith(one)


def same_deed(wanted: str, verb: str | None, action: str | None) -> bool:
    wish, done = fold(wanted), fold(verb or "")
    if wish == done or (done and done.split()[0] == wish):  # "pick" is met by "pick up"
        return True
    return action is not None and (wish == action or action in verb_entries().get(wish, ()))


def same_noun(wanted: str, subject) -> bool:
    if not wanted.isascii() and fold(wanted) in (fold(subject.noun), fold(subject.kind or "")):
        return True
    head = head_of(wanted)
    names = (subject.noun, subject.kind, subject.member)
    if is_unspaced(head):
        return any(name and (name.endswith(wanted) or wanted.endswith(name)) for name in names)
    return any(name and head == head_of(name) for name in names)


def is_unspaced(text: str) -> bool:
    """Tell whether a text is of a script that sets no blanks between words."""
    return re.search("[\u3040-\u30ff\u3400-\u9fff]", text) is not None


def same_speaker(wanted: str, read: str, heads: Counter) -> bool:
    one, other = set(words_of(wanted)), set(words_of(read))
    if fold(wanted) == fold(read) or (one and one == other):
        return True
    if is_unspaced(wanted):
        return wanted in read or read in wanted
    head, read_head = head_of(wanted), head_of(read)
    if head not in other and read_head not in one:
        return False
    # "The old man" and "the young man" in one film: the head alone does not tell them apart.
    return heads[head] < 2 or one <= other or other <= one or bool((one & other) - {head})


def all_in(wanted: str, text: str) -> bool:
    if is_unspaced(wanted):
        return fold(wanted) in fold(text)
    return set(words_of(wanted)) <= set(words_of(text))

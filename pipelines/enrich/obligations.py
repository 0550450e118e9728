"""Duties with a deadline or a rhythm: who must do what, within which period of what, and until which day.

Belongs here: deadlines ("within 90 days of the date of this order", "not later than September 30, 2026", "annually
thereafter"), the duty that each governs and who bears it, in lists under one lead-in too. Does not belong here: duties
without a time, whether one was met, what becomes of it when its instrument is revoked. What may be done is no duty. A
due date stands only where the day it runs from is known; everything else keeps its wording as anchor.
"""

from __future__ import annotations

import csv
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

from dateutil.relativedelta import relativedelta

from pipelines.enrich.outline import Block, outline, sentences
from pipelines.enrich.tame import tame
from pipelines.enrich.words import MONTHS, TENS, UNDER_TWENTY

EXTRACTOR_VERSION = "obligations/1"
SEED = Path(__file__).parents[2] / "dbt" / "seeds" / "obligation_terms.csv"
MAX_QUOTE_CHARS = 400
MAX_ACTION_CHARS = 300
_KEPT_CHARS = 200
MAX_SENTENCE_CHARS = 12_000
"""A longer one is a table or no prose."""

MAY_OBLIGE = r"\b(?:shall|must|will|should|direct|directed|required)\b"
"""Regular expression, case ignored, that every text matches in which a duty can be found; see also MAY_DATE."""
MAY_DATE = (
    r"\b(?:days?|weeks?|fortnights?|months?|years?|hours?|annual|annually|yearly|quarterly|monthly|weekly|biennial"
    r"|biennially|twice)\b|\b(?:by|than|before) [0-9a-z]|\bcalendar\b"
)
"""Regular expression, case ignored, that every text with a deadline or a rhythm matches."""

_WORDS = {word: number for number, word in enumerate(UNDER_TWENTY)} | TENS | {"a": 1, "an": 1}
_WORD_NUMBER = (
    rf"(?:(?:one\s+hundred(?:\s+and)?\s+)?(?:(?:{'|'.join(TENS)})(?:[-\s](?:{'|'.join(UNDER_TWENTY[1:10])}))?"
    rf"|{'|'.join(reversed(UNDER_TWENTY[1:]))})|one\s+hundred)"
)
_NUMBER = rf"(?:\d{{1,4}}|{_WORD_NUMBER}(?:\s*\(\d{{1,4}}\))?)"
_UNIT = r"(?:(?:calendar|business|working|consecutive)[\s-]+)?(?:days?|weeks?|fortnights?|months?|years?|hours?|dates?)"
_SPAN = rf"(?P<number>{_NUMBER})[\s-]+(?P<unit>{_UNIT})(?:['\u2019]s?)?(?:[\s-]+period)?\b"
_LATER = (
    r"(?:(?:by\s+)?(?:not|no)\s+later\s+than|in\s+no\s+(?:case|event)\s+(?:later|more)\s+than|before\s+the"
    r"\s+(?:end|expiry|expiration)\s+of|by\s+the\s+end\s+of)"
)
_FROM = (
    r"(?:of|after|from|following|since|beginning\s+(?:with|on|from)|starting\s+(?:with|on|from)"
    r"|commencing\s+on|once|when|if|upon|as\s+of|in\s+which|on\s+which)"
)
_DAY = (
    rf"(?:(?:{'|'.join(MONTHS)})\s+\d{{1,2}},?\s+\d{{4}}|\d{{1,2}}\s+(?:{'|'.join(MONTHS)})\s+\d{{4}}"
    rf"|\d{{4}}-\d{{2}}-\d{{2}})"
)

_RELATIVE = re.compile(
    rf"\b(?:within|{_LATER}|(?:not|no)\s+more\s+than(?={{0}}))\s+(?:(?:a|the)\s+)?(?:period\s+of\s+|first\s+)?{_SPAN}"
    rf"(?:(?:,?\s+(?P<back>before|prior\s+to|in\s+advance\s+of)|,?\s+(?P<prep>{_FROM}))\s+(?=(?P<anchor>[^;"
    rf"]{{0,400}})))?".replace("(?={0})", rf"(?=\s+{_NUMBER}[\s-]+{_UNIT}\s+(?:after|following|from))"),
    re.IGNORECASE,
)
_LOOKS_BACK = re.compile(
    r"\s*,?\s*(?:immediately\s+)?(?:preceding|prior|previous|before|leading\s+up)\b", re.IGNORECASE
)
_LEAD_TIME = re.compile(
    rf"\b(?:at\s+least|not\s+(?:less|fewer)\s+than|no\s+(?:less|fewer|later)\s+than|not\s+later\s+than)\s+{_SPAN}"
    rf"\s+(?P<back>before|prior\s+to|in\s+advance\s+of)\s+(?=(?P<anchor>[^;]{{0,300}}))",
    re.IGNORECASE,
)
_FIXED = re.compile(
    rf"\b(?:{_LATER}|by|on\s+or\s+before|(?P<before>before))\s+(?:the\s+close\s+of\s+business\s+on\s+)?(?:("
    rf"?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?(?P<day>{_DAY})(?P<again>\s*,?\s+of\s+each\s+(?:\w+\s+"
    rf")?year)?",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:entered\s+into|in\s+effect|in\s+existence|existing|filed|made|issued|underway|born|occurr\w+"
    r"|established|enacted|published|operational|begun|completed|for)\s+(?:on\s+)?\Z",
    re.IGNORECASE,
)
"""What had happened by a day is no deadline."""
_YEAR_ONLY = re.compile(
    r"\b(?:by|not\s+later\s+than|no\s+later\s+than|before)\s+(?P<when>(?:the\s+)?(?:end|start|beginning"
    r"|close)\s+of\s+(?:(?:fiscal|calendar)\s+year\s+)?\d{4}|(?:fiscal|calendar)\s+year\s+\d{4}"
    r"|(?:spring|summer|autumn|fall|winter)\s+(?:of\s+)?\d{4}"
    rf"|(?:(?:early|mid|late)-?\s?)?(?:(?:{'|'.join(MONTHS)})\s+)?20\d{{2}})(?![\d/-])",
    re.IGNORECASE,
)
_YEARLY_DAY = re.compile(
    rf"\b(?:{_LATER}|by|on\s+or\s+before)\s+(?P<when>(?:{'|'.join(MONTHS)})\s+\d{{1,2}}(?:st|nd"
    rf"|rd|th)?,?\s+(?:of\s+)?(?:each|every)\s+(?:\w+\s+)?year)",
    re.IGNORECASE,
)
_ENDS = re.compile(
    rf"\s+(?:on\s+the\s+date\s+that\s+is\s+|not\s+later\s+than\s+)?{_SPAN}\s+(?P<prep>{_FROM})\s+(?=(?P<anc"
    rf"hor>[^;]{{0,300}}))",
    re.IGNORECASE,
)
_KEEPS = re.compile(
    rf"\bfor\s+(?:a\s+(?:minimum\s+)?period\s+of\s+)?(?:(?:at\s+least|not\s+less\s+than|no\s+less\s+than"
    rf"|a\s+minimum\s+of)\s+)?{_SPAN}(?:\s+(?P<prep>{_FROM})\s+(?=(?P<anchor>[^;]{{0,300}})))?",
    re.IGNORECASE,
)
_ALTERNATIVE = re.compile(
    rf"\s*,?\s*or\s+(?:not\s+later\s+than\s+|within\s+)?(?P<number2>{_NUMBER})\s+(?P<unit2>{_UNIT})\s+(?:af"
    rf"ter|of|from|following)\s+(?P<anchor2>[^;]{{0,300}}?),?\s+whichever\s+(?:\w+\s+){{1,2}}(?:later"
    rf"|earlier|first|last|sooner)",
    re.IGNORECASE,
)

_RHYTHMS: tuple[tuple[str, str, str], ...] = (
    (
        r"semi-?annual(?:ly)?|bi-?annual(?:ly)?|twice\s+(?:a|per|each|every)\s+year|twice\s+annually"
        r"|every\s+(?:6|six)\s+months",
        "other",
        "P6M",
    ),
    (r"quarterly|each\s+quarter|every\s+(?:3|three)\s+months|on\s+a\s+quarterly\s+basis", "quarterly", "P3M"),
    (r"monthly|each\s+month|every\s+month|on\s+a\s+monthly\s+basis", "monthly", "P1M"),
    (r"weekly|each\s+week", "other", "P1W"),
    (r"bienniall?y?|every\s+other\s+year|every\s+(?:2|two)\s+years|once\s+every\s+(?:2|two)\s+years", "other", "P2Y"),
    (
        r"annually|yearly|on\s+an\s+annual\s+basis|(?:once\s+)?(?:a|per|each|every)\s+(?:fiscal\s+"
        r"|calendar\s+)?year|every\s+(?:12|twelve)\s+months",
        "annual",
        "P1Y",
    ),
)
_RHYTHM = re.compile(
    r"(?:\b(?:not|no)\s+less\s+(?:frequently|often)\s+than\s+|\bat\s+least\s+)?(?:"
    + "|".join(rf"(?P<r{place}>{pattern})" for place, (pattern, _, _) in enumerate(_RHYTHMS))
    + rf"|every\s+(?P<every>{_NUMBER})\s+(?P<every_unit>{_UNIT}))",
    re.IGNORECASE,
)
_YEARLY_THING = (
    r"(?:reports?|notifications?|certifications?|statements?|updates?|reviews?|assessments?|audits?"
    r"|summar(?:y|ies)|inventor(?:y|ies)|briefings?|plans?|evaluations?|surveys?|lists?|instructions"
    r"|training|accounts?|returns?|filings?|disclosures?|meetings?)\b"
)
_NO_RHYTHM = re.compile(
    r"\b(?:for|of|in|during|within|within\s+a|per)\s+\Z|\bfiscal\s+years?\b[^.;]{0,24}\Z", re.IGNORECASE
)
_AGAIN = re.compile(
    r"\b(?:periodically|thereafter|on\s+an\s+ongoing\s+basis|from\s+time\s+to\s+time|regular(?:ly)?\s+basi"
    r"s|updated\s+regularly)\b",
    re.IGNORECASE,
)

_MODAL = re.compile(
    r"\b(?:(?P<direct>(?:I|we)\s+(?:hereby\s+|further\s+|also\s+)?(?:direct|order|instruct|require)\b"
    r"|\bhereby\s+(?:direct|order)(?:s)?\b)"
    r"|(?P<told>(?:is|are|be)\s+(?:hereby\s+|also\s+|further\s+)?(?:directed|required|instructed"
    r"|ordered|charged|obliged)\b)"
    r"|(?P<shall>shall|must|will|should|has\s+to|have\s+to|is\s+to\b|are\s+to\b)"
    r"|(?P<may>may|might|can|could|would|(?:is|are)\s+(?:also\s+|strongly\s+)?(?:encouraged|authorized"
    r"|authorised|permitted|allowed|requested|urged)))\b",
    re.IGNORECASE,
)
_AS_DEEMED = re.compile(r"\b(?:as|that|whom|which|such\s+\w+\s+as)\s+(?:the\s+|it\s+|they\s+)?(?:[\w.]+\s+){0,9}\Z")
_PASSIVE = re.compile(
    r"\s+(?:not\s+)?(?:\w+ly\s+)?be\s+(?:\w+ly\s+)?\w+(?:ed|en|ne|wn|lt|de|id|nt|ought|ept|ut|ven)\b", re.IGNORECASE
)
_NEGATED = re.compile(r"\s+not\b|\s+in\s+no\s+(?:case|event)\b", re.IGNORECASE)
_NO_DUTY = re.compile(
    r"\s+(?:(?:not\s+)?be\s+(?:construed|deemed|considered|effective|in\s+effect|available|subject"
    r"|known|cited)|mean|include|consist|apply|take\s+effect|come\s+into|enter\s+into\s+force|have\s+the\s+"
    r"meaning|cease|remain|continue\s+in)\b",
    re.IGNORECASE,
)
_DETERMINER = re.compile(
    r"(?:(?:each|all|both)\s+of\s+)?(?:the|each|every|any|all|an?|such|that|this|these|those|no"
    r"|its|their|his|your|our)\s+",
    re.IGNORECASE,
)
_STOP_HEAD = re.compile(
    r"\s(?:of|for|with|that|who|which|whom|whose|to|in|under|within|at|by|from|as|on|and\s+(?:the"
    r"|each|all|any|other)|or\s+(?:the|his|her|its|their|any)|identified|described|created|established"
    r"|designated|required|"
    r"authorized|referred|responsible|using|providing|developing|offering|subject|involved|having"
    r"|receiving|concerned|engaged|listed|specified|issuing|"
    r"carrying|operating|seeking|participating|appointed|convened|managing|administering|conducting)\s|\s?\(|,"
)
_ADVERBIAL = re.compile(
    r"(?:and\s+|or\s+|but\s+)?(?:within|not\s+later|no\s+later|by|to|in|on|for|as|after|before"
    r"|upon|if|when|whenever|where|while|following|pursuant|consistent|because|since|except|"
    r"unless|notwithstanding|subject|under|with|through|acting|using|including|prior|during|until"
    r"|at|from|among|based|having|given|thereafter|"
    r"subsequently|whether|beginning|once|provided|so\s+that|together|per|without|instead|further"
    r"|furthermore|additionally|also|therefore|however|\d+|annually|every|otherwise|updated|such\s+as)\b",
    re.IGNORECASE,
)
_VERB_FIRST = re.compile(
    r"(?:\w+ing|require|direct|develop|provide|ensure|encourage|establish|support|enable|help|submit"
    r"|notify|consult|assist|permit|allow|hold|make|designate|convene|inform|appoint|"
    r"train|identify|work|engage|fund|report|issue|publish|request|invite|urge|advise|give|grant"
    r"|exempt|prohibit|protect|reimburse|pay|hire|recruit)\s"
)
_WHO = re.compile(
    r"(?:^|[\s,(\u2014])(?:an?|the|each|any)\s+"
    r"(?P<who>(?:(?!(?:an?|the|each|any)\s)[\w.&'\u2019/-]+\s+){1,12}?)(?:that|which|who)\s*,?\s*\Z"
)
_AGENT = re.compile(
    r"\b(?:by|at|for)\s+(?P<who>(?:each|the|all|an?|any)\s+(?:[\w.&'\u2019/-]+\s+){0,10}?[\w.&'\u2019/()-]"
    r"+)(?=\s*(?:,|;|\.|$|within\b|not\s+later|no\s+later|to\s+\w|on\s+or\s+before|pursuant|under\b"
    r"|in\s+accordance|at\s+least|annually))",
    re.IGNORECASE,
)
_RELATIVE_CLAUSE = re.compile(
    r"(?<!\bat)(?<!\bof)(?<!\bby)(?<!\bin)(?<!\bto)(?<!\bfor)\s+(?:that|who|which|whom|whose)\s+(?P<said>.*)\Z",
    re.DOTALL,
)
_GENERIC = frozenset(
    {
        "agency",
        "entity",
        "person",
        "head",
        "individual",
        "body",
        "party",
        "company",
        "member",
        "organization",
        "organisation",
    }
)
_HEADS_OF = re.compile(
    r"\bheads?\s+of\s+(?:each|every|all|the\s+relevant|any)?\s*(?P<of>(?:[\w-]+\s+){0,2}?agenc(?:y|ies))\Z",
    re.IGNORECASE,
)
_IN_ITEM = re.compile(r"[\s\u00a0]*(?:and\s+)?(?P<first>[a-z][\w-]*)")
_CLAUSE_START = re.compile(r"(?:^|[,;:.\u2014]|--|\b(?:and|or|but|that|which|who|shall|must|will|of))[\s(]*\Z")
_COMMITTEE = re.compile(
    r"\b(?:council|committee|commission|board|task\s+force|panel|group|office|program(?:me)?|center"
    r"|centre|institute)\b",
    re.IGNORECASE,
)

_THIS = (
    r"(?:this|the\s+present)\s+(?:\w+\s+){0,2}?(?:order|memorandum|memo|proclamation|guidance|directive"
    r"|notice|circular|act|title|section|subtitle|subsection|chapter|part|paragraph|division|law"
    r"|measure|article|policy|plan|statement|document|report|strategy|paper)s?\b"
)
_ORDER_DATE = re.compile(
    rf"(?:the\s+)?(?:(?:date|day|signing|issuance|release|adoption|approval)\s+(?:of\s+|on\s+which\s+)?)?(?"
    rf":the\s+)?(?:(?:issuance|signing|signature|enactment|passing|passage|release|adoption|making)\s+of\s+"
    rf")?{_THIS}(?!\s+(?:takes|comes|enters|becomes|is\s+published|required))"
    rf"|(?:the\s+)?(?:date\s+(?:of|on\s+which)\s+)?{_THIS}\s+(?:is|was)\s+(?:signed|passed|enacted|made|issued)"
    r"|(?:the\s+)?date\s+of\s+(?:the\s+)?enactment\b(?!\s+of)",
    re.IGNORECASE,
)
_EFFECTIVE_DATE = re.compile(
    r"(?:the\s+)?(?:effective\s+date|(?:date\s+of\s+)?(?:the\s+)?(?:entry|coming)\s+into\s+force)\s+of\s+("
    r"?:this|these|the\s+present)\b"
    r"|(?:the\s+)?(?:day|date)\s+on\s+which\s+(?:this|these)\s+(?:\w+\s+)?\w+\s+(?:takes?\s+effect"
    r"|comes?\s+into\s+(?:force|effect)|enters?\s+into\s+force|becomes?\s+effective)",
    re.IGNORECASE,
)
_PUBLICATION_DATE = re.compile(
    r"(?:the\s+)?(?:date\s+of\s+)?(?:the\s+)?publication\s+(?:of\s+this\s+[\w\s]{1,30}?\s+)?(?:in\s+the\s+"
    r"Federal\s+Register|of\s+this\s+(?:\w+\s+)?(?:rule|notice|document))",
    re.IGNORECASE,
)
_ANCHOR_END = re.compile(
    r",|;|:|\.(?=\s|$)|\u2014|--|\)\s|\s(?:shall|must|will|may)\s|\s(?:and|or)\s+(?=(?:at\s+least\s+)?(?:a"
    r"nnually|every|in\s|as\s|on\s+an|updated|periodically|quarterly|monthly|each|no\s|not\s|any\s+update"
    r"|thereafter|subject|\d|consistent|biennially))"
)
_DEFINED = (
    re.compile(
        r"\b[Tt]he\s+term\s+[\"\u201c`]{1,2}(?P<name>[A-Z]\w+)[\"\u201d'`]{0,2}\s+means\s+(?P<full>the\s+[^.;("
        r")]{4,120}?)(?=[.;,(]|\s+or\b|\s+acting)"),
    re.compile(
        r"(?:^|\n)\s*[\"\u201c]?(?P<name>[A-Z]\w+)[\"\u201d]?\s+means\s+(?P<full>the\s+(?:Secretary"
        r"|Director|Administrator|Commissioner|Attorney|Chair)\b[^.;()]{0,120}?)(?=[.;,(]|\s+or\b|\s+acting)"),
    re.compile(
        r"(?P<full>\bthe\s+(?:[A-Z][\w&'\u2019-]*(?:\s+(?:of|for|and|the|on|to))*\s+){1,12}?[A-Z][\w'\u2019-]*"
        r")\s+\((?:(?:hereinafter\s+)?referred\s+to\s+in\s+this\s+\w+\s+as\s+)?(?:the\s+)?[\"\u201c`]{0,2}(?P<"
        r"name>[A-Z]\w+)[\"\u201d'`]{0,2}\)"),
)  # fmt: skip
_RESOLVABLE = frozenset(
    {
        "Secretary",
        "Director",
        "Administrator",
        "Commissioner",
        "Commission",
        "Department",
        "Chair",
        "Board",
        "Council",
        "Agency",
        "Bureau",
        "Office",
        "Committee",
        "Commissioners",
        "Superintendent",
        "Authority",
    }
)


_TIME = re.compile(MAY_DATE, re.IGNORECASE)
_LIMITED = re.compile(
    r"\b(?:within|than|before|beyond|every|for|at least|minimum|end of|or|is)\b[^;]{0,60}?\b(?:days?"
    r"|weeks?|fortnights?|months?|years?"
    r"|hours?|calendar dates?)\b|\b(?:days?|months?|years?) (?:after|following|from|of)\b"
    r"|\b(?:annual|annually|yearly|quarterly|monthly|weekly|biennial|biennially|semi-?annual|semi-?annuall"
    r"y|bi-?annually)\b"
    r"|\b(?:each|per|a) (?:fiscal |calendar )?(?:year|month|week|quarter)\b|\bevery other year\b|\btwice\b"
    r"|\b(?:by|than|before)\b[^.;]{0,60}?\b(?:january|february|march|april|may|june|july|august"
    r"|september|october|november"
    r"|december|20\d\d)\b",
    re.IGNORECASE,
)
"""A time that limits something; without one there is no need to read further."""


@dataclass(frozen=True)
class TextDates:
    """The days a text's deadlines may run from; None where unknown."""

    signed: date | None = None
    """Signed, issued, adopted or enacted."""
    published: date | None = None
    effective: date | None = None


@dataclass(frozen=True)
class Obligation:
    """One duty with a deadline or a rhythm; ``quote`` is ``text[start:start + len(quote)]``."""

    section: str | None
    """The way to the paragraph: "4.3(a)(ii)"."""
    actor: str | None
    """Who must act, several parted by "; "; None where the text names nobody in reach."""
    action: str
    period: str | None
    """ISO 8601 duration: from the anchor to the deadline, or of a rhythm; two, parted by "; ", where the text gives
    two. Business days are counted as days here and give no due date."""
    anchor: str | None
    """order_date (signature, issue or enactment), effective_date, publication_date, fixed_date, or the wording behind
    ``prior_action:`` or ``before:``."""
    due_date: date | None
    """Civil day on which it is due at the latest; None where not computable."""
    recurring: str
    """none, annual, quarterly, monthly or other."""
    start: int
    end: int
    quote: str


@dataclass(frozen=True)
class _Deadline:
    start: int
    end: int
    period: str | None
    anchor: str | None
    due: date | None
    recurring: str = "none"


def find_obligations(text: str, dates: TextDates | None = None) -> list[Obligation]:
    """All dated duties in the order of the text; an empty list where there is none."""
    if not _LIMITED.search(text) or not _MODAL.search(text):
        return []
    return _Reader(tame(text), dates or TextDates()).read()


@cache
def _terms() -> dict[str, frozenset[str]]:
    """The words of the seed by kind."""
    found: dict[str, set[str]] = defaultdict(set)
    with SEED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["kind"]].add(row["term"])
    return {kind: frozenset(words) for kind, words in found.items()}


@cache
def _words_of(kind: str) -> re.Pattern[str]:
    """One pattern for the words of a kind, the longest first."""
    words = sorted(_terms()[kind], key=lambda word: (-len(word), word))
    return re.compile(
        rf"(?:{'|'.join(re.escape(word).replace(chr(92) + ' ', chr(92) + 's+') for word in words)})", re.IGNORECASE
    )


class _Reader:
    """One text, cut into paragraphs."""

    def __init__(self, text: str, dates: TextDates) -> None:
        self.text = text
        self.dates = dates
        self.blocks = outline(text)
        self.names = _definitions(text)
        self.times = [match.start() for match in _TIME.finditer(text)]
        self.leads: dict[int, str | None] = {}
        self.children: dict[int, list[int]] = defaultdict(list)
        for place, block in enumerate(self.blocks):
            if block.parent is not None:
                self.children[block.parent].append(place)

    def read(self) -> list[Obligation]:
        return [one for place in range(len(self.blocks)) for one in self._read_block(place)]

    def _read_block(self, place: int) -> Iterator[Obligation]:
        block = self.blocks[place]
        if not self._has_time(block.start, block.end):
            return
        for number, (start, end) in enumerate(sentences(self.text, block.start, block.end)):
            if end - start > MAX_SENTENCE_CHARS or not self._has_time(start, end):
                continue
            deadlines = list(_deadlines(self.text, start, end, self.dates))
            for deadline, begin in zip(deadlines, _begins(self.text, start, deadlines), strict=True):
                duty = self._duty(place, number == 0, (start, end), deadline)
                if duty:
                    yield self._obligation(block, (begin, end), deadline, *duty)

    def _has_time(self, start: int, end: int) -> bool:
        place = bisect_left(self.times, start)
        return place < len(self.times) and self.times[place] < end

    def _obligation(
        self, block: Block, span: tuple[int, int], deadline: _Deadline, actor: str | None, action: str
    ) -> Obligation:
        return Obligation(
            section=block.label,
            actor=actor,
            action=action,
            period=deadline.period,
            anchor=deadline.anchor,
            due_date=deadline.due,
            recurring=deadline.recurring,
            start=span[0],
            end=span[1],
            quote=self.text[span[0] : min(span[1], span[0] + MAX_QUOTE_CHARS)],
        )

    def _duty(
        self, place: int, is_first: bool, span: tuple[int, int], deadline: _Deadline
    ) -> tuple[str | None, str] | None:
        """Who must do what by a deadline; None where it governs no duty."""
        modal = self._governing(place, is_first, span, deadline)
        if modal is not None:
            return self._stated(place, is_first, span, deadline, modal)
        if stated := self._of_children(place, span, deadline):
            return stated
        lead = self._lead_in(place)
        if lead is None or not is_first:
            return None
        actor = lead or self._agent(span)
        return (actor, _action(self.text, deadline.end, span[1])) if actor else None

    def _stated(
        self, place: int, is_first: bool, span: tuple[int, int], deadline: _Deadline, modal: re.Match[str]
    ) -> tuple[str | None, str] | None:
        """The duty of a verb in the sentence itself."""
        if modal["may"] or _NO_DUTY.match(self.text, modal.end()):
            return None
        actor = self._subject(span[0], modal)
        action = _action(self.text, modal.end(), span[1])
        is_passive = bool(_PASSIVE.match(self.text, modal.end()))
        if _NEGATED.match(self.text, modal.end()) and not is_passive and actor is None:
            return None
        if actor is None or is_passive:
            actor = self._agent(span) or self._children_subjects(place, span) or (None if actor is None else actor)
        if actor is None and is_passive:
            actor = self._lead_in(place) or self._before(place, span[0])
        if actor is None and not is_passive:
            return None
        return actor, action

    def _governing(
        self, place: int, is_first: bool, span: tuple[int, int], deadline: _Deadline
    ) -> re.Match[str] | None:
        """The verb of duty that a deadline belongs to, in its own sentence."""
        start, end = span
        modals = self._modals(start, end)
        before = [match for match in modals if match.end() <= deadline.start]
        after = [match for match in modals if match.start() >= deadline.end]
        lead = self.text[start : deadline.start]
        is_leading = bool(_CLAUSE_START.search(lead))
        item = bool(is_first and self._lead_in(place))
        for match in (
            after[:1] if is_leading and (not before or not _is_directly_behind(self.text, before[-1], deadline)) else []
        ):
            has_subject = self._subject(max(deadline.end, start), match) is not None
            if has_subject or (not item and not before):
                return match
        if before:
            return before[-1]
        return after[0] if after and is_leading and not item else None

    def _modals(self, start: int, end: int) -> list[re.Match[str]]:
        """The verbs of duty and of leave, but for what somebody "may deem appropriate"."""
        found = _MODAL.finditer(self.text, start, end)
        return [one for one in found if not self._is_aside(start, one)]

    def _is_aside(self, start: int, modal: re.Match[str]) -> bool:
        lead = self.text[max(start, modal.start() - 90) : modal.start()]
        return bool(
            (modal["may"] and _AS_DEEMED.search(lead))
            or (modal["told"] and re.search(r"\b(?:that|who|which|if|as)\s+(?:\w+\s+)?\Z", lead))
        )

    def _lead_in(self, place: int) -> str | None:
        """The subject of the lead-in above a list's member; empty for a duty without actor, None for no duty."""
        if place not in self.leads:
            self.leads[place] = self._read_lead_in(place)
        return self.leads[place]

    def _read_lead_in(self, place: int) -> str | None:
        parent = self.blocks[place].parent
        while parent is not None:
            block = self.blocks[parent]
            said = sentences(self.text, block.start, block.end)
            if said:
                start, end = said[-1]
                modals = self._modals(start, end)
                is_open = self.text[end - 1 : end] in (":", "\u2014", "-") or bool(
                    re.search(r"\b(?:shall|must|to)\s*\Z", self.text[start:end])
                )
                if modals and is_open:
                    return "" if modals[-1]["may"] else self._subject(start, modals[-1]) or ""
            parent = block.parent
        return None

    def _of_children(self, place: int, span: tuple[int, int], deadline: _Deadline) -> tuple[str | None, str] | None:
        """A deadline that stands alone above a list whose members say who shall do what."""
        actor = self._children_subjects(place, span)
        return (actor, _action(self.text, deadline.end, span[1])) if actor else None

    def _children_subjects(self, place: int, span: tuple[int, int]) -> str | None:
        is_condition = re.match(
            r"(?:if|where|unless|when|in\s+the\s+case)\b", self.text[span[0] : span[0] + 20], re.IGNORECASE
        )
        if self.text[span[1] - 1 : span[1]] not in (":", "\u2014") or is_condition:
            return None
        found: dict[str, None] = {}
        for child in self.children[place]:
            block = self.blocks[child]
            for start, end in sentences(self.text, block.start, block.end)[:1]:
                modal = _MODAL.search(self.text, start, end)
                actor = self._subject(start, modal) if modal and not modal["may"] else None
                if actor:
                    found[actor] = None
        return "; ".join(found) or None

    def _before(self, place: int, start: int) -> str | None:
        """The actor of the sentence before, for "The report shall be submitted within ..."."""
        block = self.blocks[place]
        for begin, end in reversed(sentences(self.text, block.start, start)):
            for modal in _MODAL.finditer(self.text, begin, end):
                if not modal["may"] and (actor := self._subject(begin, modal)):
                    return actor
        return None

    def _agent(self, span: tuple[int, int]) -> str | None:
        """Who is to act where the sentence is passive or nominal: "by the Secretary", "at each agency"."""
        for match in _AGENT.finditer(self.text, *span):
            said = match["who"]
            if _is_actor(said):
                return self._named(said)
        return None

    def _subject(self, start: int, modal: re.Match[str]) -> str | None:
        """Who the subject of a verb of duty is; None where it is no actor."""
        if modal["direct"]:
            said = re.match(
                r"\s+(?:that\s+)?([^,;:]{3,200}?)(?=,|;|:|\s+to\s)", self.text[modal.end() : modal.end() + 260]
            )
            return self._named(said[1]) if said and _is_actor(said[1]) else None
        region = self.text[start : modal.start()]
        if who := _WHO.search(region):
            return self._named(who["who"]) if _is_actor(f"the {who['who']}") else None
        parts = _parts(region)
        previous = self._modals(start, modal.start())
        if previous:
            if re.fullmatch(r".*\b(?:and|or|but)\s*", self.text[previous[-1].end() : modal.start()], re.DOTALL):
                return self._subject(start, previous[-1])
            cut = previous[-1].end() - start
            parts = [(place, part) for place, part in parts if place >= cut] or [(cut, region[cut:])]
        is_active = not _PASSIVE.match(self.text, modal.end()) or bool(modal["told"])
        return self._named_list(_subject_parts([part for _, part in parts], is_active, bool(previous)))

    def _named_list(self, parts: list[str]) -> str | None:
        found = [self._named(one) for part in parts for one in _members(part)]
        return "; ".join(dict.fromkeys(one for one in found if one)) or None

    def _named(self, said: str) -> str:
        """An actor's name without articles and asides; "the Secretary" as the text defines it."""
        plain = " ".join(said.split()).strip(" ,;:\u2014-")
        plain = re.sub(r"^(?:and|or|but|then)\s+", "", plain)
        is_each = bool(re.match(r"(?:each|every|any|all)\s+(?!of\b)", plain, re.IGNORECASE))
        while match := _DETERMINER.match(plain):
            plain = plain[match.end() :]
        if short := re.search(r"\((?:the\s+)?[\"\u201c]?([A-Z][\w-]*(?:\s+[A-Z][\w-]*)+)[\"\u201d]?\)", plain):
            plain = short[1]
        plain = re.sub(r"\s*\((?!except|other|exclud|[A-Z]{2,10}s?\)\Z)[^()]*\)?", "", plain)
        plain = _without_long_clause(plain)
        if heads := _HEADS_OF.search(plain):
            plain = f"{plain[: heads.start()]}{heads['of']} heads".replace("agencies heads", "agency heads")
        elif is_each:
            plain = _plural(plain)
        plain = re.sub(
            r"\b0MB\b", "OMB", re.sub(r"['\u2019]s\s+(?:purposes?|role|mission|duties|functions?)\Z", "", plain)
        )
        return self.names.get(plain, plain).strip(" ,")


def _begins(text: str, start: int, deadlines: list[_Deadline]) -> list[int]:
    """Where the clause of each deadline begins: the sentence, or behind the deadline before it."""
    begins = [start] if deadlines else []
    for earlier, later in pairwise(deadlines):
        clause = [
            match.end()
            for match in re.finditer(r"[,;:]\s+|\s(?=that\s|who\s|which\s|and\s)", text[earlier.start : later.start])
        ]
        begins.append(max(earlier.start + clause[-1], earlier.start + 1) if clause else later.start)
    for place in range(1, len(begins)):
        if re.match(r"that\s|who\s|which\s", text[begins[place] : begins[place] + 6]):
            continue
        relative = re.search(r"\s(?=(?:that|who|which)\s+\w+,\s+\Z)", text[: deadlines[place].start][-40:])
        if relative:
            begins[place] = (
                deadlines[place].start - 40 + relative.end() if deadlines[place].start >= 40 else relative.end()
            )
    return begins


def _is_directly_behind(text: str, modal: re.Match[str], deadline: _Deadline) -> bool:
    """Whether a deadline is pushed in behind its verb: "shall, within 90 days of ..., develop"."""
    return bool(re.fullmatch(r"[\s,]*(?:also|then|each)?[\s,]*", text[modal.end() : deadline.start]))


def _deadlines(text: str, start: int, end: int, dates: TextDates) -> Iterator[_Deadline]:
    """Every deadline of a sentence; a rhythm is one of its own only where the sentence has no other."""
    found = sorted(_timed(text, start, end, dates), key=lambda one: (one.start, -one.end))
    kept: list[_Deadline] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    rhythm = _rhythm(text, start, end, [(one.start, one.end) for one in kept])
    if not kept:
        if rhythm and rhythm.recurring != "again":
            yield rhythm
        return
    for later in [
        one for one in kept[1:] if one.recurring == "annual" and "thereafter" in text[one.start : one.end + 14]
    ]:
        place = kept.index(later)
        kept[place - 1 : place + 1] = [replace(kept[place - 1], recurring="annual")]
    for place, one in enumerate(kept):
        is_last = place + 1 == len(kept)
        until = kept[place + 1].start if not is_last else end
        again = _rhythm(text, one.end, until, []) or (_rhythm(text, start, one.start, []) if place == 0 else None)
        recurring = (
            one.recurring
            if one.recurring != "none"
            else ("none" if again is None else again.recurring.replace("again", "other"))
        )
        yield _Deadline(one.start, one.end, one.period, one.anchor, one.due, recurring)


def _timed(text: str, start: int, end: int, dates: TextDates) -> Iterator[_Deadline]:
    for match in _RELATIVE.finditer(text, start, end):
        if (match["back"] and match[0].lower().startswith("within")) or _LOOKS_BACK.match(text, match.end()):
            continue
        yield _relative(match, dates)
    for match in _LEAD_TIME.finditer(text, start, end):
        yield _relative(match, dates)
    for match in _FIXED.finditer(text, start, end):
        day = _read_day(match["day"])
        is_past = _PAST.search(text, max(start, match.start() - 40), match.start()) or (
            match["before"] and match.start() > start
        )
        if day and not is_past and not (dates.signed and day < dates.signed):
            yield _Deadline(match.start(), match.end(), None, "fixed_date", day, "annual" if match["again"] else "none")
    for match in _YEARLY_DAY.finditer(text, start, end):
        yield _Deadline(
            match.start(), match.end(), "P1Y", f"prior_action:{' '.join(match['when'].split())}", None, "annual"
        )
    for match in _YEAR_ONLY.finditer(text, start, end):
        if not re.search(
            r"\b(?:goal|target|aim|objective)\b[^,;]{0,80}\Z", text[max(start, match.start() - 100) : match.start()]
        ):
            yield _Deadline(match.start(), match.end(), None, f"prior_action:{' '.join(match['when'].split())}", None)
    yield from _ending(text, start, end, dates)
    yield from _keeping(text, start, end, dates)


def _ending(text: str, start: int, end: int, dates: TextDates) -> Iterator[_Deadline]:
    """Bodies that end by themselves: "shall sunset five years after ..."."""
    for verb in re.finditer(rf"\b{_words_of('ends').pattern}s?\b", text[start:end], re.IGNORECASE):
        span = _ENDS.match(text, start + verb.end(), end)
        lead = text[start : start + verb.start()]
        if span and (_COMMITTEE.search(lead[-160:]) or not lead.strip()):
            yield _relative(span, dates)


def _keeping(text: str, start: int, end: int, dates: TextDates) -> Iterator[_Deadline]:
    """Terms for which something must be kept: "retain the records for two years after ..."."""
    keeps = [match.end() for match in re.finditer(rf"\b{_words_of('keeps').pattern}\b", text[start:end], re.IGNORECASE)]
    for match in _KEEPS.finditer(text, start, end) if keeps else ():
        if any(0 <= match.start() - start - place <= _KEPT_CHARS for place in keeps):
            yield _relative(match, dates)


def _relative(match: re.Match[str], dates: TextDates) -> _Deadline:
    groups = match.groupdict()
    period, step = _period(match["number"], match["unit"])
    said = match["anchor"] if match["anchor"] is not None else ""
    prep = groups.get("prep") or ""
    end = match.start("anchor") if match["anchor"] is not None else match.end()
    if groups.get("back"):
        event = _anchor_text(said)
        return _Deadline(match.start(), end + len(event), period, f"before:{' '.join(event.split())}", None)
    anchor, day = _anchor(said, prep, dates)
    length = len(_anchor_text(said))
    other = _ALTERNATIVE.match(match.string, end + length)
    if other:
        second, _ = _period(other["number2"], other["unit2"])
        return _Deadline(
            match.start(),
            other.end(),
            f"{period}; {second}",
            f"{anchor}; prior_action:{_anchor_text(other['anchor2'])}",
            None,
        )
    is_computable = day is not None and step is not None
    return _Deadline(
        match.start(), end + length, period, anchor, day + step if is_computable and day and step else None
    )


def _anchor_text(said: str) -> str:
    stop = _ANCHOR_END.search(said)
    return (said[: stop.start()] if stop else said).rstrip()


def _anchor(said: str, prep: str, dates: TextDates) -> tuple[str | None, date | None]:
    """What a period runs from, and its day where known."""
    if not said:
        return None, None
    if _PUBLICATION_DATE.match(said):
        return "publication_date", dates.published
    if _EFFECTIVE_DATE.match(said):
        return "effective_date", dates.effective
    if _ORDER_DATE.match(said):
        return "order_date", dates.signed
    plain = " ".join(_anchor_text(said).split())
    fixed = re.match(_DAY, plain)
    if fixed and (day := _read_day(fixed[0])):
        return "fixed_date", day
    return f"prior_action:{plain}", None


def _period(number: str, unit: str) -> tuple[str, relativedelta | None]:
    """ISO 8601 duration and the step on the calendar; no step for hours and business days."""
    count, kind = _count(number), unit.lower().split()[-1].split("-")[-1].rstrip("s")
    if kind == "hour":
        return f"PT{count}H", None
    if kind == "fortnight":
        return f"P{2 * count}W", relativedelta(weeks=2 * count)
    if kind == "week":
        return f"P{count}W", relativedelta(weeks=count)
    if kind == "month":
        return f"P{count}M", relativedelta(months=count)
    if kind == "year":
        return f"P{count}Y", relativedelta(years=count)
    is_business = bool(re.match(r"business|working", unit, re.IGNORECASE))
    return f"P{count}D", None if is_business else relativedelta(days=count)


def _count(number: str) -> int:
    if digits := re.search(r"\d+", number):
        return int(digits[0])
    words = re.findall(r"[a-z]+", number.lower())
    return sum(
        100 if word == "hundred" else 0 if word in ("and",) else _WORDS[word]
        for word in words
        if not (word == "one" and "hundred" in words)
    )


def _read_day(text: str) -> date | None:
    """A full date; None for days no calendar has."""
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    if "-" in text:
        year, month, day = numbers
    else:
        name = re.search(r"[A-Za-z]+", text)
        month = [one.lower() for one in MONTHS].index(name[0].lower()) + 1 if name else 0
        day, year = numbers
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _rhythm(text: str, start: int, end: int, taken: list[tuple[int, int]]) -> _Deadline | None:
    """How often a duty comes back, as a deadline of its own; ``again`` where no period is given."""
    for match in _RHYTHM.finditer(text, start, end):
        if _NO_RHYTHM.search(text, max(start, match.start() - 48), match.start()) or any(
            a <= match.start() < b for a, b in taken
        ):
            continue
        if not re.search(r"(?:\A|\W)\Z", text[max(0, match.start() - 1) : match.start()]):
            continue
        if match["every"]:
            period, _ = _period(match["every"], match["every_unit"])
            return _Deadline(match.start(), match.end(), period, None, None, "annual" if period == "P1Y" else "other")
        place = next(place for place in range(len(_RHYTHMS)) if match[f"r{place}"])
        _, recurring, period = _RHYTHMS[place]
        if (
            re.match(r"annual|biennial|semi|bi-?annual|quarterly|monthly|weekly", match[0], re.IGNORECASE)
            and not match[0].lower().endswith("ly")
            and " " not in match[0]
        ):
            continue
        return _Deadline(match.start(), match.end(), period, None, None, recurring)
    reports = re.search(
        rf"\b{_words_of('reports').pattern}\s+(?:[^.;]{{0,240}}?\s)?(?-i:(?P<often>annual|quarterly"
        rf"|monthly|biennial|semiannual))\s+(?:\w+\s+){{0,2}}?{_YEARLY_THING}",
        text[start:end],
        re.IGNORECASE,
    )
    if reports:
        often = reports["often"].lower()
        period = {"annual": "P1Y", "quarterly": "P3M", "monthly": "P1M", "biennial": "P2Y", "semiannual": "P6M"}[often]
        place = start + reports.start("often")
        return _Deadline(
            place,
            place + len(often),
            period,
            None,
            None,
            often if often in ("annual", "quarterly", "monthly") else "other",
        )
    again = _AGAIN.search(text, start, end)
    return _Deadline(again.start(), again.end(), None, None, None, "again") if again else None


def _parts(region: str) -> list[tuple[int, str]]:
    """What stands between commas and dashes, brackets kept whole, each with its place."""
    found, depth, begin = [], 0, 0
    for place, char in enumerate(region):
        depth += (char == "(") - (char == ")" and depth > 0)
        if depth == 0 and char in ",;:\u2014":
            found.append((begin, region[begin:place]))
            begin = place + 1
    found.append((begin, region[begin:]))
    return [(place, part) for place, part in found if part.strip()]


def _subject_parts(parts: list[str], is_active: bool, is_later: bool) -> list[str]:
    """The parts that make up the subject: from the first that names an actor to the first aside behind it."""
    chosen: list[str] = []
    for part in parts:
        plain = part.strip()
        if chosen and (_is_aside(plain) or not (_is_actor(plain) or plain[:1].isupper())):
            break
        if not chosen and (_ADVERBIAL.match(plain) or not _is_actor(plain)):
            continue
        chosen.append(part)
    if chosen:
        return chosen[:12]
    last = parts[-1].strip() if parts else ""
    is_noun = bool(re.match(r"(?:the|each|every|any|an?|all)\s|[A-Z]", last)) and not _ADVERBIAL.match(last)
    if is_active and is_noun and _head(last) not in _terms()["not_actor"] and not is_later and last[:1].isupper():
        return [last]
    return []


def _is_aside(part: str) -> bool:
    return bool(
        _words_of("aside").match(part) or (_ADVERBIAL.match(part) and not re.match(r"and\s+(?:the|each|all)\b", part))
    )


def _is_actor(said: str) -> bool:
    """Whether a noun phrase names somebody who can act."""
    plain = re.sub(r"^(?:and|or|but|then)\s+", "", " ".join(said.split()))
    if re.match(r"no\s", plain, re.IGNORECASE):
        return False
    head = _head(plain)
    is_bare = not _DETERMINER.match(plain) and plain[:1].islower()
    if is_bare and not (head in _terms()["actor"] and _is_plural(plain) and not _VERB_FIRST.match(plain)):
        return False
    if head in _terms()["actor"]:
        return True
    word = _last_word(plain)
    return bool(re.fullmatch(r"[A-Z][\w&-]*[A-Z][\w&-]*", word)) and word not in ("AI", "IT")


def _is_plural(plain: str) -> bool:
    word = _last_word(plain).lower()
    return word.endswith("s") or word in ("we", "personnel", "staff")


def _last_word(plain: str) -> str:
    """The head of a noun phrase as printed: "heads" of "the heads of agencies that ..."."""
    rest = plain
    while match := _DETERMINER.match(rest):
        rest = rest[match.end() :]
    stop = _STOP_HEAD.search(f"{rest} ")
    words = (rest[: stop.start()] if stop else rest).split()
    words = [word for word in words if word.lower() not in ("also", "thereafter", "jointly", "hereby", "each")]
    for word, following in pairwise(words):
        if following.endswith(("ing", "ed")) and _singular(word.lower()) in _terms()["actor"]:
            return word
    return words[-1].strip("\"\u201c\u201d'\u2019.,:)") if words else ""


def _head(plain: str) -> str:
    owned = re.search(r"['\u2019]s\s+([a-z-]+)\Z", plain.strip())
    if owned and _singular(owned[1]) in _terms()["not_actor"]:
        return _singular(owned[1])
    return _singular(_last_word(plain).lower().replace("\u2019s", "").replace("'s", ""))


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and word not in ("corps",):
        return word[:-1]
    return word


def _plural(plain: str) -> str:
    """Each of them: "each CFO Act agency" are "CFO Act agencies"."""
    word = _last_word(plain)
    if not word or word.endswith("s") or not word.islower():
        return plain
    many = f"{word[:-1]}ies" if word.endswith("y") and word[-2:-1] not in "aeo" else f"{word}s"
    place = plain.find(word)
    return f"{plain[:place]}{many}{plain[place + len(word) :]}"


def _members(part: str) -> list[str]:
    """Actors joined in one part: "the Secretary of State and the Secretary of Defense"."""
    return [one for one in re.split(r"\s+and\s+(?=(?:the|each|all|any)\s)|^\s*and\s+", part) if one and one.strip()]


def _without_long_clause(plain: str) -> str:
    """Of a particular actor the relative clause is left out; it says who is meant only of "agencies", "entities"."""
    match = _RELATIVE_CLAUSE.search(plain)
    if not match:
        return plain
    head = _singular(_last_word(plain[: match.start()]).lower())
    return plain if head in _GENERIC and len(match["said"].split()) <= 14 else plain[: match.start()]


def _definitions(text: str) -> dict[str, str]:
    """Bare titles and whom the text means by them: "Secretary" -> "Secretary of Energy"."""
    found: dict[str, str] = {}
    for pattern in _DEFINED:
        for match in pattern.finditer(text):
            if match["name"] in _RESOLVABLE:
                full = " ".join(match["full"].split())
                found.setdefault(match["name"], re.sub(r"^the\s+", "", full))
    return found


def _action(text: str, start: int, end: int) -> str:
    """What is to be done, up to the end of the sentence, without what is pushed in before the verb."""
    said = " ".join(text[start:end].split()).strip(" ,;:.\u2014-")
    return said if len(said) <= MAX_ACTION_CHARS else said[:MAX_ACTION_CHARS].rsplit(" ", 1)[0]

"""Earlier documents of the Federal Register, and executive orders, that a document says it acts on.

Belongs here: what the official fields call the document (a correction, a withdrawal, an extension of a comment period,
a suspension or stay, a delay of the day of effect, a word that something is not enforced, a replacement), and the
passage that names its target by citation, document number or day of publication; and explicit phrases by which a
document says it carries out an executive order. Does not belong here: disposition notes, matching of targets to
documents. A passage that could mean two documents gives nothing: no row is better than a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from pipelines.enrich.words import MONTHS, ORDERS_ON_RULEMAKING

EXTRACTOR_VERSION = "references/5"
MAX_QUOTE_CHARS = 400
BODY_CHARS = 6_000
"""How much of a text is read for the target; the passage stands in the preamble or at the head of a short document."""
OPENING_CHARS = 1_500
"""How much of a text is read for orders carried out: further down, orders are cited as background."""

MAY_REFER = (
    r"correct|withdr|rescis|rescind|exten|re-?open|replac|supersed|executive order|\be\.?\s?o\.?s?\s"
    r"|suspen|\bstay|delay|postpon|enforce|vacat|enjoin|injunction|restraining"
)
"""Regular expression, case ignored, that every document matches in which anything can be found; sifts cheaply."""
_DAY = rf"(?:{'|'.join(MONTHS)})\s+\d{{1,2}}\s*,\s*\d{{4}}"
MAY_NAME = (
    rf"\d\s+(?:fr|f\.r\.|fed\.)|\bdoc(?:ument|\.)?s?\.?\s*(?:no|[a-z]?\d)|{_DAY}|executive\s+order|\be\.?\s?o\.?s?\s"
)
"""The same for what can be a target: a citation, a number, a day or an order."""

_KIND = (
    r"(?:rules?|rulemaking|regulations?|notices?|notifications?|documents?|guidance|statements?|policy|policies|"
    r"proposals?|amendments?|corrections?|determinations?|requests?|solicitations?|NPRM|ANPRM|SNPRM|RFI)"
)

_CORRECTION = re.compile(r"\bcorrect(?:ion|ions|ing|s)\b", re.IGNORECASE)
_WITHDRAWAL = re.compile(r"\bwithdraw(?:al|als|s|n|ing)?\b", re.IGNORECASE)
_EXTENSION = re.compile(
    r"\b(?:extension|re-?opening|extend(?:s|ed|ing)?|re-?open(?:s|ed)?)\b[^.;]{0,60}\bcomment"
    r"|\bcomment(?:s|ing)?\b[^.;]{0,40}\b(?:extension|extended|re-?opening|re-?opened)\b",
    re.IGNORECASE,
)
_RESCISSION = re.compile(r"\brescission\b|\brescind(?:s|ing|ed)?\b", re.IGNORECASE)
_DELAY = re.compile(
    r"\b(?:delay(?:s|ed|ing)?|postpone(?:ment|d|s)?|deferral|defer(?:s|red)?)\b[^.;]{0,40}"
    r"\b(?:effective|compliance|implementation|applicability)\b[^.;]{0,10}\bdates?\b"
    r"|\b(?:effective|compliance|applicability)\s+dates?\b[^.;]{0,40}\b(?:delay(?:s|ed)?|postpone(?:ment|d)?|deferr(?:al|ed))\b",
    re.IGNORECASE,
)
_SUSPENSION = re.compile(
    r"\b(?:(?:administrative|judicial|temporary|partial|court)\s+stay\b|stay\s+of\b|stay\s*\.?$)"
    r"|\bsuspension\s+of\b(?![^.;]{0,40}\b(?:entry|liquidation|deportation|trading|debarment|benefits|duty))"
    r"|\bsuspension\s*\.?$",
    re.IGNORECASE,
)
_NON_ENFORCEMENT = re.compile(
    r"\b(?:non-?enforcement|enforcement\s+discretion|no[\s-]+action\s+(?:relief|position))\b", re.IGNORECASE
)
_ON_ENFORCEMENT = re.compile(r"\benforc(?:e|ing|ement)\b", re.IGNORECASE)
_RESUMPTION = re.compile(
    r"\b(?:lift(?:s|ed|ing)?|terminat(?:es|ed|ing|ion)|dissol(?:ves|ved|ving|ution)|end(?:s|ed|ing)?|remov(?:es|ed|ing|al))"
    r"\s+(?:of\s+)?(?:(?:the|its|an?)\s+)?(?:[\w-]+\s+){0,2}?(?:stay|suspension|injunction)\b"
    r"(?![^.;]{0,40}\b(?:entry|liquidation|deportation|trading|debarment|benefits|duty))"
    r"|\b(?:stay|suspension|injunction)\b[^.;]{0,80}\b(?:is|are|was|has\s+been)\s+(?:hereby\s+)?(?:lifted|dissolved|terminated)\b",
    re.IGNORECASE,
)
_VACATUR = re.compile(r"\bvacat(?:ur|es|ed|ing)\b(?![^.;]{0,40}\b(?:stay|suspension|injunction)\b)", re.IGNORECASE)
_INJUNCTION = re.compile(r"\b(?:injunction|enjoin(?:s|ed|ing)?|restraining\s+order)\b", re.IGNORECASE)

_COURSE = {
    "reinstates": _RESUMPTION, "revokes": _VACATUR, "delays": _DELAY, "declines_to_enforce": _NON_ENFORCEMENT,
    "suspends": _SUSPENSION,
}  # fmt: skip
"""What holds a rule up, lets it go on, or tells that a court has ended it; by the words of the official fields."""
_PROPOSES = re.compile(r"\bpropos(?:ed|es|al)\b", re.IGNORECASE)
_IS_NO_HOLD = re.compile(
    r"\b(?:terminat|lift|dissol|end(?:s|ing|ed)?\b)|\bpropos(?:es|ing|ed)\b[^.;]{0,120}\b(?:delay|postpone|defer|suspend|stay|extend)",
    re.IGNORECASE,
)
"""What ends a suspension is none, and neither is a proposal of one."""
_IS_UNDONE = re.compile(
    r"\b(?:den(?:y|ies|ied)|revers(?:es|ed)|declin(?:es|ed)|overturn(?:s|ed)|(?:stay(?:s|ed|ing)?|vacat(?:es|ed|ing))\s+(?:of\s+)?"
    r"(?:the|that|its)\s+(?:\w+\s+)?(?:vacatur|injunction|judgment))\b|\bpropos(?:es|ing)\s+to\b",
    re.IGNORECASE,
)
"""A court that refuses to act, or whose act is undone."""

_DOING = {
    "corrects": re.compile(r"\bcorrect(?:s|ing|ed|ions?)\b", re.IGNORECASE),
    "extends": re.compile(r"\b(?:extend(?:s|ed|ing)?|extension|re-?open(?:s|ed|ing)?)\b", re.IGNORECASE),
    "suspends": re.compile(
        r"\b(?:suspen(?:d(?:s|ed|ing)?|sion)|stay(?:s|ed|ing)?|enjoin(?:s|ed|ing)?|injunction|restraining\s+order)\b",
        re.IGNORECASE,
    ),
    "reinstates": _RESUMPTION,
    "revokes": _VACATUR,
    "delays": re.compile(
        r"\b(?:delay(?:s|ed|ing)?|postpon(?:e|es|ed|ing|ement)|defer(?:s|red|ring|ral)?|extend(?:s|ing)?)\b"
        r"|\bchanges\s+the\s+effective\s+date\b",
        re.IGNORECASE,
    ),
    "declines_to_enforce": re.compile(
        r"\b(?:enforcement\s+discretion|exercis(?:es|ing)\s+its\s+discretion|(?:will|does|shall)\s+not\s+(?:seek\s+to\s+)?"
        r"enforce|not\s+(?:be\s+)?enforc(?:e|ed|ing)|non-?enforcement"
        r"|(?:will|does|do|shall)\s+not\s+(?:prioriti[sz]e|pursue|take|bring|initiate)\s+(?:(?:any|the)\s+)?"
        r"(?:supervision\s+or\s+)?enforcement)\b",
        re.IGNORECASE,
    ),
}
_UNTIL = re.compile(
    rf"\b(?:until|through|effective\s+on|(?:effective|compliance)\s+date\s+is|become[s]?\s+effective\s+on|to)\s+"
    rf"(?P<day>{_DAY})"
)
"""Up to when something is suspended, or the new day of effect."""
_PART = re.compile(
    r"\b(?:certain|portions?|parts?|several|some|specific|discrete|limited)\b[^.;]{0,60}"
    r"\b(?:amendments?|provisions?|requirements?|sections?|portions?|of\s+(?:the|a)\s+(?:final\s+|interim\s+)?rule)\b"
    r"|(?:\bCFR\s+(?:parts?\s+)?|\u00a7{1,2}\s*|\b(?:sections?|paragraphs?|parts?|subparts?|articles?)\s+)[(\dA-Z][^;]{0,80}?"
    r"\b(?:of|in)\s+(?:the|its|that|this)\s+(?:[\w-]+\s+){0,3}?(?:rule|order|regulation|notice)s?\b",
    re.IGNORECASE,
)
"""What is acted on is no more than a part of the other document."""
_PARTIAL = re.compile(r"\b(?:partial(?:ly)?|in\s+part)\b", re.IGNORECASE)
_TAKES_BACK = re.compile(
    rf"\b(?:withdraw(?:s|ing|al)?|rescind(?:s|ing)?|rescission)\b.*\b{_KIND}\b", re.IGNORECASE | re.DOTALL
)
_TAKEN_BACK = re.compile(
    rf"\b{_KIND}\b.*\b(?:is|are)\s+(?:hereby\s+|being\s+)?(?:withdrawn|rescinded)\b", re.IGNORECASE | re.DOTALL
)
_REPLACES = re.compile(rf"\b(?:replac|supersed)(?:es|ing)\b.*\b{_KIND}\b", re.IGNORECASE | re.DOTALL)
_RESCINDS = re.compile(rf"\b(?:rescinds|rescinding|withdraws|withdrawing)\b.*\b{_KIND}\b", re.IGNORECASE | re.DOTALL)
_ENDINGS = {
    "revokes": re.compile(r"\b(?:rescind(?:s|ing|ed)?|rescission)\b", re.IGNORECASE),
    "supersedes": re.compile(r"\b(?:replac|supersed)(?:es|ing)\b", re.IGNORECASE),
}
_ACTS = {
    **_DOING,
    "withdraws": _WITHDRAWAL,
    "revokes": re.compile(rf"{_RESCISSION.pattern}|{_VACATUR.pattern}", re.IGNORECASE),
    "supersedes": _ENDINGS["supersedes"],
}
"""By relation, the words with which a sentence does it."""
_ANOTHER_SUBJECT = re.compile(r"\b(?:and|but)\s+(?:has|have|had|was|were)\b|\binto\b")
"""Behind it stands what else happened, not what is taken back or replaced."""

_CITATION = re.compile(r"\b(\d{2,3})\s+(?:FR|F\.R\.|Fed\.\s*Reg\.)\s+(\d{1,3}(?:,\d{3})+|\d{1,6})\b")
_NUMBER = re.compile(
    r"\b(?:FR|(?:proposed\s+)?rule|notice)\s+Doc(?:ument|\.)?s?\.?\s*(?:No\.?:?\s*)?"
    r"((?:[A-Z]\d{0,2}-)?\d{2,4}[-\u2010-\u2013]\d{3,6}|E\d{1,2}-\d{1,6})\b(?!\s*Filed)",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    rf"""
    \b(?:publi(?:shed|cation)|appear(?:ed|ing|s)|issued?|announced|Federal\s+Register)\b
    (?:\s+(?:in|on|of|the|at|dated|issue|Federal|Register|document|by|for|from|\w+day,?))*,?\s+(?P<after>{_DAY})
  | \b[Oo]n\s+(?P<before>{_DAY})\b[^.;]{{0,160}}?\b(?:published|issued|announced)\b
  | \b(?:the|its|our|an?|this|that)\s+(?P<of>{_DAY}),?\s+(?:[\w-]+\s+){{0,3}}?{_KIND}\b
  | \b{_KIND}\s+(?:of|dated)\s+(?P<dated>{_DAY})
    """,
    re.VERBOSE,
)
_SENTENCE_END = re.compile(r"(?<!\bFed)(?<!\bDoc)(?<!\bNo)(?<=[a-z0-9)\]\"\u201d])\.(?=\s+[A-Z\"\u201c])|\n+")
_LISTED = re.compile(r"[\s,;()]*(?:and|at|as\s+well\s+as)?[\s,;()]*(?:at\s*)?(?:p(?:age|\.)\s*)?", re.IGNORECASE)

_ORDER_NAME = r"(?:Executive\s+Orders?|E\.\s?O\.|EOs?)\s*(?:\((?:E\.\s?O\.|EO|Order)s?\)\s*)?(?:Nos?\.?\s*)?"
_ORDERS = rf"{_ORDER_NAME}\d{{5}}(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+)(?:{_ORDER_NAME})?\d{{5}})*"
_ORDER_AND_PART = re.compile(
    rf"(?P<part>\b(?:sections?|subsections?|paragraphs?|parts?|provisions?|portions?)\s+[^.;]{{0,60}}?\bof\s+(?:the\s+)?)?"
    rf"(?P<orders>{_ORDERS})"
)
_CARRIES_OUT = re.compile(
    rf"""
    \b(?:implement(?:s|ing)?|pursuant\s+to|as\s+(?:directed|required|called\s+for)\s+by|(?:directed|required)\s+by|under)
    \s+(?:(?:sections?|subsections?|paragraph)\s+[\w.()]+(?:\s*(?:,|and)\s*[\w.()]+)*\s+of\s+)?
    (?:(?:the\s+)?(?:requirements|provisions|directives?|President['\u2019]s|Presidential)\s+(?:of\s+|in\s+)?)?
    (?:the\s+)?(?P<orders>{_ORDERS})
  | \bas\s+(?P<subject>{_ORDERS})\s+(?:directs?|requires?)\b
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class OfficialText:
    """What a document of the Federal Register says, field by field; all but the title's place may be absent."""

    document_type: str | None = None
    title: str | None = None
    action: str | None = None
    abstract: str | None = None
    dates_note: str | None = None
    body: str | None = None
    own_names: frozenset[str] = field(default_factory=frozenset)
    """Its own citations and document numbers, which never are a target."""
    published_date: date | None = None


@dataclass(frozen=True)
class Reference:
    """One target and what the document does to it.

    ``quote`` is ``text[quote_start:quote_start + len(quote)]`` of the field named.
    """

    relation: str
    """corrects, withdraws, revokes, extends, suspends, delays, declines_to_enforce, supersedes or implements."""
    target_scheme: str
    """fr_document, fr_citation, eo; or fr_published, whose value is the ISO day of publication that is all it names."""
    target_value: str
    target_date: date | None
    """The day on which the target was published, where the passage says so."""
    field: str
    quote: str
    quote_start: int
    is_partial: bool = False
    until_date: date | None = None
    """Last day of a suspension, or the new day of effect, where the passage names one."""


@dataclass(frozen=True)
class _Sentence:
    field: str
    text: str
    start: int


def parse_references(document: OfficialText) -> list[Reference]:
    """Read what a document acts on, in a fixed order; an empty list where nothing is certain."""
    found = [*(_by_number(document, one) for one in _acts_on_earlier(document)), *_carries_out(document)]
    return list({(one.relation, one.target_scheme, one.target_value): one for one in reversed(found)}.values())[::-1]


def _acts_on_earlier(document: OfficialText) -> Iterator[Reference]:
    relation = _stated_act(document)
    if relation == "withdraws":
        yield from _takes_back(document)
    elif relation in _COURSE:
        yield from _sets_course(document, relation)
    elif relation:
        yield from _corrects_or_extends(document, relation)
    else:
        yield from _replaces(document)


def _by_number(document: OfficialText, reference: Reference) -> Reference:
    """The same reference by number or citation, where a day is all that its own passage names and another names both.

    A passage without a day counts where it states the act, and what it names can be of that day.
    """
    day = reference.target_date
    if reference.target_scheme != "fr_published" or day is None:
        return reference
    found: dict[str, list[_Target]] = {"fr_document": [], "fr_citation": []}
    for name in ("abstract", "dates_note", "body"):
        for sentence in _sentences(document, name):
            is_act = bool(_ACTS[reference.relation].search(sentence.text))
            for target in _only_targets(document, [sentence]):
                if target[1] in found and _can_be_of(target, day) and (target[3] == day or (is_act and not target[3])):
                    found[target[1]].append(target)
    for targets in found.values():
        if len({target[2] for target in targets}) == 1:
            exact = _reference(reference.relation, *targets[0])
            return replace(exact, target_date=day, is_partial=reference.is_partial, until_date=reference.until_date)
    return reference


def _can_be_of(target: _Target, day: date) -> bool:
    """Whether a number or citation can be that of a document printed on the day; numbers are given some days before."""
    if target[1] == "fr_citation":
        return int(target[2].split()[0]) + 1935 == day.year
    year = re.match(r"(?:[A-Z]\d{0,2}-)?(\d{4})-", target[2])
    return year is None or int(year[1]) in (day.year, day.year - 1)


def _stated_act(document: OfficialText) -> str | None:
    """The act that the official fields give the document; the end of the title only where no action is stated."""
    if document.document_type == "Correction":
        return "corrects"
    title = document.title or ""
    heading = document.action or title.rpartition(";")[2]
    if _CORRECTION.search(heading):
        return "corrects"
    if _EXTENSION.search(heading):
        return "extends"
    if _WITHDRAWAL.search(heading) or _RESCISSION.search(heading):
        return "withdraws"
    if document.document_type == "Proposed Rule" or _PROPOSES.search(f"{heading} {title}"):
        return None
    stated = next((name for name, words in _COURSE.items() if words.search(heading) or words.search(title)), None)
    if stated is None and _INJUNCTION.search(f"{heading} {title}"):
        return "suspends"
    if (
        stated is None
        and _ON_ENFORCEMENT.search(title)
        and _DOING["declines_to_enforce"].search(document.abstract or "")
    ):
        return "declines_to_enforce"
    return stated


def _corrects_or_extends(document: OfficialText, relation: str) -> Iterator[Reference]:
    """Summaries say which document appeared when; in the text, only a sentence that acts names its target."""
    for name in ("abstract", "dates_note"):
        named = [
            one
            for one in _sentences(document, name)
            if _DOING[relation].search(one.text) or _PUBLISHED.search(one.text)
        ]
        targets = _only_targets(document, named)
        if targets:
            yield from (_reference(relation, *target) for target in targets)
            return
    for sentence in _sentences(document, "body"):
        targets = _only_targets(document, [sentence]) if _DOING[relation].search(sentence.text) else []
        if targets and targets[0][1] != "fr_published":
            yield from (_reference(relation, *target) for target in targets)
            return


def _sets_course(document: OfficialText, relation: str) -> Iterator[Reference]:
    """What a suspension, its end, a delay, a vacatur or a word on enforcement is about, and until when."""
    is_part = bool(_PARTIAL.search(f"{document.title or ''} {document.action or ''}"))
    is_hold = relation not in ("reinstates", "revokes")
    for name in ("abstract", "dates_note", "body"):
        sentences = _sentences(document, name)
        for place, sentence in enumerate(sentences):
            if not _DOING[relation].search(sentence.text) or _IS_UNDONE.search(sentence.text):
                continue
            if is_hold and _IS_NO_HOLD.search(sentence.text):
                continue
            if orders := _orders_before_courts(sentence, relation):
                yield from orders
                return
            # Summaries name the rule in one sentence and say what is done to it in the next, or the other way round.
            for named in (sentence, *sentences[max(place - 1, 0) : place], *sentences[place + 1 : place + 2]):
                if targets := _only_targets(document, [named]):
                    told = [*sentences[place : place + 2], *_sentences(document, "dates_note")]
                    until = _until(document, told) if is_hold else None
                    is_partial = is_part or bool(_PART.search(sentence.text))
                    yield from (
                        replace(_reference(relation, *target), is_partial=is_partial, until_date=until)
                        for target in targets
                    )
                    return


def _orders_before_courts(sentence: _Sentence, relation: str) -> list[Reference]:
    """Executive orders that a court holds up or lets go on, as a sentence on an injunction names them."""
    if relation not in ("suspends", "reinstates") or not _INJUNCTION.search(sentence.text):
        return []
    return [
        replace(_reference(relation, sentence, "eo", number, None, match.end()), is_partial=bool(match["part"]))
        for match in _ORDER_AND_PART.finditer(sentence.text)
        for number in re.findall(r"\d{5}", match["orders"])
    ]


def _until(document: OfficialText, sentences: list[_Sentence]) -> date | None:
    """The first day ahead of the document's own that the sentences name as an end."""
    days = (_read_day(match["day"]) for sentence in sentences for match in _UNTIL.finditer(sentence.text))
    return next((day for day in days if day and (document.published_date or date.min) < day), None)


def _takes_back(document: OfficialText) -> Iterator[Reference]:
    for place in ("abstract", "dates_note", "body"):
        for sentence in _sentences(document, place):
            verb = _TAKES_BACK.search(sentence.text)
            clause = _behind(sentence, verb) if verb else sentence if _TAKEN_BACK.search(sentence.text) else None
            targets = _only_targets(document, [clause]) if clause else []
            if targets:
                yield from (_reference(name, *target) for name in _endings(sentence.text) for target in targets)
                return


def _replaces(document: OfficialText) -> Iterator[Reference]:
    """Of a document that is called no correction, withdrawal or extension: what its summary says it replaces."""
    for sentence in _sentences(document, "abstract"):
        verb = _RESCINDS.search(sentence.text) or _REPLACES.search(sentence.text)
        if not verb:
            continue
        targets = _only_targets(document, [_behind(sentence, verb)])
        yield from (_reference(name, *target) for name in _endings(sentence.text) for target in targets)


def _endings(text: str) -> list[str]:
    """The relations that the words state; "rescinds and replaces" states two, as in a disposition note."""
    stated = [name for name, words in _ENDINGS.items() if words.search(text)]
    return stated or ["withdraws"]


def _behind(sentence: _Sentence, verb: re.Match[str]) -> _Sentence:
    """The clause that a verb governs; its place in the field stays known."""
    stop = _ANOTHER_SUBJECT.search(sentence.text, verb.start())
    end = stop.start() if stop else len(sentence.text)
    return _Sentence(sentence.field, sentence.text[verb.start() : end], sentence.start + verb.start())


def _sentences(document: OfficialText, name: str) -> list[_Sentence]:
    text: str = (getattr(document, name) or "")[:BODY_CHARS]
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    return [_Sentence(name, text[start:end], start) for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]


_Target = tuple[_Sentence, str, str, date | None, int]


def _only_targets(document: OfficialText, sentences: list[_Sentence]) -> list[_Target]:
    """The one document that the sentences name, or a list of them in one breath; none where it could be either."""
    numbers = _unique(target for sentence in sentences for target in _numbers(document, sentence))
    citations = _unique(target for sentence in sentences for target in _citations(document, sentence))
    days = _unique(target for sentence in sentences for target in _days(document, sentence))
    day = days[0][3] if len(days) == 1 else None
    strongest = numbers or citations
    if len(strongest) == 1:
        is_doubtful = len(citations) > 1 or len(numbers) > 1
        return [] if is_doubtful else [(*strongest[0][:3], day, strongest[0][4])]
    if strongest:
        return [(*target[:3], day, target[4]) for target in strongest] if _is_list(strongest) else []
    return days if len(days) == 1 else []


def _unique(targets: Iterator[_Target]) -> list[_Target]:
    return list({(one[1], one[2]): one for one in reversed(list(targets))}.values())[::-1]


def _is_list(targets: list[_Target]) -> bool:
    """Whether the targets follow each other with nothing between them: "at 88 FR 73458 and 88 FR 73424"."""
    for one, other in pairwise(targets):
        if one[0] is not other[0] or one[1] != other[1]:
            return False
        between = re.sub(r"(?:\d+\s+FR\s+|FR\s+Doc\S*\s+)\S+$", "", one[0].text[one[4] : other[4]])
        if not _LISTED.fullmatch(between):
            return False
    return True


def _numbers(document: OfficialText, sentence: _Sentence) -> Iterator[_Target]:
    for match in _NUMBER.finditer(sentence.text):
        number = re.sub(r"[\u2010-\u2013]", "-", match[1])
        if number not in document.own_names:
            yield sentence, "fr_document", number, None, match.end()


def _citations(document: OfficialText, sentence: _Sentence) -> Iterator[_Target]:
    for match in _CITATION.finditer(sentence.text):
        citation = f"{match[1]} FR {match[2].replace(',', '')}"
        # Volume 89 is the year 2024: what appears later is not acted on.
        is_later = document.published_date is not None and int(match[1]) + 1935 > document.published_date.year
        if citation not in document.own_names and not is_later:
            yield sentence, "fr_citation", citation, None, match.end()


def _days(document: OfficialText, sentence: _Sentence) -> Iterator[_Target]:
    for match in _PUBLISHED.finditer(sentence.text):
        group = next(name for name in ("after", "before", "of", "dated") if match[name])
        day = _read_day(match[group])
        if day and (document.published_date is None or day < document.published_date):
            yield sentence, "fr_published", day.isoformat(), day, match.end()


def _read_day(text: str) -> date | None:
    """A printed day; None for one that no calendar has."""
    month = next(number for number, name in enumerate(MONTHS, 1) if text.startswith(name))
    day, year = (int(number) for number in re.findall(r"\d+", text))
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _reference(relation: str, sentence: _Sentence, scheme: str, value: str, day: date | None, end: int) -> Reference:
    """The sentence is quoted; of a long one, what leads up to the target."""
    lead = len(sentence.text) - len(sentence.text.lstrip())
    stop = len(sentence.text.rstrip())
    if stop - lead > MAX_QUOTE_CHARS:
        stop = end
    if stop - lead > MAX_QUOTE_CHARS:
        lead = sentence.text.index(" ", stop - MAX_QUOTE_CHARS) + 1
    return Reference(
        relation=relation,
        target_scheme=scheme,
        target_value=value,
        target_date=day,
        field=sentence.field,
        quote=sentence.text[lead:stop],
        quote_start=sentence.start + lead,
    )


def _carries_out(document: OfficialText) -> Iterator[Reference]:
    """Orders that an agency says it carries out; what the President's own documents act on is in their notes."""
    if document.document_type == "Presidential Document":
        return
    for name, chars in (("title", BODY_CHARS), ("abstract", BODY_CHARS), ("body", OPENING_CHARS)):
        text: str = (getattr(document, name) or "")[:chars]
        for match in _CARRIES_OUT.finditer(text):
            for number in re.findall(r"\d{5}", match["orders"] or match["subject"]):
                if number not in ORDERS_ON_RULEMAKING:
                    yield Reference("implements", "eo", number, None, name, match[0], match.start())

"""Is a document about artificial intelligence, and which sentence says so.

Belongs here: the judgement 0 (absent or incidental), 1 (a substantive part), 2 (a main subject) from title, abstract
and body. The words are data: `dbt/seeds/relevance_terms.csv` (kinds below). Does not belong here: reading the
warehouse, topics, what to fetch (that is the candidate gate).

How a document is read: one alternation over all terms finds the few documents that hold any (vectorised); these are
then read field by field, the body only where title and abstract leave it open. Terms are consumed left to right, other
meanings first, so that "American Indian/Alaska Native (AI/AN)" leaves no "AI" behind.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.enrich.seeds import SEEDS, Row, Validity, seed_rows

EXTRACTOR_VERSION = "relevance/7"
SEED = SEEDS / "relevance_terms.csv"
MAX_QUOTE_CHARS = 400
ABSENT, PART, MAIN = 0, 1, 2
NO_TERM = "no_term"
FIELDS = ("title", "abstract", "body")

KINDS = (
    "other_meaning",
    "name_only",
    "core",
    "method",
    "paired",
    "abbreviation",
    "cap",
    "support",
    "hint",
    "other_domain",
)
"""other_meaning: what an abbreviation also stands for. name_only: bodies that sign for other subjects; of
level 0 where the name is no signal anywhere. core: AI by
name. method: AI by name, or only how a study was done. paired: AI only together with ``requires``, which the publisher
may meet. abbreviation: counts when supported, and as a word of a title. cap: limits the judgement. support: context in
which an abbreviation means AI. hint: the same, but too weak in an other_domain: a field where it more likely means
something else."""
_MENTIONED = KINDS[:6]
_COLUMNS = ("term", "kind", "pattern", "requires", "level", "jurisdiction", "valid_from", "valid_to")

MIN_BODY_MENTIONS = 2
BODY_PART_DENSITY = 1 / 750
BODY_MAIN_DENSITY = 1 / 150
"""Mentions a word from which a body that alone names AI makes it a part, or the main subject."""
BODY_PART_MENTIONS = 15
"""Mentions from which AI is a part of a body however long: a named part of a rule of hundreds of pages."""

OUTPUT_SCHEMA: dict[str, Any] = {
    "source_id": pl.String,
    "document_id": pl.String,
    "version_no": pl.Int64,
    "extractor_version": pl.String,
    "vocabulary_sha256": pl.String,
    "relevance": pl.Int64,
    "rule": pl.String,
    "matched_terms": pl.List(pl.String),
    "quote": pl.String,
    "quote_start": pl.Int64,
    "quote_field": pl.String,
}
_KEY = ("source_id", "document_id", "version_no")
_JUDGED = ("relevance", "rule", "matched_terms", "quote", "quote_start", "quote_field")

CONTEXT_CHARS = 5_000
"""How far into the body one looks for what an abbreviation of the title stands for: it is defined at its first use."""
_DEFINITION = re.compile(r"\(\s?(?:the )?[\"“”'‘’`]{0,2}(AI|SI)s?[\"“”'‘’`]{0,2}[\s,;)]")
_DEFINED_WITHIN = 60
_INSTRUMENT = re.compile(r"\b(?:using|via|through|with|by|employing|applying)\s+(?:[\w-]+\s+){0,4}$", re.I)
_STUDY = re.compile(
    r"(?<!\bthat )(?<!\bwhich )(?<!\bwho )\b(?:(?:was|were|(?:has|have|had)\s+been)\s+"
    r"(?:\w+ly\s+)?\w+(?:ed|en|ne|wn|lt|de)|(?:is|are|(?:will|can|may)\s+be)\s+(?:\w+ly\s+)?"
    r"(?:analy[sz]ed|processed|coded|segmented|classified|imputed|estimated|extracted|annotated|modell?ed|mapped"
    r"|measured|categori[sz]ed|clustered|transcribed|calibrated))"
    r"\s+(?:\w+ly\s+)?(?:using|via|through|with|by)\s+(?:[\w-]+\s+){0,4}$"
    r"|\b(?:we|(?:the|our|this)\s+(?:authors?|study|researchers?|analys[ie]s|paper|survey|team)|(?:estimates|analyses"
    r"|projections|methods|researchers|imputations))\s+"
    r"(?:(?:have|has|then|also|will)\s+)?(?:use[ds]?|appl(?:y|ied|ies)|employ(?:s|ed)?)\s+(?:[\w-]+\s+){0,4}$",
    re.I,
)
"""How a study reports its method: "data were analysed using ...", "responses will be coded with ...", "we used ..."."""
_TO_PROCESS = (
    r"to\s+(?:\w+ly\s+)?(?:code|classify|impute|edit|estimate|transcribe|tabulate|match|link|de-?duplicate"
    r"|categori[sz]e|annotate|clean|extract|sort|segment|interpolate|map)\b"
)
_PROCESSES = re.compile(rf"[\w\s-]{{0,40}}?\b{_TO_PROCESS}", re.I)
_IS_USED = re.compile(
    rf"(?:\s+[\w-]+){{0,2}}?\s+(?:(?:will|may|can)\s+be|is|are|was|were)\s+(?:used|applied)\s+{_TO_PROCESS}", re.I
)
_USED = re.compile(
    r"\b(?:us(?:e[sd]?|ing)|appl(?:y|ies|ied|ying)|employ(?:s|ed|ing)?|rel(?:y|ies)\s+on)\s+(?:[\w-]+\s+){0,3}$", re.I
)
"""Around a method that only works on the data of something else: "will use ... to code write-in answers"."""
_MAKES = re.compile(
    r"[\w\s-]{0,40}?\bto\s+(?:\w+ly\s+)?(?:generate|create|fabricate|modify|manipulate|alter|synthesi[sz]e)\b", re.I
)
"""Behind a method that makes or forges content: then it is what the text is about."""
_COMMENTED_WITH = re.compile(
    r"\b(?:commenters?|commentors?|submitters?)\s+(?:\w+\s+){0,4}?(?:us(?:ed|ing)|rel(?:y|ied)\s+on|employed|turned\s+to)"
    r"\s+(?:[\w-]+\s+){0,4}$"
    r"|\b(?:comments?|submissions?|letters?),?\s+(?:(?!about\b|concerning\b|on\b|regarding\b)\w+,?\s+){0,6}?"
    r"(?:was|were|been|of\s+(?:them|which))\s+(?:\w+ly\s+)?(?:composed|created|drafted|generated|prepared|produced|written)"
    r"\s+(?:\w+\s+){0,4}?(?:by|with|using|through|of)\s+(?:[\w-]+\s+){0,4}$",
    re.I,
)
_COMMENTS_BEHIND = re.compile(
    r"(?:[\s-]+(?:tools?|systems?|bots?|software))?[\s-]+(?:assisted|composed|drafted|generated|produced|written)\s+(?:\w+\s+){0,2}"
    r"(?:comments?|comment\s+letters?|submissions?)\s+(?:was|were)\b",
    re.I,
)
"""Around what somebody wrote a comment with, as is reported of them: "one commenter used ...", "comments were drafted
with ..."; a law on such comments is about them."""
_EXAMPLE = re.compile(r"\b(?:including|such as)\b", re.I)
_LISTED_BEFORE = re.compile(r"\w,\s+(?:and\s+|or\s+)?(?:[\w-]+\s+){0,3}$")
_LISTED_AFTER = re.compile(r"(?:\s+[\w-]+){0,4},\s+(?:(?:and|or)\s+[\w-]+|[\w-]+(?:\s+[\w-]+){0,3},)")
"""Around one member in the middle of a list: "smart devices, artificial intelligence, and sensors"."""
_LISTS_MORE = re.compile(r"(?:\s+[\w-]+){0,2},\s+[\w-]+(?:\s+[\w-]+){0,3},?\s+(?:and|or)\s+[\w-]+")
_TALK = re.compile(r"\b(?:discuss|hear|deliberat|debat|review|consider|ask|brief|cover|includ|inquir)\w*\b", re.I)
"""Behind the first of a list, and what makes it an agenda: "will discuss artificial intelligence, roads and rail"."""
_LISTED_LAST = re.compile(r"\w,\s+[\w-]+(?:\s+[\w-]+){0,3},?\s+(?:and|or)\s+(?:[\w-]+\s+){0,2}$")
"""Before the last of a list: "roads, rail, and"."""
_PURPOSE = re.compile(r"\bpurpose\b", re.I)
_LIST_CHARS = 300
"""How far around a mention one looks for its list."""
MIN_LIST_MARKS = 2
"""Semicolons from which a sentence is an agenda: what it names is one part among others."""
_SENTENCE_END = re.compile(r"(?<![A-Z])(?<!\bNo)(?<!\bInc)[.!?][\"”')\]]*\s+(?=[\"“'(\[]*[A-Z0-9])|\n+")
_WORD = re.compile(r"\w+")
_COMPANY = re.compile(r",?\s+(?:Inc|Incorporated|LLC|L\.L\.C|Ltd|Limited|Corp|Corporation|Co|PLC|GmbH|SA|LP)\b")
_COMPANY_NAME = re.compile(rf"(?:[ ][A-Z][\w&-]*){{1,3}}{_COMPANY.pattern}")
_CODE_BEFORE = re.compile(r"\b(?:form|schedule|class|type|part|section|appendix|annex|series|docket|no\.?)\s+$", re.I)
_BARE = ("AI", "AIs", "SI")
_DOTTED_BEFORE = re.compile(r"(?:\A|\b(?:about|using|and|on|in|the|with)\s)\Z", re.I)
_DOTTED_AFTER = re.compile(r"\s+(?!v\b)[a-z]|['\u2019]s\b")
"""Around "A.I." as a word of a title, which could be somebody's initials: "A.I. and the workforce"."""
_CODE_AFTER = re.compile(r"[-/]?\d")


@dataclass(frozen=True)
class Term:
    """One row of the vocabulary."""

    term: str
    kind: str
    pattern: str
    requires: re.Pattern[str] | None
    level: int
    jurisdiction: str | None
    validity: Validity
    is_cased: bool
    """Whether it is matched as written; the others in any case."""

    def holds(self, published: date | None, jurisdiction: str | None) -> bool:
        """Whether the term means AI at that day and place; a limited term never holds for an unknown day or place."""
        if self.jurisdiction and not (jurisdiction or "").startswith(self.jurisdiction):
            return False
        return self.validity.holds(published)


@dataclass(frozen=True)
class Mention:
    """One term found in one field."""

    term: Term
    field: str
    start: int
    end: int


@dataclass(frozen=True)
class Verdict:
    """The judgement of one document."""

    relevance: int
    rule: str
    mentions: tuple[Mention, ...] = ()


class Vocabulary:
    """The terms, compiled once. Raises BadSeed for a row that cannot be meant, and for an empty file."""

    def __init__(self, path: Path = SEED) -> None:
        self.sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        self.terms = [_read_term(row) for row in seed_rows(path, _COLUMNS)]
        self._ordered = sorted(
            (term for term in self.terms if term.kind in _MENTIONED), key=lambda term: KINDS.index(term.kind)
        )
        self._detectors = [(term.is_cased, re.compile(_uncased(term.pattern))) for term in self._ordered]
        self._finders: dict[tuple[int, ...], re.Pattern[str]] = {}
        self._caps = [(term, re.compile(term.pattern)) for term in self.terms if term.kind == "cap"]
        self._contexts = {kind: self._compiled(kind) for kind in ("support", "hint", "other_domain")}
        signals = (term.pattern for term in self.terms if term.kind in _MENTIONED and term.kind != "other_meaning")
        self.signal = "|".join(f"(?:{pattern})" for pattern in signals).replace(r"\b", r"(?-u:\b)")
        """The alternation in the dialect of Polars: holds wherever any term that can mean AI stands."""

    def mentions(self, field: str, text: str) -> Iterator[Mention]:
        """Every term of a text, other meanings included, left to right without overlap."""
        present = self._present(text)
        for match in self._finder(present).finditer(text) if present else ():
            yield Mention(self._ordered[int(str(match.lastgroup)[1:])], field, *match.span())

    def _present(self, text: str) -> tuple[int, ...]:
        """The terms that stand anywhere in a text. In small letters each is found by its first letters, 20 times as
        fast as all of them at once in any case; few are there.
        """
        small = text.lower()
        return tuple(
            number
            for number, (is_cased, pattern) in enumerate(self._detectors)
            if pattern.search(text if is_cased else small)
        )

    def _finder(self, present: tuple[int, ...]) -> re.Pattern[str]:
        """One alternation over some terms, in their order."""
        if present not in self._finders:
            self._finders[present] = re.compile("|".join(f"(?P<t{n}>{self._ordered[n].pattern})" for n in present))
        return self._finders[present]

    def is_context(self, kind: str, text: str) -> bool:
        """Whether a text is the context that a kind of term describes: support, hint or other_domain."""
        return any(
            pattern.search(text) and (requires is None or requires.search(text))
            for requires, pattern in self._contexts[kind]
        )

    def _compiled(self, kind: str) -> list[tuple[re.Pattern[str] | None, re.Pattern[str]]]:
        return [(term.requires, re.compile(term.pattern)) for term in self.terms if term.kind == kind]

    def cap(self, text: str) -> Term | None:
        """The first term that limits a document with this title."""
        return next((term for term, pattern in self._caps if pattern.search(text)), None)


def judge(frame: pl.DataFrame, vocabulary: Vocabulary | None = None) -> pl.DataFrame:
    """Judge documents for AI relevance.

    Needs source_id, document_id, version_no, title, abstract, body, published_date and jurisdiction; reads ``origin``
    where there is one: who publishes and which parts of the regulations are touched, as one text. Gives one row for
    each, in the same order, with the columns of enriched.relevance. ``quote`` is the deciding sentence, cut at 400
    characters; it stands at ``quote_start`` of the field ``quote_field``.
    """
    words = vocabulary or Vocabulary()
    holds = pl.any_horizontal(pl.col(name).str.contains(words.signal).fill_null(value=False) for name in FIELDS)
    keyed = frame.with_row_index("row").with_columns(holds.alias("holds_term"))
    judged = [
        _row(record, judge_document(record, words)) for record in keyed.filter("holds_term").iter_rows(named=True)
    ]
    schema = {"row": pl.UInt32, **{name: OUTPUT_SCHEMA[name] for name in _JUDGED}}
    results = pl.DataFrame(judged, schema=schema, orient="row")
    return (
        keyed.select("row", *_KEY)
        .join(results, on="row", how="left", maintain_order="left")
        .with_columns(
            pl.col("relevance").fill_null(0),
            pl.col("rule").fill_null(NO_TERM),
            pl.col("matched_terms").fill_null(pl.lit([], dtype=pl.List(pl.String))),
            pl.lit(EXTRACTOR_VERSION).alias("extractor_version"),
            pl.lit(words.sha256).alias("vocabulary_sha256"),
        )
        .select(pl.col(name).cast(kind) for name, kind in OUTPUT_SCHEMA.items())
    )


def judge_document(record: dict[str, Any], words: Vocabulary) -> Verdict:
    """Judge one document: a dict with title, abstract, body, published_date, jurisdiction and perhaps origin."""
    texts = {name: record[name] for name in FIELDS if record[name]}
    body = texts.get("body", "")
    listed = {name: text for name, text in texts.items() if name != "body"}
    verdict = _judge_texts(listed, body[:CONTEXT_CHARS], record, words)
    if verdict.relevance or not body:
        return verdict
    whole = _judge_texts(texts, "", record, words)
    return whole if whole.relevance or verdict.rule == NO_TERM else verdict


def _judge_texts(texts: dict[str, str], context: str, record: dict[str, Any], words: Vocabulary) -> Verdict:
    """Judge by some fields; ``context`` is only asked what abbreviations stand for."""
    found = [
        mention
        for name, text in texts.items()
        for mention in words.mentions(name, text)
        if mention.term.holds(record["published_date"], record["jurisdiction"])
    ]
    signals = [mention for mention in found if mention.term.kind != "other_meaning" and mention.term.level]
    if not signals:
        return Verdict(ABSENT, "other_meaning" if found else NO_TERM)
    whole, origin = "\n".join((*texts.values(), context)), record.get("origin") or ""
    setting = f"{whole}\n{origin}"
    pairs = {m.term.term: m.term.requires for m in signals if m.term.kind == "paired"}
    unmet = {name for name, requires in pairs.items() if not (requires and requires.search(setting))}
    paired = [m for m in signals if m.term.term not in unmet]
    kept = paired
    if any(mention.term.kind == "abbreviation" for mention in paired):
        head = "\n".join((texts.get("title", ""), texts.get("abstract", ""), origin))
        is_ai = _means_ai([*found, *words.mentions("context", context)], whole, head, words)
        is_consortium = words.cap(texts.get("title", "")) is not None
        kept = [
            m
            for m in paired
            if m.term.kind != "abbreviation"
            or (
                is_ai
                and _stands_alone(texts[m.field], m)
                and (is_consortium or not _heads_a_company(texts[m.field], m))
            )
        ]
    if not kept:
        return Verdict(ABSENT, "unsupported_abbreviation" if paired else "unpaired")
    return _capped(_weigh(kept, texts), texts.get("title", ""), words)


def _weigh(mentions: Sequence[Mention], texts: dict[str, str]) -> Verdict:
    """The strongest field decides: title, then abstract, then body.

    A title that names a mere part gives way to an abstract that is about AI, but where it names a fixed borderline.
    """
    told = [one for one in mentions if one.field == "title" or not _wrote_comments(one, texts[one.field])]
    if not told:
        return Verdict(ABSENT, "incidental_comments", tuple(mentions))
    mentions = told
    in_title = [mention for mention in mentions if mention.field == "title"]
    if in_title and max(mention.term.level for mention in in_title) == MAIN:
        return Verdict(MAIN, "title", _ranked(in_title))
    in_abstract = [mention for mention in mentions if mention.field == "abstract"]
    verdict = _weigh_abstract(in_abstract, texts["abstract"]) if in_abstract else None
    if in_title:
        is_whole = all(mention.term.kind != "paired" for mention in in_title)
        is_main = is_whole and verdict is not None and verdict.relevance == MAIN
        return verdict if verdict and is_main else Verdict(PART, "title_part", _ranked(in_title))
    if verdict and verdict.relevance:
        return verdict
    in_body = [mention for mention in mentions if mention.field == "body"]
    return _weigh_body(in_body, texts["body"]) if in_body else verdict or Verdict(ABSENT, NO_TERM)


def _weigh_abstract(mentions: Sequence[Mention], abstract: str) -> Verdict:
    named = [mention for mention in mentions if mention.term.kind != "name_only"]
    if not named:
        return Verdict(ABSENT, "incidental_name", tuple(mentions))
    if all(mention.term.kind == "method" for mention in named) and _is_instrument(named[0], abstract):
        return Verdict(ABSENT, "incidental_method", tuple(named))
    is_main = max(mention.term.level for mention in named) == MAIN and _is_about(named, abstract)
    return Verdict(MAIN, "abstract", _ranked(named)) if is_main else Verdict(PART, "abstract_part", _ranked(named))


def _wrote_comments(mention: Mention, text: str) -> bool:
    """Whether a mention is only what comments on a text were written with."""
    near = text[max(0, mention.start - _LIST_CHARS) : mention.start]
    return bool(_COMMENTED_WITH.search(near) or _COMMENTS_BEHIND.match(text, mention.end))


def _is_instrument(mention: Mention, abstract: str) -> bool:
    """Whether a method is only how something else is done: "... identified using machine learning techniques".

    Asked of the first mention: later ones refer back to it. A first sentence tells the subject, so there it must be
    told the way a study tells its method.
    """
    sentence_start = _sentence_span(abstract, mention)[0]
    before = abstract[sentence_start : mention.start]
    if _MAKES.match(abstract, mention.end):
        return False
    if _IS_USED.match(abstract, mention.end) or (_USED.search(before) and _PROCESSES.match(abstract, mention.end)):
        return True
    return bool(_STUDY.search(before) or (sentence_start > 0 and _INSTRUMENT.search(before)))


def _is_about(mentions: Sequence[Mention], abstract: str) -> bool:
    """Whether the abstract is about AI: its first sentence, its sentence of purpose or several sentences name it."""
    start, end = _sentence_span(abstract, mentions[0])
    if mentions[-1].start >= end:
        return True
    sentence = abstract[start:end]
    before, after = abstract[start : mentions[0].start], abstract[mentions[-1].end : end]
    is_member = len(mentions) == 1 and _is_listed(before, after)
    is_aside = sentence.count(";") >= MIN_LIST_MARKS or _EXAMPLE.search(before) or is_member
    return not is_aside and (start == 0 or bool(_PURPOSE.search(sentence)))


def _is_listed(before: str, after: str) -> bool:
    """Whether the words around a mention make it one of three or more; the first is the subject of all but talks."""
    near = before[-_LIST_CHARS:]
    return bool(
        (_LISTED_BEFORE.search(near) and _LISTED_AFTER.match(after))
        or _LISTED_LAST.search(near)
        or (_LISTS_MORE.match(after) and _TALK.search(near))
    )


def _weigh_body(mentions: Sequence[Mention], body: str) -> Verdict:
    named = [mention for mention in mentions if mention.term.kind != "name_only"]
    density = len(named) / max(len(_WORD.findall(body)), 1)
    is_part = len(named) >= BODY_PART_MENTIONS or (len(named) >= MIN_BODY_MENTIONS and density >= BODY_PART_DENSITY)
    if not is_part:
        return Verdict(ABSENT, "incidental_body", tuple(mentions))
    is_main = density >= BODY_MAIN_DENSITY and max(mention.term.level for mention in named) == MAIN
    return Verdict(MAIN, "body", _ranked(named)) if is_main else Verdict(PART, "body_part", _ranked(named))


def _capped(verdict: Verdict, title: str, words: Vocabulary) -> Verdict:
    cap = words.cap(title)
    if cap is None or verdict.relevance <= cap.level:
        return verdict
    return Verdict(cap.level, cap.term.replace(" ", "_"), verdict.mentions)


def _means_ai(mentions: Sequence[Mention], text: str, head: str, words: Vocabulary) -> bool:
    """Whether abbreviations of a document stand for AI: nothing else is meant, and something says that AI is.

    A title that uses one as a word, unexplained, counts on its readers to know it. That says so, as a mere hint does,
    outside the fields (told from ``head``: title, abstract and origin) whose readers know another.
    """
    if any(mention.term.kind == "other_meaning" for mention in mentions) or _is_defined_otherwise(text):
        return False
    if any(mention.term.kind in ("core", "method") for mention in mentions) or words.is_context("support", text):
        return True
    if words.is_context("other_domain", head):
        return False
    return words.is_context("hint", text) or any(_is_title_word(head, mention) for mention in mentions)


def _is_title_word(head: str, mention: Mention) -> bool:
    """Whether the title, with which ``head`` begins, uses AI or SI as a word: not initials, "(AI)" or a code."""
    if mention.field != "title" or mention.term.kind != "abbreviation" or not _stands_alone(head, mention):
        return False
    before, after = head[: mention.start], head[mention.end :]
    if head[mention.start : mention.end] not in _BARE:
        return head[mention.start : mention.end] == "A.I." and bool(
            _DOTTED_BEFORE.search(before) and _DOTTED_AFTER.match(after)
        )
    is_explained = before.endswith("(") and after.startswith(")")
    return not (is_explained or _CODE_BEFORE.search(before) or _CODE_AFTER.match(after))


def _is_defined_otherwise(text: str) -> bool:
    """Whether "(AI)" follows words with its initials that are not artificial intelligence: "Acme Industries (AI)"."""
    for match in _DEFINITION.finditer(text):
        before = _WORD.findall(text[max(0, match.start() - _DEFINED_WITHIN) : match.start()].lower())[-5:]
        if not before or "intelligen" in before[-1]:
            continue
        first = match[1][0].lower()
        if before[-1][0] == "i" and any(word[0] == first for word in before[:-1]):
            return True
        if any(one[0] == first and two[0] == "i" for one, two in pairwise(before[-3:])):
            return True
    return False


def _stands_alone(text: str, mention: Mention) -> bool:
    """Not the tail of a domain, product or company name such as "C3.AI", "x@AI" or "Example AI, Inc."."""
    is_tail = mention.start > 0 and text[mention.start - 1] in ".@_"
    return not is_tail and not _COMPANY.match(text, mention.end)


def _heads_a_company(text: str, mention: Mention) -> bool:
    """Whether it begins the name of a company, such as "AI Example, LLC"; of a consortium that tells its subject."""
    return bool(_COMPANY_NAME.match(text, mention.end))


def _ranked(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Strongest first, then as they stand: the first one is quoted."""
    return tuple(sorted(mentions, key=lambda mention: (-mention.term.level, mention.start)))


def _sentence_span(text: str, mention: Mention) -> tuple[int, int]:
    start, end = 0, len(text)
    for boundary in _SENTENCE_END.finditer(text):
        if boundary.end() <= mention.start:
            start = boundary.end()
        elif boundary.start() >= mention.end:
            end = boundary.end()
            break
    return start, end


def _quote(text: str, mention: Mention) -> tuple[str, int]:
    """The sentence around a mention, cut to 400 characters around it, and where it starts."""
    start, end = _sentence_span(text, mention)
    if end - start > MAX_QUOTE_CHARS:
        start = max(start, min(mention.start - MAX_QUOTE_CHARS // 2, end - MAX_QUOTE_CHARS))
        end = min(end, start + MAX_QUOTE_CHARS)
    quote = text[start:end]
    return quote.strip(), start + len(quote) - len(quote.lstrip())


def _row(record: dict[str, Any], verdict: Verdict) -> tuple[Any, ...]:
    terms = list(dict.fromkeys(mention.term.term for mention in verdict.mentions))
    if not verdict.mentions:
        return (record["row"], verdict.relevance, verdict.rule, terms, None, None, None)
    first = verdict.mentions[0]
    quote, start = _quote(record[first.field], first)
    return (record["row"], verdict.relevance, verdict.rule, terms, quote, start, first.field)


def _read_term(row: Row) -> Term:
    if row["kind"] not in KINDS:
        raise row.refused("kind", f"one of {', '.join(KINDS)}")
    pattern, requires = _cased(row.pattern()), row.pattern_if_any("requires")
    if row["kind"] in _MENTIONED:
        row.quick_pattern("pattern", pattern)
    return Term(
        term=row["term"],
        kind=row["kind"],
        pattern=pattern,
        requires=re.compile(_cased(requires)) if requires else None,
        level=row.number("level"),
        jurisdiction=row["jurisdiction"] or None,
        validity=row.validity(),
        is_cased=_is_cased(row["pattern"]),
    )


def _is_cased(pattern: str) -> bool:
    return bool(re.search(r"[A-Z]", re.sub(r"\\.", "", pattern)))


def _cased(pattern: str) -> str:
    """Patterns that hold a capital are matched as written; everything else in any case."""
    return pattern if _is_cased(pattern) else f"(?i:{pattern})"


def _uncased(pattern: str) -> str:
    """What `_cased` made, for a text in small letters."""
    return pattern if _is_cased(pattern) else pattern.removeprefix("(?i:").removesuffix(")")

"""Relations stated by the official disposition notes of presidential documents.

Belongs here: the grammar of those notes ("Revokes: EO 13673, July 31, 2014; ... Revoked by: ...") in every spelling the
Federal Register has used. Does not belong here: relations found in prose, direction changes, matching of targets to
documents. Printed content is never corrected (a wrong number or year stays as printed); only its form is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipelines.enrich.words import MONTHS

EXTRACTOR_VERSION = "dispositions/6"
MAX_QUOTE_CHARS = 400

_MONTH = rf"(?:{'|'.join(MONTHS)}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b)"
_DATE = (
    rf"(?:{_MONTH}\.?,?\s+\d{{1,2}}\s*,?\s*\d{{4}}|\d{{1,2}}\s+{_MONTH}\.?,?\s+\d{{4}}"
    r"|\d{1,2}/\s?\d{1,2}/\s?\d{2,4})(?!\d)"
)
_LINK = r"(?:\s*,\s*|\s+)(?:of\s+|dated\s+)?"
"""What stands between a target and its date: "EO 13673, July 31, 2014", "EO 13673 of July 31, 2014"."""

_VERBS = {
    "amend": "amend", "revok": "revoke", "rescind": "revoke", "supersed": "supersede", "continu": "continue",
    "reinstat": "reinstate", "suspend": "suspend",
}  # fmt: skip
_RELATIONS = {
    "amend": ("amends", "amended_by"),
    "revoke": ("revokes", "revoked_by"),
    "supersede": ("supersedes", "superseded_by"),
    "continue": ("continues", "continued_by"),
    "reinstate": ("reinstates", "reinstated_by"),
    "suspend": ("suspends", "suspended_by"),
}
RELATIONS = frozenset({name for pair in _RELATIONS.values() for name in pair} | {"see", "other"})
"""The closed list of relations a note may state; ``other`` is one stated in a free-text note."""

_VERB = rf"(?:{'|'.join(_VERBS)})"
_SECTIONS = r"sections?\s+\d[\w.()]{0,12}(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+)[\w.()]{1,12}){0,6}"
_NUMBER = r"\d{1,2}(?!\d)(?:\(\w{1,4}\)){0,4}"
_NUMBERS = rf"{_NUMBER}(?:\s*(?:-|\u2013|,\s*and|,|and|&|through|to)\s*{_NUMBER}){{0,8}}"
_PROVISIONS = rf"(?:(?:secs?|paras?|pts?)\b\.?|(?:sections?|paragraphs?|parts?|titles?)\b|\u00a7{{1,2}})\s*{_NUMBERS}"
_PROVISION = rf"(?:\s*\(\s*{_PROVISIONS}\s*\)|\s*,?\s*{_PROVISIONS})"
"""What of a target is meant, printed behind it: "EO 13807 (secs. 5-7)"."""
_PART = r"(?:\(\s*in\s+part\s*\)|in\s+part\b)"
_KIND = (
    r"(?:E\.?\s?O\b\.?(?:['\u2019]?s\b)?|EOs\b|Executive\s+Orders?\b"
    r"|Proc(?:s|lamations?)?\b|Memo(?:s|randa|randums?)?\b|Notices?\b)"
)
_PLURAL = re.compile(r"(?:s|Nos)\.?\s*:?\s*\Z")
_TOKEN = re.compile(
    rf"""
    (?P<aside>\bas\s+(?:\w+\s+)?{_VERB}ed\b)
  | (?P<label>
        \b(?P<partially>(?:partially|partly|{_SECTIONS})\s+)?
        (?P<verb>{_VERB})(?P<ending>s|es|ed?|)\b
        (?:\s+(?:and|or)\s+(?P<verb2>{_VERB})(?:s|es|ed?|)\b)?
        (?P<part1>,?\s+{_PART},?)?
        (?:\s+(?P<by>by)\b)?
        (?P<part2>\s+{_PART})?
        (?:\s+{_SECTIONS}\s+of)?
        (?:[^:;.\n\d]{{0,60}}?:|(?=;?\s+{_KIND}))
      | \b(?P<see>s?ee(?=\s*:)|see(?=\s+{_KIND})|see\s+also)\b\s*:?
      | \b(?P<note>notes?)\s*:
      | \b(?P<unknown>[A-Z][A-Za-z]+(?:\s+\(?[a-z]+\)?){{0,4}})\s*:
    )
  | (?P<citation>(?:\(\s?)?\b\d{{1,3}}\s+F\.?R\.?\s+\d+(?:,\d{{3}}(?!\d))?(?:\s*,\s*{_DATE})?\s*\)?)
  | (?P<effective>\beff(?:\.|ective)\s*{_DATE})
  | (?P<in_part>{_PART})
  | (?:
        (?:\b(?:E{{1,2}}\.?\s?[OP]\.?(?P<several>['\u2019]?s\b)?|(?P<spelled_out>Executive\s+Orders?))(?:\s*(?:No|(?P<nos>Nos))\.)?|(?P<proclamation>\bProc(?:lamations?|s?\.|\b)(?:\s*No\.)?))
        \s*(?P<number>\d{{1,2}},\d{{3}}(?!\d)|\d{{1,5}}(?:-[A-Z]|[A-Z]\b)?)(?!\d)
      | \b(?:Presidential|Pres\.)\s+(?:Determination|Det\.)\s*(?:No\.?\s*)?(?P<determination>\d{{2,4}}-\d+)
      | \bP\.?D\.?\s*(?:No\.?\s*)?(?P<determination2>\d{{2,4}}-\d+)
      | (?P<bare>\b(?:\d{{4,5}}|\d{{1,2}},\d{{3}}))(?={_LINK}{_DATE})
    )
    (?P<provision>{_PROVISION})?
    (?:{_LINK}(?P<target_date>{_DATE}))?
  | \b(?P<dated>(?:Presidential\s+)?(?:Memoranda|Memorandums?|Memo\b\.?|Notices?))
    (?:\s*,\s*|\s+)(?:of\s+|dated\s+)?(?P<own_date>{_DATE})
  | (?P<date>{_DATE})
  | \b(?P<listed>\d{{1,2}},\d{{3}}|\d{{4,5}}(?:-[A-Z])?)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SEPARATORS = re.compile(
    r"(?:\bsecs?\.|\bsections?\b|\u00a7+)\s*\d{1,2}\b(?:\(\w{1,4}\)|(?:,|,?\s+and)\s+\d{1,2}\b){0,8}|[\s;,:.()&]|\band\b",
    re.IGNORECASE,
)
"""What may stand between targets, a provision of one too."""
_RANGE = re.compile(r"\A\s*(?:-|\u2013|through|to)\s*\Z")
"""Between the first and the last of several orders, of which no other is printed."""


@dataclass(frozen=True)
class Disposition:
    """One printed target of a note and the relation stated for it.

    ``quote`` is ``note[quote_start:quote_start + len(quote)]``: from the label to the target, or the target alone where
    the label stands too far in front of it.
    """

    relation: str
    is_partial: bool
    target_scheme: str
    """eo, proclamation, memorandum, notice or presidential_determination."""
    target_value: str
    """A number as printed; for memoranda and notices, which bear none, their ISO date."""
    target_date: date | None
    """The date printed with the target, even where evidently wrong; None when absent or no calendar date."""
    quote: str
    quote_start: int


@dataclass(frozen=True)
class _Label:
    relations: tuple[str, ...]
    is_partial: bool
    start: int
    end: int
    is_note: bool = False


@dataclass(frozen=True)
class _Target:
    scheme: str
    value: str
    day: date | None
    start: int
    end: int


def parse_dispositions(note: str) -> list[Disposition]:
    """Read every target of an official disposition note, in printed order.

    A target inherits the last label before it; text without a target, and targets inside prose, give nothing.
    """
    found: list[tuple[_Label, _Target, bool]] = []
    label: _Label | None = None
    is_list_of_dates = False
    for token, gap in _tokens(note):
        if token["label"]:
            if label is None or not label.is_note or token["label"].endswith(":") or _opens(note, label, token):
                label = _read_label(token, note)
        elif label is None or token["citation"] or token["effective"]:
            continue
        elif token["in_part"]:
            if found and found[-1][0] is label and not gap and not label.is_note:
                found[-1] = (*found[-1][:2], True)
        elif token["date"]:
            if not gap and found and found[-1][0] is label:
                found[-1:] = _dated_further(found[-1], token, note, is_list_of_dates)
        elif token["listed"]:
            previous = found[-1][1] if found and found[-1][0] is label else None
            between = note[previous.end if previous else label.end : token.start()]
            if _SEPARATORS.sub("", _RANGE.sub("", between)) == "":
                found.append((label, _listed(previous, token), label.is_partial))
        elif not (_is_subject(note, token) if label.is_note else gap or _is_heading(token)):
            is_list_of_dates = (token["dated"] or "").lower().endswith(("memoranda", "memorandums", "notices"))
            # Behind an order that acted, a section is its own; behind one that was acted on, what was meant of it.
            is_acted_on = not any(name == "see" or name.endswith("_by") for name in label.relations)
            is_partial = label.is_partial or bool(token["provision"] and is_acted_on)
            found.extend((label, target, is_partial) for target in _read_target(token))
    return [_disposition(note, relation, *entry) for entry in found for relation in entry[0].relations]


def _tokens(note: str) -> Iterator[tuple[re.Match[str], str]]:
    """Everything that tells, each with the unread words in front of it.

    Left out are numbers that no plural leads in, and what amended a target before ("as amended by EO 11511").
    """
    is_list_of_numbers = is_aside = is_behind_order = False
    read_to = 0
    for token in _TOKEN.finditer(note):
        is_long = len(_plain_number(token["listed"] or "")) == 5
        if token["listed"] and not (is_list_of_numbers or (is_behind_order and is_long)):
            continue
        between = note[read_to : token.start()]
        read_to = token.end()
        is_aside = bool(token["aside"]) or (is_aside and not token["label"] and not re.search(r"[;\n]", between))
        if is_aside:
            continue
        if token["label"] or token["number"] or token["dated"]:
            is_behind_order = bool(token["number"] and not token["proclamation"])
            named = token["several"] or token["nos"] or token["spelled_out"] or token["proclamation"]
            is_list_of_numbers = bool(_PLURAL.search(named or _orders_named(token["label"])))
        # What stands before a semicolon is another target, which bears no number of ours.
        yield token, _SEPARATORS.sub("", between.rpartition(";")[2])


def _orders_named(label: str | None) -> str:
    """The orders that a label itself names: "Revokes the following EOs:"."""
    found = re.search(rf"\b{_KIND}\s*:?\s*\Z", label or "", re.IGNORECASE)
    return found[0] if found else ""


def _dated_further(
    entry: tuple[_Label, _Target, bool], token: re.Match[str], note: str, is_list: bool
) -> list[tuple[_Label, _Target, bool]]:
    """A target and what a date behind it adds: another of a list, or its own date behind a lost separator."""
    label, target, _ = entry
    if is_list:
        return [entry, *((label, another, label.is_partial) for another in _another_dated(target, token))]
    if target.day is None and not _has_printed_date(note, target):
        return [(label, _with_date(target, token), entry[2])]
    return [entry]


def _read_label(token: re.Match[str], note: str) -> _Label:
    """The relation a label states; ``other`` for free text and for labels outside the closed list."""
    if token["see"]:
        return _Label(("see",), False, token.start(), token.end())
    if token["note"]:
        text = note[token.end() :].lstrip().split("\n", 1)[0]
        return _Label(("other",), bool(re.search(r"\bin part\b", text)), token.start(), token.end(), is_note=True)
    is_passive, is_past = bool(token["by"]), (token["ending"] or "").lower() == "ed"
    if token["unknown"] or (is_past and not is_passive):
        return _Label(("other",), False, token.start(), token.end())
    verbs = [token[name].lower() for name in ("verb", "verb2") if token[name]]
    relations = tuple(_RELATIONS[_VERBS[verb]][int(is_passive)] for verb in verbs)
    is_partial = bool(token["partially"] or token["part1"] or token["part2"])
    return _Label(relations, is_partial, token.start(), token.end())


def _read_target(token: re.Match[str]) -> Iterator[_Target]:
    start, end = token.span()
    if token["dated"]:
        day = _read_date(token["own_date"])
        if day:
            scheme = "notice" if "notice" in token["dated"].lower() else "memorandum"
            yield _Target(scheme, day.isoformat(), day, start, end)
        return
    day = _read_date(token["target_date"])
    determination = token["determination"] or token["determination2"]
    if determination:
        yield _Target("presidential_determination", determination, day, start, end)
        return
    scheme = "proclamation" if token["proclamation"] else "eo"
    yield _Target(scheme, _plain_number(token["number"] or token["bare"]), day, start, end)


def _another_dated(previous: _Target, token: re.Match[str]) -> Iterator[_Target]:
    """A further date of "Memoranda of March 22, 1995, and March 3, 1998"."""
    day = _read_date(token["date"])
    if day:
        yield _Target(previous.scheme, day.isoformat(), day, token.start(), token.end())


def _listed(previous: _Target | None, token: re.Match[str]) -> _Target:
    """A further number of "EOs 10000, 10001 and 10002", or the first behind a label that names them."""
    return _Target(
        previous.scheme if previous else "eo", _plain_number(token["listed"]), None, token.start(), token.end()
    )


def _plain_number(printed: str) -> str:
    """A number without the comma that parts its thousands."""
    return printed.replace(",", "")


def _has_printed_date(note: str, target: _Target) -> bool:
    return bool(re.search(_DATE, note[target.start : target.end]))


def _with_date(target: _Target, token: re.Match[str]) -> _Target:
    """A target whose date stands behind a lost separator: "EO 14101; June 23, 2023"."""
    return _Target(target.scheme, target.value, _read_date(token["date"]), target.start, token.end())


def _opens(note: str, label: _Label, token: re.Match[str]) -> bool:
    """Whether a note begins with a label, and is no free text: "Note: Suspended in part by EO 13841"."""
    return bool(token["by"] and re.fullmatch(r"notes?\s*:\s*", note[label.start : token.start()], re.IGNORECASE))


def _is_subject(note: str, token: re.Match[str]) -> bool:
    """Whether a free-text note speaks about this target ("EO 13041 is nullified by ...") and not of what acts on it."""
    return bool(re.match(r"\s+(?:is|was|has|are|were)\b", note[token.end() :]))


def _is_heading(token: re.Match[str]) -> bool:
    """Whether this is an order's name in a stray heading: notes write "EO", and a date where they spell one out."""
    is_one = (token["spelled_out"] or "").lower().endswith("r")
    return is_one and not token["target_date"]


def _read_date(text: str | None) -> date | None:
    """A full date; None for two-digit years (the century would be a guess) and days no calendar has."""
    if not text:
        return None
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    if len(numbers) != (3 if "/" in text else 2):
        return None
    if "/" in text:
        month, day, year = numbers
    else:
        name = next(iter(re.findall(r"[A-Za-z]+", text)))[:3].title()
        month, (day, year) = next(place for place, full in enumerate(MONTHS, 1) if full.startswith(name)), numbers
    if year < 1000:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _disposition(note: str, relation: str, label: _Label, target: _Target, is_partial: bool) -> Disposition:
    start = label.start if target.end - label.start <= MAX_QUOTE_CHARS else target.start
    return Disposition(
        relation=relation,
        is_partial=is_partial,
        target_scheme=target.scheme,
        target_value=target.value,
        target_date=target.day,
        quote=note[start : target.end],
        quote_start=start,
    )

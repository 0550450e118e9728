"""Words for values: vocabularies, dates, money, identifiers, and what hostile text becomes before it is shown.

Belongs here: every mapping from a stored value to what a person reads. Does not belong here: escaping for one output
format (render.py) and any choice of what is shown (build.py).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import quote, urlsplit

from pipelines.digest.model import (
    CHECKED,
    ChangeLine,
    CorrectionLine,
    DatedWord,
    DayLook,
    Digest,
    FieldChange,
    MoneySum,
    Reference,
    SourceWeek,
)
from scrapers.contracts import utc_text

SAMPLE_NOTICE = "Made from the bundled sample sources: texts are not official wording; do not cite."
STATEMENTS = "Statements"
STANDING = (
    "Published is what is out and binds on a later day or never. Press releases and speeches are not counted, nor is "
    "what was closed or has ended."
)
"""What the table of statuses counts."""
LATER = "later "
"""Before what happened after the week and is told of it all the same."""
MAX_TITLE_CHARS = 300
MAX_ACTOR_CHARS = 120
MAX_DUTY_CHARS = 220
MAX_ABSTRACT_CHARS = 240
MAX_QUOTE_CHARS = 300

INSTRUMENT_RANK = (
    "executive_order",
    "statute",
    "eu_regulation",
    "eu_directive",
    "final_rule",
    "interim_final_rule",
    "secondary_legislation",
    "eu_decision",
    "proclamation",
    "presidential_memorandum",
    "presidential_other",
    "omb_memorandum",
    "treaty",
    "proposed_rule",
    "eu_proposal",
    "bill",
    "advance_notice",
    "withdrawal",
    "agreement",
    "declaration",
    "voluntary_commitment",
    "strategy",
    "guidance",
    "standard_or_framework",
    "enforcement",
    "institution_change",
    "consultation",
    "request_for_comment",
    "comment_extension",
    "correction",
    "funding_programme",
    "funding_award",
    "funding_opportunity",
    "advisory_body",
    "report",
    "notice_other",
    "information_collection",
    "meeting",
    "press_release",
    "speech",
    "other",
)
"""Most binding first; what is not in the list comes last."""

TRACKS = (
    "executive_orders",
    "export_controls",
    "cloud_access",
    "safety_institutes",
    "government_use",
    "partnerships",
    "funding",
    "other",
)

_WORDS = {
    "omb_memorandum": "OMB memorandum",
    "eu_regulation": "EU regulation",
    "eu_directive": "EU directive",
    "eu_decision": "EU decision",
    "eu_proposal": "EU proposal",
    "standard_or_framework": "standard or framework",
    "notice_other": "notice",
    "presidential_other": "presidential document",
    "html_publication": "HTML publication",
    "url": "URL",
}
_JURISDICTIONS = {
    "US": "United States",
    "GB": "United Kingdom",
    "EU": "European Union",
    "CA": "Canada",
    "JP": "Japan",
    "KR": "South Korea",
    "AU": "Australia",
    "multilateral": "Multilateral",
}
JURISDICTIONS = tuple(_JURISDICTIONS)
_IDENTIFIERS = {
    "eo": "Executive Order {}",
    "proclamation": "Proclamation {}",
    "presidential_determination": "Presidential Determination {}",
    "presidential_document": "Presidential document {}",
    "memorandum": "Memorandum of {}",
    "notice": "Notice of {}",
    "fr_document": "FR Doc. {}",
    "fr_citation": "{}",
    "rin": "RIN {}",
    "docket": "Docket {}",
    "cfr": "{}",
    "named_law": "{}",
    "public_law": "Public Law {}",
    "private_law": "Private Law {}",
    "us_bill": "Bill {} of the US Congress",
    "presidential_directive": "{}",
    "omb_memo": "OMB memorandum {}",
    "opportunity_id": "Grants.gov opportunity {}",
    "opportunity_number": "Opportunity {}",
    "assistance_listing": "Assistance Listing {}",
    "regulations_document": "Regulations.gov document {}",
    "nist_publication": "NIST publication {}",
    "nist_draft": "NIST draft {}",
    "nist_doi": "DOI {}",
    "nist_page": "NIST page {}",
    "csrc_page": "NIST CSRC page {}",
    "nsf_award": "NSF award {}",
    "federal_award": "USAspending award {}",
    "piid": "Contract {}",
    "fain": "Federal award {}",
    "whitehouse_post": "White House page {}",
    "whitehouse_path": "White House page {}",
    "bis_page": "BIS press release {}",
    "eu_celex": "CELEX {}",
    "eu_eli": "ELI {}",
    "eu_cellar": "Cellar work {}",
    "eu_oj": "Official Journal {}",
    "eu_procedure": "EU procedure {}",
    "eu_commission": "Commission document {}",
    "eu_formex": "Formex file {}",
    "eu_topic": "EU funding topic {}",
    "eu_funding_reference": "EU call {}",
    "eu_call": "EU call {}",
    "eu_press": "European Commission press reference {}",
    "oecd_ai_initiative": "OECD.AI initiative {}",
    "oecd_ai_post": "OECD.AI post {}",
    "govuk_content": "GOV.UK page {}",
    "govuk_path": "GOV.UK page {}",
    "uk_act": "UK Act {}",
    "uk_si": "UK statutory instrument {}",
    "uk_draft_si": "UK draft statutory instrument {}",
    "uk_eu_legislation": "EU legislation kept by the UK, {}",
    "uk_bill": "UK bill {}",
    "gtr_project": "UKRI project {}",
    "gtr_reference": "UKRI grant {}",
    "ca_news_page": "Canada.ca news page {}",
}
_EU_INSTITUTIONS = {
    "EP": "European Parliament",
    "COM": "European Commission",
    "CONSIL": "Council of the European Union",
    "ECB": "European Central Bank",
    "EESC": "European Economic and Social Committee",
    "COR": "European Committee of the Regions",
    "CJ": "Court of Justice of the European Union",
    "CURIA": "Court of Justice of the European Union",
    "EDPS": "European Data Protection Supervisor",
    "EDPB": "European Data Protection Board",
}
_LICENCES = {
    "us-public-domain": "work of the United States Government, public domain",
    "ogl-uk-3.0": "Open Government Licence v3.0, © Crown copyright",
    "open-parliament-licence-3.0": "Open Parliament Licence v3.0, © Parliamentary copyright",
    "cc-by-4.0": "Creative Commons Attribution 4.0 International",
    "eu-reuse-2011-833": "reuse allowed with the source named, Commission Decision 2011/833/EU, © European Union",
    "canada-crown-copyright": "© Crown copyright of Canada, non-commercial reproduction with the source named",
    "oecd-terms": "terms and conditions of the OECD, © OECD",
}
_PARTICIPLES = {
    "amends": "amended",
    "revokes": "revoked",
    "supersedes": "superseded",
    "corrects": "corrected",
    "withdraws": "withdrawn",
    "extends": "comment period extended",
    "continues": "continued",
    "reinstates": "reinstated",
    "suspends": "suspended",
    "delays": "day of effect moved",
    "declines_to_enforce": "declared not enforced",
}
_EVENTS = {
    "comment_closed_extension": "comment period extended",
    "partly_revoked": "revoked",
    "partly_superseded": "superseded",
    "not_enforced": "declared not enforced",
}
_DATES = {
    "comment_opened": "comments open",
    "comment_closes": "comments close",
    "opens": "opens",
    "closes": "applications close",
    "cut_off": "cut-off for applications",
    "filed": "filed for public inspection",
    "published_now": "published this week, on",
    "seen_now": "first seen this week, on",
    "edited_now": "seen changed by its source this week, on",
}
_LOOKS = {
    "checked_nothing_found": "nothing found",
    "checked_nothing_kept": "read, nothing kept",
    "could_not_look": "could not look",
}
_DUE = {
    "comment_closes": ("comments close", "comments closed"),
    "closes": ("applications close", "applications closed"),
    "cut_off": ("cut-off for applications", "cut-off for applications passed"),
    "effective": ("takes effect", "took effect"),
    "starts": ("starts", "started"),
    "lapsed": ("lapses", "lapsed"),
    "revoked": ("is revoked", "was revoked"),
    "superseded": ("is superseded", "was superseded"),
    "withdrawn": ("is withdrawn", "was withdrawn"),
    "partly_revoked": ("is revoked in part", "was revoked in part"),
    "partly_superseded": ("is superseded in part", "was superseded in part"),
}

_SHARED = {"docket": "a shared docket", "rin": "a shared RIN"}
"""Numbers that two steps of a rulemaking share, by the field that holds them."""
_KINDS = {"threshold": "Threshold (a limit, not funding)"}
_AMOUNT_FIELDS = {
    "awardFloor": "Award floor",
    "awardCeiling": "Award ceiling",
    "estimatedFunding": "Estimated total funding",
    "AwardFloor": "Award floor",
    "AwardCeiling": "Award ceiling",
    "EstimatedTotalProgramFunding": "Estimated total funding",
}
_CURRENCIES = {"USD": "US$", "GBP": "£", "EUR": "€", "CAD": "C$", "AUD": "A$"}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
"""strftime would follow the machine's language."""
_FIELDS = {
    "body": "text",
    "comments_close_date": "comment deadline",
    "closes_date": "application deadline",
    "closes_dates": "cut-offs for applications",
}
_NO_CHARACTERS = "\ufdd0-\ufdef" + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
"""Code points that are no characters: neither HTML nor XML may hold them."""
_CONTROL = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff{_NO_CHARACTERS}]")
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_BARE_FIGURE = re.compile(r"[\s$£€\d.,]*")
_FR_DOCUMENT = re.compile(r"fr_document:((?:[A-Z]\d{1,2}-)?\d{2,4}-\d{1,6})")
_DOCKET_WORD = re.compile(r"^Docket (?:No|Nos|Number)\b[.:]?\s*", re.IGNORECASE)
"""What some sources write before the number itself."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def words(value: str | None) -> str:
    """A vocabulary value as words: ``executive_order`` becomes "executive order"; none becomes the empty string."""
    if value is None:
        return ""
    return _WORDS.get(value, plain(value).replace("_", " "))


def instrument(code: str | None, document_type: str | None) -> str:
    """The kind of instrument in words; where it is none of ours, what the source calls it, or the empty string."""
    return words(document_type if code in (None, "other") else code)


def kind_of(what: Reference, instrument: str) -> str:
    """The official name where there is one, else the kind of instrument, else the empty string."""
    return capital(what.name or instrument)


def capital(text: str) -> str:
    """The first letter upper case, the rest as it is."""
    return text[:1].upper() + text[1:]


def instrument_rank(instrument: str | None) -> int:
    """Place in the order of importance; unknown and absent ones are last."""
    return INSTRUMENT_RANK.index(instrument) if instrument in INSTRUMENT_RANK else len(INSTRUMENT_RANK)


def track_of(track: str | None) -> str:
    """The track a line is listed under; absent and unknown ones are "other"."""
    return track if track in TRACKS else "other"


def track_title(track: str) -> str:
    """A track as a heading."""
    return "Other policies" if track == "other" else capital(words(track))


def jurisdiction(code: str | None) -> str:
    """A jurisdiction's name, or its code where no name is known here."""
    return _JURISDICTIONS.get(code or "", plain(code or ""))


def identifier(scheme: str, value: str) -> str:
    """An official identifier as people write it: ``eo``, ``14110`` becomes "Executive Order 14110"."""
    return _IDENTIFIERS.get(scheme, f"{words(scheme)} {{}}").format(plain(_DOCKET_WORD.sub("", value), 80))


def names_of(scheme: str, value: str) -> tuple[str, ...]:
    """An official identifier in every form in which people write it: "Executive Order 14110", "EO 14110"."""
    short = {"eo": ("EO {}", "E.O. {}")}.get(scheme, ())
    return (identifier(scheme, value), *(form.format(plain(value, 80)) for form in short))


def issuer(name: str, place: str | None) -> str:
    """An issuer's name on one line; the institutions of the EU go by their codes in its catalogue."""
    return (_EU_INSTITUTIONS.get(name) if place == "EU" else None) or plain(name, 120)


def identified(named: str) -> str:
    """A policy known only by ``scheme:value``; other text is shown as it is."""
    match = re.fullmatch(r"([a-z_]+):(.+)", named, re.DOTALL)
    return plain(named) if match is None else identifier(match[1], match[2])


def identified_url(named: str) -> str | None:
    """The page of a policy known only by ``scheme:value``, where its address follows from the identifier."""
    match = _FR_DOCUMENT.fullmatch(named)
    return None if match is None else f"https://www.federalregister.gov/d/{match[1]}"


def licence(code: str) -> str:
    """A licence in words, or its code where no words are known here."""
    return _LICENCES.get(code.lower(), plain(code))


def participle(relation: str) -> str:
    """What a relation makes of its target: ``revokes`` becomes "revoked"."""
    return _PARTICIPLES.get(relation, words(relation))


_SEEN = ("availability (first seen)", "availability (back)")
"""Fields of events that no source dates."""


def happened(event: str) -> str:
    """What an event did to its policy, wholly or in part: ``partly_revoked`` becomes "revoked"."""
    return _EVENTS.get(event, words(event))


def event_happened(event: str, source_field: str | None) -> str:
    """What an event did to its policy; that it was only a part is said apart.

    A source may show that a page was withdrawn and state no day: that of the event is then the one on which we saw it.
    """
    did = happened(event)
    return f"{did} (seen; no day stated)" if source_field in _SEEN else did


def date_label(event: str) -> str:
    """The word before a date in a line of dates: ``comment_closes`` becomes "comments close"."""
    return _DATES.get(event, words(event))


def begins(event: str, instrument: str | None) -> str:
    """The event as it is called for an instrument: money takes no effect, what it pays for starts."""
    return "starts" if event == "effective" and (instrument or "").startswith("funding_") else event


def due_label(event: str, *, is_past: bool) -> str:
    """A deadline in words, in its tense."""
    coming, gone = _DUE[event]
    return gone if is_past else coming


def due_labels(events: Sequence[str], *, is_past: bool) -> str:
    """What happens on one day, in words: "is revoked and superseded"; the whole says what befalls a part."""
    whole = [
        event for event in events if event.removeprefix("partly_") not in events or not event.startswith("partly_")
    ]
    first, *others = (due_label(event, is_past=is_past) for event in whole)
    return listing([first, *(other.removeprefix("is ").removeprefix("was ") for other in others)])


def duty(actor: str, action: str) -> str:
    """Who must do what, in the text's own words, on one line: "Secretary of Commerce: establish guidelines"."""
    return f"{plain(actor, MAX_ACTOR_CHARS)}: {plain(action, MAX_DUTY_CHARS)}"


def field_label(field: str) -> str:
    """A column's name in words: ``comments_close_date`` becomes "comment deadline"."""
    return _FIELDS.get(field, words(field))


def day(value: date, year: int) -> str:
    """A civil date in words; the year is left out when it is the digest's own."""
    text = f"{value.day} {_MONTHS[value.month - 1]}"
    return text if value.year == year else f"{text} {value.year}"


def weekday(value: date) -> str:
    """Three letters of the day's name."""
    return ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[value.weekday()]


def span(since: date, until: date) -> str:
    """A week in words: "20 to 26 January", "28 September to 4 October", with years where they differ."""
    if (since.year, since.month) == (until.year, until.month):
        return f"{since.day} to {day(until, until.year)}"
    return f"{day(since, until.year)} to {day(until, until.year)}"


def in_days(days: int) -> str:
    """A distance from the week's last day."""
    if days == 0:
        return "on the week’s last day"
    unit = "day" if abs(days) == 1 else "days"
    return f"in {days} {unit}" if days > 0 else f"{-days} {unit} before the week’s end"


def notice(digest: Digest) -> str | None:
    """What must be known before anything else is read; None where the sources themselves spoke."""
    return SAMPLE_NOTICE if digest.is_sample else None


def known_at(as_of: datetime | None) -> str:
    """The limit of knowledge in words."""
    if as_of is None:
        return "counts all that was known when it was made"
    return f"counts what was known at {utc_text(as_of)}"


def written_late(digest: Digest) -> str | None:
    """That the issue of a missed week was written only later; None for one written in its time."""
    if digest.issued_late is None:
        return None
    until = day(digest.issued_late, digest.week.until.year)
    return f"Written late, since its week was missed: looked at up to {until}."


def count(number: int, one: str, many: str | None = None) -> str:
    """A number and its noun: "1 new policy", "3 new policies"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listing(parts: Sequence[str]) -> str:
    """A list in words: "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def dates(told: Sequence[DatedWord], year: int) -> str:
    """Dates with their words: "Signed 20 January, published 28 January"; a lone date without a word is bare."""
    if len(told) == 1 and told[0].label in ("dated", "seen"):
        return day(told[0].day, year)
    return capital(", ".join(f"{dated.label} {day(dated.day, year)}" for dated in told))


def status(value: str | None, since: date | None, dates: Sequence[DatedWord], year: int) -> str | None:
    """A status at the week's end; its day is named where the line's other dates do not."""
    if value is None:
        return None
    if since is None or any(dated.day == since for dated in dates):
        return value
    return f"{value} since {day(since, year)}"


def change_verb(line: ChangeLine) -> str:
    """What befell a policy, with its reservations."""
    return capital(reserved(line.verb, is_partial=line.is_partial, inferred_from=line.inferred_from))


def reserved(verb: str, *, is_partial: bool, inferred_from: str | None) -> str:
    """A verb with what limits it: how far it reaches, and how surely it is known."""
    return f"{verb}{' in part' if is_partial else ''}{f' (inferred from {inferred_from})' if inferred_from else ''}"


def inferred_from(confidence: str, source_field: str | None) -> str | None:
    """What an edge was inferred from; None for one that is stated."""
    return _SHARED.get(source_field or "", "the text") if confidence == "inferred" else None


def field_change(change: FieldChange) -> str:
    """One field before and after."""
    if not change.is_shown:
        return f"{capital(change.field)}: changed"
    return f"{capital(change.field)}: {change.before} → {change.after}"


def fact(value: str | None, year: int) -> str:
    """A fact of an issue's record: a day in words, other text as it is."""
    if value is None:
        return "nothing"
    try:
        return day(date.fromisoformat(value), year)
    except ValueError:
        return value


NAMELY = "namely"
"""The fact of a change that says which fields it changed."""


def facts_told(facts: Mapping[str, str], year: int) -> str:
    """What a line of an issue said: "final rule, published 10 November", "revoked by X, signed 2 May".

    What else it said is named only where it is corrected.
    """
    unnamed, by, beside = (
        ("instrument", "what happened"),
        ("by",),
        ("issuer", "jurisdiction", "track", "address", "status"),
    )
    shown = [item for item in facts.items() if item[0] not in beside]
    ordered = sorted(shown, key=lambda item: (item[0] not in unnamed, item[0] not in by, item[1]))
    told = [fact(value, year) if name in unnamed else f"{name} {fact(value, year)}" for name, value in ordered]
    return ", ".join(told).replace(", by ", " by ")


_OUTCOMES = {
    "taken_back": "taken back",
    "reinstated": "it stands after all",
    "merged": "told with the other, as one policy",
    "left_out": "told",
    "parted": "it stands by itself again",
}


_SAID_BEFORE = {
    "reinstated": "took this back",
    "left_out": "did not tell this",
    "parted": "told this as one with another policy",
}


def said_before(line: CorrectionLine) -> str:
    """What an earlier issue said of it, or that it took it back."""
    verb = _SAID_BEFORE.get(line.outcome, "said")
    return f"The issue of week {line.issue} {verb}: {line.said}"


def holds_now(line: CorrectionLine) -> list[str]:
    """What holds in place of what was said: changed facts with both values, or what became of the whole."""
    return [field_change(change) for change in line.fields] or [_OUTCOMES.get(line.outcome, "changed")]


def look(seen: DayLook, *, is_snapshot: bool = False) -> str:
    """One source's day in two or three words."""
    if seen.outcome == "checked":
        return f"{seen.found or 0:,} {found(is_snapshot)}"
    return _LOOKS.get(seen.outcome, "not asked")


def counted(seen: DayLook, *, is_snapshot: bool = False) -> str:
    """One source's day with the source's own count, where it states one: "103 found of 105"."""
    own = "" if seen.official_count is None or seen.outcome != "checked" else f" of {seen.official_count:,}"
    return f"{look(seen, is_snapshot=is_snapshot)}{own}"


def looked_days(source: SourceWeek) -> str:
    """How many days of the week were looked at: "all 7 days", "5 of 7 days", "none, not asked"."""
    if source.is_checked:
        return f"all {len(source.days)} days"
    return partly_looked(source) if source.checked_days else f"none, {not_looked(source)}"


def unseen_since(source: SourceWeek, year: int) -> str:
    """The day after which nothing was looked at any more; empty where the week was looked at to its end."""
    if source.last_checked is None:
        return "never looked at"
    return "" if source.last_checked >= source.days[-1].day else f"since {day(source.last_checked, year)}"


def own_count(source: SourceWeek) -> str:
    """What the source itself says it has for the days that were looked at; a dash where it states nothing."""
    return "–" if source.official_count is None else f"{source.official_count:,}"


def found(is_snapshot: bool) -> str:
    """The word behind a number of documents: a source that lists what is open now has none for a day."""
    return "listed" if is_snapshot else "found"


def partly_looked(source: SourceWeek) -> str:
    """Of how many days of the week a source was looked at: "5 of 7 days, could not look on 2"."""
    unseen = source.count("could_not_look")
    return f"{source.checked_days} of {len(source.days)} days" + (f", could not look on {unseen}" if unseen else "")


def looked_at(source: SourceWeek) -> str:
    """A source that was looked at, with its days where it was not all of the week."""
    return source.what.title if source.is_checked else f"{source.what.title} ({partly_looked(source)})"


def not_looked(source: SourceWeek) -> str:
    """Why a source was looked at on no day of the week."""
    unseen, unasked = source.count("could_not_look"), source.count("not_asked")
    reasons = dict.fromkeys(seen.reason for seen in source.days if seen.reason and seen.outcome == "not_asked")
    if not unseen and reasons:
        return f"not asked: {'; '.join(reasons)}"
    if unseen and unasked:
        return f"could not look on {count(unseen, 'day')}, not asked for {count(unasked, 'day')}"
    return "could not look" if unseen else "not asked"


def never_asked(sources: Sequence[SourceWeek], year: int) -> str | None:
    """One line for all sources that were asked for no day of the week; None where each was asked for some."""
    unasked = [source for source in sources if source.is_unasked]
    by_reason: dict[str, list[str]] = {}
    for source in unasked:
        reasons = dict.fromkeys(seen.reason for seen in source.days if seen.reason)
        asked = "not asked on a day of this week" if source.is_snapshot else "no day of this week asked for"
        by_reason.setdefault("; ".join([*(reasons or [asked]), last_look(source, year)]), []).append(source.what.title)
    told = ". ".join(f"{capital(why)}: {listing(titles)}" for why, titles in by_reason.items())
    later = [source.what.title for source in unasked if source.is_told_by_a_later_look]
    brought = f" A later look brought what is told above of {_sentence(listing(later))}" if later else ""
    return f"{count(len(unasked), 'source')} not asked this week. {_sentence(told)}{brought}" if unasked else None


def last_look(source: SourceWeek, year: int) -> str:
    """The last day looked at up to the week's end: of a snapshot a day of asking, else one of publication or change."""
    if source.last_checked is None:
        return "nothing looked at up to the week’s end"
    on = day(source.last_checked, year)
    return f"last asked on {on}" if source.is_snapshot else f"last day looked at: {on}"


def documented(sources: Sequence[SourceWeek]) -> str | None:
    """One line for all sources asked this week whose answers nobody has seen recorded; None where there is none."""
    titles = [source.what.title for source in sources if source.is_documented and not source.is_unasked]
    return f"Read by documentation, not yet held against a recorded answer: {listing(titles)}." if titles else None


def all_looked(sources: Sequence[SourceWeek], year: int) -> str | None:
    """The sentence for a week without a gap; None where there is one."""
    if not sources or any(gaps(source, year) for source in sources):
        return None
    who = "The one source was" if len(sources) == 1 else f"All {len(sources)} sources were"
    return f"{who} looked at on all {len(sources[0].days)} days, and every record could be read."


def nobody_looked(sources: Sequence[SourceWeek]) -> str | None:
    """That no source was looked at for any day of the week, and what follows; None where one was."""
    if any(source.checked_days for source in sources):
        return None
    could_not = any(source.count("could_not_look") for source in sources)
    why = "Nobody could look: no source could be read" if could_not else "Nobody looked: no source was asked"
    return f"{why} for a day of this week. What is missing here may well have happened."


def nothing_else(digest: Digest) -> str | None:
    """One sentence or two for all that the week has nothing of; None when it has something of each.

    Of a week that nobody looked at it cannot be said that it has nothing.
    """
    if unlooked := nobody_looked(digest.sources):
        return unlooked
    absent = [
        said
        for said, lines in (
            ("nothing is new", digest.new),
            ("nothing changed", digest.changes),
            ("no date passed", digest.passed if digest.is_empty else (True,)),
            ("nothing is due in the next 30 days", digest.coming),
        )
        if not lines
    ]
    if digest.subscription is not None:
        return f"Of what was asked for, {listing(absent)}." if absent else None
    told = [f"{capital(listing(absent))}."] if absent else []
    told += [] if digest.money else [no_money(digest)]
    return " ".join([*(["Nothing this week."] if digest.is_empty else []), *told]) or None


def no_money(digest: Digest) -> str:
    """That no amount is told, where amounts were looked for, and where not."""
    unseen = digest.money_read.unseen
    blind = f" Sources of amounts not looked at this week: {_sentence(listing(unseen))}" if unseen else ""
    return f"{_no_money_found(digest)}{blind}"


def _no_money_found(digest: Digest) -> str:
    read = digest.money_read
    if read.sources:
        fields = f"in the money fields of {listing(read.sources)}"
        if read.is_prose_read:
            return f"No amounts {fields} or in prose this week."
        return f"No amounts {fields} this week; amounts in prose are not read yet."
    if read.unseen:
        return "No amounts in prose this week." if read.is_prose_read else "No amounts are told."
    if read.is_prose_read:
        return "No amounts in prose this week; no source states any in a field of its own."
    return "No amounts: no source has stated any in a field of its own, and amounts in prose are not read yet."


def money_read(digest: Digest) -> str:
    """Where the amounts that are told come from."""
    read = digest.money_read
    fields = [*read.sources, *(f"{title} (looked at later)" for title in read.later)]
    places = [f"the money fields of {listing(fields)}"] if fields else []
    places += ["prose"] if read.is_prose_read else []
    return f"read from {listing(places)}" + ("" if read.is_prose_read else "; amounts in prose are not read yet")


def gaps(source: SourceWeek, year: int) -> list[str]:
    """Sentences about what was not looked at, and why."""
    told = []
    unasked = "not asked on" if source.is_snapshot else "not asked for"
    for outcome, verb in (("could_not_look", "could not look at"), ("not_asked", unasked)):
        days = [seen for seen in source.days if seen.outcome == outcome]
        if not days:
            continue
        reasons = list(dict.fromkeys(seen.reason for seen in days if seen.reason))
        if source.is_snapshot and outcome == "not_asked":
            reasons.append("it lists only what is open on the day it is asked")
        why = f": {'; '.join(reasons)}" if reasons else ""
        told.append(_sentence(capital(f"{verb} {_days(days, year)}{why}")))
    if source.last_checked is None or source.last_checked < source.days[-1].day:
        told.append(_sentence(capital(last_look(source, year))))
    if source.is_told_by_a_later_look:
        told.append("A later look brought what is told of it above.")
    told += [
        _sentence(f"{day(seen.day, year)}: {seen.reason}")
        for seen in source.days
        if seen.reason and seen.outcome in CHECKED
    ]
    if source.quarantined:
        kinds = listing([f"{number:,} {name}" for name, number in source.quarantine_reasons])
        told.append(f"{count(source.quarantined, 'record')} in quarantine, not shown above: {kinds}.")
    return told


def _sentence(said: str) -> str:
    return said if said.endswith((".", "…")) else f"{said}."


def _days(looks: Sequence[DayLook], year: int) -> str:
    """Days in words, a run of three or more as its ends."""
    runs: list[list[date]] = []
    for seen in looks:
        if runs and (seen.day - runs[-1][-1]).days == 1:
            runs[-1].append(seen.day)
        else:
            runs.append([seen.day])
    parts = []
    for run in runs:
        parts += [f"{day(run[0], year)} to {day(run[-1], year)}"] if len(run) > 2 else [day(one, year) for one in run]
    return listing(parts)


def amount_heading(kind: str) -> str:
    """A kind of amount as a heading."""
    return _KINDS.get(kind, capital(kind))


def amount_label(kind: str, source_field: str | None) -> str:
    """What an amount is: by the field that states it, with the kind where the field does not tell it."""
    named = _AMOUNT_FIELDS.get(source_field or "")
    if named is None:
        return capital(words(kind))
    return named if kind == "threshold" else f"{named} ({words(kind)})"


def stated(raw: str) -> str | None:
    """The words an amount was stated in; None where they are only the figure again."""
    return None if _BARE_FIGURE.fullmatch(raw) else raw


_OF_SEVERAL = re.compile(r"\b(?:the\s+(?:greater|higher|larger)\s+of|whichever\b)", re.IGNORECASE)
"""In a qualifier: what makes a ceiling one of several."""


def figure(low: Decimal | None, high: Decimal | None, currency: str | None, qualifier: str | None = None) -> str:
    """An amount exactly as far as it is known; a bound that is not stated is not invented.

    Of several sums of which the greater counts, none is the most.

    ``qualifier`` is what limits it, as printed ("nearly", "over; a year"); a bound is told once.
    """
    if low is None and high is None:
        return "no figure read"
    if low is not None and high is not None:
        told = money(low, currency) if low == high else f"{money(low, currency)} to {money(high, currency)}"
    elif low is not None:
        told = f"from {money(low, currency)}"
    elif _OF_SEVERAL.search(qualifier or ""):
        told = f"the greater of {money(high, currency)} and another sum"
    else:
        told = f"up to {money(high, currency)}"
    is_bound = (low is None) != (high is None)
    limits = (qualifier or "").partition("; ")[2] if is_bound else qualifier
    told = f"{told} ({plain(limits).lower()})" if limits else told
    return told if currency else f"{told} (currency not stated)"


def money(value: Decimal | None, currency: str | None) -> str:
    """One figure with its currency, never rounded: "US$1.25 million", "CHF 5"."""
    if value is None:
        return ""
    unit = _CURRENCIES.get(currency or "", f"{plain(currency, 12)} " if currency else "")
    return f"{unit}{_number(value)}"


def is_binding(instrument: str | None) -> bool:
    """Whether an instrument binds somebody: all that stand before proposals in the order of weight."""
    return instrument_rank(instrument) < instrument_rank("proposed_rule")


def sum_of(part: MoneySum, currency: str) -> str:
    """What documents state together, and how many they are: "$20 million (2)"."""
    return f"{money(part.total, currency)} ({part.documents:,})" if part.documents else "–"


def _number(value: Decimal) -> str:
    for size, name in ((Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million")):
        if value >= size and value % (size / 100) == 0:
            return f"{(value / size).normalize():,f} {name}"
    return f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"


def plain(text: str, limit: int = MAX_TITLE_CHARS) -> str:
    """Text of a source on one line: white space folded, controls gone, invisible marks shown, cut with a mark.

    Titles come cleaned out of the pipeline; a digest does not rely on it.
    """
    shown = text[: limit * 8]
    if not (shown.isascii() and shown.isprintable()):  # two patterns cost ten times what is left to do
        shown = _INVISIBLE.sub(lambda mark: f"[U+{ord(mark.group()):04X}]", _CONTROL.sub("", shown))
    folded = " ".join(shown.split())
    if len(folded) <= limit and len(text) <= limit * 8:
        return folded
    cut = folded[: limit - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > limit // 2 else cut).rstrip(" ,;:") + "…"


def safe_url(url: str | None) -> str | None:
    """An address that may be linked, or None.

    Only http and https with a plain ASCII host pass; user names, controls and backslashes in an address mean that it
    may lead elsewhere than it looks. Whatever could end a link in Markdown or HTML is percent-encoded.
    """
    if url is None:
        return None
    trimmed = url.strip()
    if not trimmed.isprintable() or "\\" in trimmed or _INVISIBLE.search(trimmed):
        return None
    try:
        parts = urlsplit(trimmed)
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    if not re.fullmatch(r"[a-z0-9.-]+", host):
        return None
    netloc = host if port is None else f"{host}:{port}"
    rest = trimmed.split("://", 1)[1][len(parts.netloc) :]
    return f"{parts.scheme}://{netloc}{quote(rest, safe='/?#&=%+:;,.~!$@-_')}"


def report_url(contact: str, anchor: str) -> str:
    """Where an error in a line is reported, with the line's own name in it."""
    said = quote(f"Error in {anchor}")
    if contact.startswith("mailto:"):
        return f"{contact}{'&' if '?' in contact else '?'}subject={said}"
    if contact.startswith(("https://github.com/", "https://gitlab.com/")):
        return f"{contact.rstrip('/')}/issues/new?title={said}"
    return f"{contact}{'&' if '?' in contact else '?'}item={said}"


def language(code: str | None) -> str | None:
    """A language tag for text that is not English; None for English and for what is no tag."""
    if code is None or not _LANGUAGE.fullmatch(code) or code.lower().split("-")[0] == "en":
        return None
    return code


def anchor(*parts: str) -> str:
    """A stable id of a line from what it is about; a hash is added where the id cannot hold all of it."""
    key = "-".join(parts)
    slug = re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")
    if slug == key.replace("_", "-") and len(slug) <= 80:
        return slug
    return f"{slug[:60].strip('-')}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"

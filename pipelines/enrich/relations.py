"""What a text does to the laws, orders and rules that it names.

Belongs here: which of the verbs of a text governs which target, and how much of it; whatever else a text names, it
cites. Does not belong here: finding the names (see citations), the wordings (see acting, holds and authority), official
disposition notes, matching of targets to documents. A sentence that tells what somebody else did, or that something be
considered, is no act of the text; but for courts, whose acts on a rule are told by those who must heed them, and not by
orders that recount them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date

from pipelines.enrich import authority, enforcement, holds
from pipelines.enrich.acting import (
    ACTIVE_WORDS,
    BARE,
    BY_WORD,
    BY_WORDING,
    COORDINATED,
    CORRECTING_WORDS,
    CORRECTIONS,
    CORRECTIONS_OF,
    DENIED_DOING,
    DONE,
    IN_BETWEEN,
    LISTED_BY,
    LISTED_DONE,
    NOT_ACTING_FINITE,
    ONLY_JOINED,
    OPENS_WITH_SUBJECT,
    PARTS_FOLLOW,
    PASSIVE_WORDS,
    SAID_OF_DOING,
    TEXTUAL,
    TEXTUAL_OPENING,
    TEXTUAL_WORDS,
    THE_FOLLOWING,
    VERB,
    has_own_subject,
    opens_clause,
    relation_of,
)
from pipelines.enrich.citations import MAY_CITE, Citation, find_citations
from pipelines.enrich.found import Found
from pipelines.enrich.hedges import is_denied, is_supposed, is_supposed_behind
from pipelines.enrich.objects import (
    BRACKETED,
    BY_PLACE,
    IS_PLACE,
    PRINTED,
    can_be_done,
    is_object,
    is_other_object,
    tells_which,
    without_changes,
)
from pipelines.enrich.own_titles import own_title
from pipelines.enrich.predicates import also_done, ends_first, is_done_to_part, without_first
from pipelines.enrich.provisions import is_part_of_number, provision_of, without_provision
from pipelines.enrich.reach import (
    is_excluded,
    is_limited_first,
    is_limited_in_bracket,
    is_part_of,
    is_partly_done,
    limit_behind,
    without_extent,
)
from pipelines.enrich.tame import tame

EXTRACTOR_VERSION = "relations/6"
MAX_QUOTE_CHARS = 400

MAY_RELATE = MAY_CITE
"""A relation needs a target that is named."""

_BEFORE_CHARS = 240
_AFTER_CHARS = 900
_BETWEEN_CHARS = 240
"""How far behind a target a verb may stand, and how far once the titles in brackets are left out."""
_LIST_CHARS = 15_000
"""How far below "the following are revoked:" its list is read."""

_ASIDE_BEHIND = re.compile(r",\s*(?:which|who)\s[^,;]{0,160},")
_IS_ASIDE = re.compile(
    r"\bas\s+(?:\w+\s+)?(?:amended|extended|modified|superseded|supplemented|continued)\s+by\s+[^;]{0,500}\Z"
    r"|,\s*(?:which|who)\s(?!(?:was|were)\s+(?:first\s+|originally\s+)?published\b)[^,;]{0,160}\Z",
    re.IGNORECASE,
)
"""What amended the target before is not what is acted on now."""
_EXCEPTION_CHARS = 240
_PARALLEL_BEHIND = re.compile(r"[;,]\s*\d[^()]{0,60}\)")
_PART_OF_NAME = re.compile(
    r"\s*(?:\([^()]{0,160}\)\s*){0,3}(?-i:[A-Z]\w*\s+){0,4}(?:Regulations|Rules|Order)\s+(?:19|20)\d\d\b"
)
"""Behind an Act that only names an instrument made under it: "the ... Act 2018 (Fees) Regulations 2020"."""
_NOUN_BEHIND = re.compile(r"\s*(?!of\b|dated\b|and\b|note\b)[a-z]{3,}")
"""Behind a law's name, what of its field is meant: "certain Clean Air Act requirements are suspended"."""
_ORDERS = ("eo", "proclamation")
_IS_ORDER = re.compile(
    r"\bvested\s+in\s+me\b|\bhereby\s+(?:order|proclaim)|\bthis\s+(?:executive\s+)?order\b", re.IGNORECASE
)
"""A text that recounts what courts did, and heeds no court."""
_LIST_STEP = re.compile(r"\.\s+(?=[A-Z(\u201c\"])|[.;](?=\([a-z]{1,4}\))|(?<=[a-z.)])(?=Sec\.\s*\d)|;|\n+")
_ENDS_LIST = re.compile(
    r"(?-i:\s*(?:Sec\.|SEC\.|\u00a7|(?:Section|SECTION)\s+\d+\.(?!\d)))"
    r"|(?-i:[^a-z]*(?:See|Note|Nothing|Agencies|Refer)\b)"
    r"|(?-i:.*?(?<!which )(?<!that )(?<!who )\b(?:is|are|was|were|shall|will|must|may|has|have|remains?|appl(?:y|ies)"
    r"|affects?|supersedes|continues?)\b)",
    re.IGNORECASE | re.DOTALL,
)
"""A heading, or a sentence with a verb of its own."""

_SENTENCE_START = re.compile(r"[.;:]\s+(?=[A-Z(])|\n\s*\n|[.;:](?=\([a-z]{1,4}\)\s)")
_ABBREVIATED = re.compile(
    r"(?:\b(?:No|Nos|U\.S|U\.S\.C|C\.F\.R|F\.R|E\.O|Pub|L|P\.L|Sec|Fed|Reg|S|H\.R|Stat|Inc|art|para|div|Doc|St|Dr|Mr|Mrs|Ms|Jr|Sr)|\b[A-Z])\Z"
)
_CLAUSE_CHARS = 1_000
_MAX_ITEMS = 12
"""How many items of a list are passed on the way up to the words that lead it in."""
_QUOTE_STOP = re.compile(r"\n(?=\s*(?:\n|[-*\u2022(]|\d{1,2}\.\s))")
_AND = re.compile(
    r"\)?\s*(?:of\s+[A-Z][a-z]+\s+\d{1,2},\s+\d{4},?\s*)?(?:\([^()]{0,250}\)\s*)?"
    r"(?:of\s+the\s+European\s+Parliament\s+and\s+of\s+the\s+Council\s*)?"
    r"(?:,\s*(?:and\s+|or\s+)?|and\s+|or\s+|,?\s*as\s+well\s+as\s+)(?:sections?\s+[\w.()]{1,12}\s+of\s+)?"
    r"(?:(?:Executive\s+Orders?|E\.O\.)\s+)?"
)
"""Between members of one list: what is done to the first is done to the next."""


@dataclass(frozen=True)
class Relation:
    """One thing that a text says of one target; ``quote`` is ``text[start:end]``."""

    relation: str
    """One of RELATIONS."""
    target_scheme: str
    target_value: str
    pinpoint: str | None
    """The provisions acted on, as printed; None where the whole is."""
    start: int
    end: int
    quote: str
    is_partial: bool = False
    """Whether no more than a part is acted on, be it named or not."""
    until_date: date | None = None
    """Last day of a suspension, or the new day of effect, where the sentence names one."""


@dataclass(frozen=True)
class _Act:
    """One thing done to what is cited at one place."""

    name: str
    is_partial: bool = False
    until: date | None = None


def find_relations(text: str, own: Collection[tuple[str, str]] = ()) -> list[Relation]:
    """What the text does to each target, in the order of first mention.

    ``own`` are the scheme and value of the text's own identifiers, which are no targets. A target acted on anywhere is
    not also listed as cited; one may be acted on in two ways ("rescinds and replaces").
    """
    citations = find_citations(text)
    if not citations:
        return []
    reader = _Reader(text, citations, own)
    left_out = {*own, *reader.own}
    stated: dict[tuple[str, str, str], Relation] = {}
    previous: tuple[int, list[_Act]] = (0, [])
    for citation in citations:
        acts = reader.acts(citation)
        acts = acts or reader.shared(previous, citation)
        previous = (citation.end, acts)
        if (citation.scheme, citation.value) in left_out:
            continue
        for act in acts or [_Act("cites")]:
            key = (act.name, citation.scheme, citation.value)
            one = reader.relation(act, citation)
            stated[key] = _with_more(stated[key], one) if key in stated else one
    acted_on = {(scheme, value) for name, scheme, value in stated if name != "cites"}
    changed = {(scheme, value) for name, scheme, value in stated if name not in ("cites", "implements")}
    return [
        one
        for (name, scheme, value), one in stated.items()
        if not (name == "cites" and (scheme, value) in acted_on)
        # An act of the Union that changes another is often made under it too.
        and not (name == "implements" and scheme == "eu_celex" and (scheme, value) in changed)
    ]


def _with_more(first: Relation, again: Relation) -> Relation:
    """A relation stated again: of further provisions, or of the whole."""
    if first.relation == "cites" or not first.is_partial:
        return first
    if not again.is_partial:
        return again
    pinpoints = [one.pinpoint for one in (first, again) if one.pinpoint]
    return replace(first, pinpoint="; ".join(dict.fromkeys(pinpoints)) or None)


class _Reader:
    """One text and the places of all words that may say what is done, each searched for once."""

    def __init__(self, text: str, citations: list[Citation], own: Collection[tuple[str, str]]) -> None:
        self.raw = text
        self.citations = citations
        self.places = [citation.start for citation in citations]
        self.text = tame(text)
        low = self.text.lower()
        self.verbs = Found(VERB, self.text, low, ACTIVE_WORDS)
        self.done = Found(DONE, self.text, low, PASSIVE_WORDS)
        self.corrections = Found(CORRECTIONS, self.text, low, CORRECTING_WORDS)
        self.textual = Found(TEXTUAL, self.text, low, TEXTUAL_WORDS)
        self.courts = Found(holds.COURTS, self.text, low, holds.COURT_WORDS)
        self.refusals = Found(enforcement.REFUSAL, self.text, low, enforcement.WORDS)
        self.triggers = Found(authority.TRIGGER, self.text, low, authority.TRIGGER_WORDS)
        self.vested = Found(authority.VESTED, self.text, low, ("vested",))
        self.title = own_title(self.text)
        self.own = {(one.scheme, one.value) for one in citations if one.start == self.title[0] < self.title[1]}
        self.is_order = any(scheme in _ORDERS for scheme, _ in {*own, *self.own}) or bool(_IS_ORDER.search(self.text))
        self.starts = [0, *(match.end() for match in _SENTENCE_START.finditer(self.text) if self._is_end(match))]
        self.acting: dict[int, bool] = {}
        self.list_ends = self._list_ends()
        self.excluded = self._taken_out()
        self.listed = list(self._lists())

    def _is_end(self, match: re.Match[str]) -> bool:
        is_stop = match[0].startswith(".")
        return not (is_stop and _ABBREVIATED.search(self.text, max(0, match.start() - 8), match.start()))

    def _list_ends(self) -> dict[int, int]:
        """Where the list of targets ends to which each belongs: "A, B and C"."""
        ends: dict[int, int] = {}
        later: Citation | None = None
        for citation in reversed(self.citations):
            end = self._end_of_name(citation)
            is_joined = later is not None and bool(_AND.fullmatch(self.text, citation.end, later.start))
            ends[citation.start] = ends[later.start] if later is not None and is_joined else end
            later = citation
        return ends

    def _taken_out(self) -> set[int]:
        """Where targets stand that are named as exceptions: "other than A and B"."""
        places: set[int] = set()
        earlier: Citation | None = None
        for citation in self.citations:
            before = without_provision(self.text[max(0, citation.start - _BEFORE_CHARS) : citation.start])
            follows = earlier is not None and earlier.start in places
            if is_excluded(before) or (
                follows and earlier is not None and _AND.fullmatch(self.text, earlier.end, citation.start)
            ):
                places.add(citation.start)
            earlier = citation
        return places

    def clause_start(self, place: int) -> int:
        """Where the sentence begins, as far back as it is read."""
        return max(self.starts[bisect_right(self.starts, place) - 1], place - _CLAUSE_CHARS)

    def acts(self, citation: Citation) -> list[_Act]:
        """What is done to what is cited here; nothing where it is only named."""
        if _PART_OF_NAME.match(self.text, citation.end):
            return []
        if citation.start in self.excluded:
            return []
        begin = self.clause_start(citation.start)
        found = [
            _Act(name, is_part or self._is_limited(citation, begin, citation.end, name))
            for start, end, name, is_part in self.listed
            if start <= citation.start < end
        ]
        if found and self._is_named_beside(begin, citation):
            found = []
        found.extend(self._doing(citation, begin))
        found.extend(self._was_done(citation, begin))
        found.extend(self._done_to_parts(citation, begin))
        found.extend(self._reworded(citation, begin))
        found.extend(self._by_courts(citation, begin))
        found.extend(self._unenforced(citation, begin))
        if found and self._is_part(citation, begin):
            found = [replace(act, is_partial=True) for act in found]
        if not found and self._implements(citation, begin):
            found.append(_Act("implements"))
        return list({act.name: act for act in reversed(found)}.values())[::-1]

    def shared(self, previous: tuple[int, list[_Act]], citation: Citation) -> list[_Act]:
        """What is done to a target as the next member of a list: what is done to the one that ended before it."""
        end, acts = previous
        if acts and _AND.fullmatch(self.text, end, citation.start):
            return [] if opens_clause(self.text, citation.end) else acts
        is_carried_out = any(act.name == "implements" for act in acts)
        is_member = is_carried_out and authority.is_joined(self.text, end, citation)
        return acts if is_member and not opens_clause(self.text, citation.end) else []

    def _is_in_new_clause(self, citation: Citation, place: int) -> bool:
        """Whether a target has a verb of its own, and the one at ``place`` another target."""
        number = bisect_left(self.places, citation.start)
        return number > 0 and self.places[number - 1] > place and opens_clause(self.text, citation.end)

    def _is_part(self, citation: Citation, begin: int) -> bool:
        """Whether the words beside the target say that a part is meant: "certain provisions of"."""
        before = self.text[begin : citation.start]
        if is_limited_in_bracket(self.text, citation.end) or is_part_of_number(before, citation):
            return True
        return is_part_of(before[-_BEFORE_CHARS:]) or is_limited_first(before)

    def _is_limited(self, citation: Citation, begin: int, place: int, name: str) -> bool:
        """Whether what follows at ``place`` leaves a part standing, and a part of this target."""
        limit = limit_behind(self.text, place)
        if limit is None or (limit["field"] and name in ("amends", "corrects", "extends", "continues")):
            return False
        if not limit["except"]:
            return True
        end = self._end_of_quote(limit.end(), limit.end() + _EXCEPTION_CHARS)
        named = self.citations[bisect_left(self.places, limit.end()) : bisect_left(self.places, end)]
        if not named:
            return True
        kept = {(one.scheme, one.value) for one in named}
        if (citation.scheme, citation.value) in kept:
            return True
        beside = self.citations[bisect_left(self.places, begin) : bisect_left(self.places, place)]
        return not any((one.scheme, one.value) in kept for one in beside) and any(one.pinpoint for one in named)

    def relation(self, act: _Act, citation: Citation) -> Relation:
        """Quoted from the beginning of the sentence, or as much before the target as fits, to its end."""
        begin = self.clause_start(citation.start)
        start = max(begin, citation.end - MAX_QUOTE_CHARS)
        start += len(self.raw[start : citation.start]) - len(self.raw[start : citation.start].lstrip())
        end = citation.end if act.name == "cites" else self._end_of_quote(citation.end, start + MAX_QUOTE_CHARS)
        pinpoint = provision_of(self.text, citation, begin)
        is_partial = act.name != "cites" and (act.is_partial or pinpoint is not None)
        quote = self.raw[start:end]
        return Relation(act.name, citation.scheme, citation.value, pinpoint, start, end, quote, is_partial, act.until)

    def _end_of_quote(self, place: int, last: int) -> int:
        """The end of the sentence, or of the last word that fits."""
        number = bisect_right(self.starts, place)
        end = self.starts[number] if number < len(self.starts) else len(self.raw)
        if stop := _QUOTE_STOP.search(self.text, place, min(end, last + 1)):
            end = stop.start()
        if end > last:
            end = max(place, self.raw.rfind(" ", place, last + 1))
        return place + len(self.raw[place:end].rstrip().rstrip(".;:"))

    def _hedged(self, begin: int, end: int, is_performed: bool) -> bool:
        """Whether the words up to ``end``, or those above the list, take the act back; "hereby" is no supposition."""
        begin = max(begin, self.text.rfind(";", begin, end) + 1)
        clause = self.text[begin:end]
        if is_denied(clause) or (not is_performed and is_supposed(clause)):
            return True
        above = self._above_list(begin)
        return bool(above) and (is_denied(above) or is_supposed(f"{above},"))

    def _above_list(self, begin: int) -> str:
        """The words that lead in the list of which the clause is an item."""
        number = bisect_right(self.starts, begin) - 1
        for start in self.starts[max(0, number - _MAX_ITEMS) : number + 1][::-1]:
            before = self.text[max(0, start - 3) : start].rstrip()[-1:]
            if before == ":":
                return self.text[self.clause_start(max(0, start - 3)) : start].rstrip()[:-1]
            if before != ";":
                return ""
        return ""

    def _is_named_beside(self, begin: int, citation: Citation, is_held: bool = False) -> bool:
        """Whether the target only tells what another did, or where what is acted on stands."""
        before = self.text[begin : citation.start]
        if any(word in before for word in ("which", "who", " by ")) and _IS_ASIDE.search(before):
            return True
        before = without_changes(without_provision(before[-160:]), citation)
        return bool(IS_PLACE.search(holds.without_course(before) if is_held else before))

    # Active verbs

    def _doing(self, citation: Citation, begin: int) -> Iterator[_Act]:
        """Active verbs in front of a target: the nearest governs it, and those joined to that by "and"."""
        verbs = self.verbs.between(max(begin, citation.start - _BEFORE_CHARS), citation.start)
        place = citation.start
        for verb in reversed(verbs):
            if tells_which(verb, citation, self.text[max(begin, verb.start() - 24) : verb.start()]):
                continue
            if self._is_in_new_clause(citation, verb.start()):
                return
            between = self.text[verb.end() : place]
            name = holds.held(relation_of(verb), self.text[verb.end() : citation.start])
            if place == citation.start:
                if not is_object(name, citation, between, self._is_in_title(verb)):
                    return
            elif not ONLY_JOINED.fullmatch(between):
                return
            if not self._is_acting(verb, begin):
                return
            if verb["ending"].lower() == "ing" and SAID_OF_DOING.match(self.text, citation.end):
                return
            if name is None:
                return
            is_partial = is_partly_done(self.text, verb.start(), verb.end()) or self._is_limited(
                citation, begin, self.list_ends[citation.start], name
            )
            yield _Act(name, is_partial, self._until(name, verb.end(), citation))
            place = verb.start()

    def _is_acting(self, verb: re.Match[str], begin: int) -> bool:
        if verb.start() not in self.acting:
            # A verb that asks an earlier one of its sentence finds no endless chain.
            self.acting[verb.start()] = False
            self.acting[verb.start()] = self._has_acting_subject(verb, begin) and not self._hedged(
                begin, verb.start(), bool(re.search(r"\bhereby\s+\Z", self.text[begin : verb.start()]))
            )
        return self.acting[verb.start()]

    def _has_acting_subject(self, verb: re.Match[str], begin: int) -> bool:
        lead = self.text[max(begin, verb.start() - 120) : verb.start()]
        return self._is_in_title(verb) or has_own_subject(verb, lead) or self._shares_subject(verb, begin, lead)

    def _is_in_title(self, verb: re.Match[str]) -> bool:
        """Whether the act's own title says it: "laying down ... and amending Regulation (EU) 2017/745"."""
        return self.title[0] <= verb.start() < self.title[1] and verb["ending"].lower().endswith("ing")

    def _until(self, name: str, place: int, citation: Citation) -> date | None:
        """Up to when something is held up; the day may stand between verb and target, or behind either."""
        if name not in holds.HOLDS:
            return None
        return holds.until(self.text, place) or holds.until(self.text, citation.end)

    def _shares_subject(self, verb: re.Match[str], begin: int, lead: str) -> bool:
        """Whether an earlier verb of the same form acts, or the sentence is about the text: "This order ... and"."""
        if not COORDINATED.search(lead):
            return False
        is_bare = verb["ending"].lower() in BARE
        earlier = self.verbs.between(max(begin, verb.start() - _BEFORE_CHARS), verb.start())
        if earlier and (earlier[-1]["ending"].lower() in BARE) == is_bare:
            return self._is_acting(earlier[-1], begin)
        is_finite = verb["ending"].lower().endswith("s")
        opening = self.text[begin : min(verb.start(), begin + 160)]
        lead = DENIED_DOING.sub("", lead[-90:])
        return is_finite and bool(OPENS_WITH_SUBJECT.match(opening)) and not NOT_ACTING_FINITE.search(lead)

    # Passive verbs

    def _was_done(self, citation: Citation, begin: int) -> Iterator[_Act]:
        """Passive verbs behind a target: "Executive Order 14110 of ... is hereby revoked"."""
        for done in self.done.between(citation.end, citation.end + _AFTER_CHARS)[:1]:
            said = self.text[begin : citation.start]
            relation = "revokes" if done["void"] or done["edits"] else holds.held(relation_of(done), said)
            if relation is None or self._is_far(citation, done.start()) or is_done_to_part(self.text, done, True):
                return
            if not can_be_done(relation, citation, said) or ends_first(self.text, citation.end, done.start()):
                return
            is_held = relation in holds.HOLDS
            if relation != "continues" and self._is_named_beside(begin, citation, is_held):
                return
            between = BRACKETED.sub("", self.text[citation.end : done.start()])
            if is_held and citation.scheme not in BY_PLACE and _NOUN_BEHIND.match(between):
                return
            if done[0].lower().startswith("is") and self._has_another(citation, begin, done.start()):
                return
            how = done["how"] or ""
            if self._hedged(begin, citation.start, "hereby" in how) or is_supposed_behind(self.text, done.end()):
                return
            is_partial = "part" in how or self._is_limited(citation, begin, done.end(), relation)
            has_provision = provision_of(self.text, citation, begin) is not None
            if done["edits"]:
                is_withdrawn = citation.scheme in PRINTED and done["edits"].lower() == "removed"
                names = ["withdraws"] if is_withdrawn else ["amends"] if has_provision else []
            elif done["void"]:
                names = ["revokes"]
            elif done["supersedes"] and BY_WORDING.match(self.text, done.end()):
                names = ["amends"]
            else:
                names = [relation]
            also = BY_WORD.get((done["also"] or "").lower())
            until = self._until(relation, done.end(), citation)
            yield from (_Act(name, is_partial, until) for name in ([also] if also else []) + names)
            for name, end in also_done(self.text, done.end()):
                yield _Act(name, self._is_limited(citation, begin, end, name))

    def _done_to_parts(self, citation: Citation, begin: int) -> Iterator[_Act]:
        """What is done to parts named behind a target: "amends Executive Order 1 and revokes section 3 thereof"."""
        number = bisect_right(self.places, citation.start)
        last = min([citation.end + _BETWEEN_CHARS, *self.places[number : number + 1]])
        for done in self.done.between(citation.end, last):
            if is_done_to_part(self.text, done, True) and self.clause_start(done.start()) == begin:
                is_acting = not self._hedged(begin, done.start(), "hereby" in (done["how"] or ""))
                if is_acting and not (done["void"] or done["edits"]):
                    yield _Act(relation_of(done), True)
        for verb in self.verbs.between(citation.end, last):
            is_here = is_done_to_part(self.text, verb, False) and self.clause_start(verb.start()) == begin
            if is_here and self._is_acting(verb, begin):
                yield _Act(relation_of(verb), True)

    def _has_another(self, citation: Citation, begin: int, place: int) -> bool:
        """Whether a verb in the singular has a nearer target of its own; one in brackets or in an aside is none."""
        end = self._end_of_name(citation)
        number = bisect_left(self.places, end)
        if number == len(self.places) or self.places[number] >= place:
            return False
        if ends_first(self.text, self.citations[number].end, place):
            return False
        between = BRACKETED.sub("", self.text[end : self.places[number]])
        return "(" not in between and not self._is_named_beside(begin, self.citations[number])

    def _end_of_name(self, citation: Citation) -> int:
        """Behind the bracket where that gives a law's number in another code too."""
        match = _PARALLEL_BEHIND.match(self.text, citation.end)
        return match.end() if match else citation.end

    def _reworded(self, citation: Citation, begin: int) -> Iterator[_Act]:
        """Corrections that follow, and the way in which British instruments word a change."""
        is_printed = citation.scheme in PRINTED
        if is_printed and CORRECTIONS_OF.search(self.text, max(begin, citation.start - _BEFORE_CHARS), citation.start):
            yield _Act("corrects")
        for made in self.corrections.between(citation.end, citation.end + _AFTER_CHARS)[:1]:
            is_open = "correct" in made[0].lower() or TEXTUAL_OPENING.match(self.text[begin : citation.start])
            if is_printed and is_open and not self._is_far(citation, made.start()):
                yield _Act("corrects")
        for word in self.textual.between(citation.end, citation.end + _BETWEEN_CHARS)[:1]:
            is_open = TEXTUAL_OPENING.match(self.text[begin : citation.start])
            is_nearest = not self._has_another(citation, begin, word.start())
            if is_open and is_nearest and citation.scheme not in BY_PLACE and not self._is_far(citation, word.start()):
                yield _Act("amends", True)

    def _unenforced(self, citation: Citation, begin: int) -> Iterator[_Act]:
        """What the text says is not enforced: "The Bureau will not enforce the rule at 89 FR 5698"."""
        for refusal in self.refusals.between(max(begin, citation.start - _BEFORE_CHARS), citation.start)[-1:]:
            between = self.text[refusal.end() : citation.start]
            lead = self.text[max(begin, refusal.start() - 120) : refusal.start()]
            is_other = re.search(r"[.;:]", between) or IN_BETWEEN.search(between)
            if refusal["passive"] or is_other or not (refusal["policy"] or enforcement.is_own_refusal(refusal, lead)):
                return
            plain = without_extent(enforcement.without_lead(between))
            is_meant = citation.scheme in BY_PLACE or not is_other_object(plain)
            if is_meant and not self._hedged(begin, refusal.start(), False):
                yield _Act("declines_to_enforce")
        for refusal in self.refusals.between(citation.end, citation.end + _BETWEEN_CHARS)[:1]:
            is_told = bool(refusal["passive"]) and not self._is_far(citation, refusal.start())
            is_acting = not self._hedged(begin, citation.start, False)
            if is_told and is_acting and not self._is_named_beside(begin, citation):
                yield _Act("declines_to_enforce")

    def _by_courts(self, citation: Citation, begin: int) -> Iterator[_Act]:
        """What a court does to a rule or order: "the court vacated the rule published at 89 FR 5698"."""
        if self.is_order:
            return
        before = self.courts.between(max(begin, citation.start - _BEFORE_CHARS), citation.start)
        behind = self.courts.between(citation.end, citation.end + _BETWEEN_CHARS)
        for verb in before[-1:] + behind[:1]:
            if verb.start() > citation.end and self._is_far(citation, verb.start()):
                continue
            is_told = holds.is_by_court(self.text, begin, verb, citation.start)
            if is_told and not self._hedged(begin, min(verb.start(), citation.start), False):
                yield _Act(relation_of(verb))

    def _is_far(self, citation: Citation, place: int) -> bool:
        """Whether another sentence or another verb lies between a target and what is said at ``place``."""
        between = BRACKETED.sub("", BRACKETED.sub("", self.text[self._end_of_name(citation) : place]))
        between = without_first(_ASIDE_BEHIND.sub("", between))
        ends_sentence = self.starts[bisect_right(self.starts, place) - 1] > citation.end
        return ends_sentence or len(between) > _BETWEEN_CHARS or ";" in between or bool(IN_BETWEEN.search(between))

    # Lists

    def _lists(self) -> Iterator[tuple[int, int, str, bool]]:
        """Where the members of "the following are hereby revoked: ..." stand, and what is done to them."""
        read_to = 0
        for start, names, is_part in sorted(self._list_heads()):
            if start >= read_to:
                read_to = self._end_of_list(start)
                yield from ((start, read_to, name, is_part) for name in names)

    def _list_heads(self) -> Iterator[tuple[int, list[str], bool]]:
        for match in LISTED_DONE.finditer(self.text):
            begin = self.clause_start(match.start())
            if not self._hedged(begin, match.start(), bool(match["how"])):
                words = [(match["also"] or "").lower(), match["word"].lower()]
                is_part = bool(PARTS_FOLLOW.match(match[0])) or limit_behind(self.text, match.end("word")) is not None
                yield match.end(), [BY_WORD[word] for word in words if word in BY_WORD], is_part
        for match in LISTED_BY.finditer(self.text):
            yield match.end(), [BY_WORD[match["word"].lower()]], False
        for verb in self.verbs.matches:
            head = THE_FOLLOWING.match(self.text, verb.end())
            if head and self._is_acting(verb, self.clause_start(verb.start())):
                yield head.end(), [relation_of(verb)], bool(PARTS_FOLLOW.match(head[0].lstrip()[len("the") :]))

    def _end_of_list(self, start: int) -> int:
        """The first heading, or sentence with a verb of its own; a remark in brackets is none."""
        end = min(len(self.text), start + _LIST_CHARS)
        place = start
        for step in _LIST_STEP.finditer(self.text, start, end):
            if place < step.start() and _ENDS_LIST.match(self._item(place, step.start())):
                return place
            place = step.end() if step.end() > place else place
        return place if _ENDS_LIST.match(self._item(place, end)) else end

    def _item(self, start: int, end: int) -> str:
        return BRACKETED.sub("", BRACKETED.sub("", self.text[start:end]))

    # Authority

    def _implements(self, citation: Citation, begin: int) -> bool:
        if self.title[0] < citation.start < self.title[1]:
            return authority.is_named_in_title(self.text[self.title[0] : citation.start])
        number = bisect_right(self.starts, citation.end)
        end = self.starts[number] if number < len(self.starts) else len(self.text)
        for trigger in self.triggers.between(max(begin, citation.start - _BEFORE_CHARS), citation.start):
            if authority.carries_out(self.text, trigger, citation, begin, end):
                return not self._is_in_new_clause(citation, trigger.start())
        vested = self.vested.between(max(begin, citation.start - authority.PREAMBLE_CHARS), citation.start)
        return bool(vested) and not authority.ENDS_PREAMBLE.search(self.text, vested[-1].end(), citation.start)

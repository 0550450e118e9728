"""Duties with a deadline or a rhythm: who must do what, within which period of what, and until which day.

Belongs here: the verb of duty that a deadline governs, whether it makes a duty at all, and whose, in lists under one
lead-in too. Does not belong here: the reading of deadlines (deadlines.py) and of actors (actors.py), duties without a
time, whether one was met, what becomes of it when its instrument is revoked. What may be done is no duty.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from pipelines.enrich import duty_words
from pipelines.enrich.actors import (
    agent,
    directed,
    find_definitions,
    is_actor,
    joint_subject,
    named,
    named_list,
    split_parts,
    spread_offices,
    subject_parts,
)
from pipelines.enrich.anchors import TextDates, own_names
from pipelines.enrich.deadlines import LIMITED, MAY_DATE, Deadline, find_deadlines
from pipelines.enrich.outline import LEADS, Block, outline, sentences
from pipelines.enrich.quoted import passages, without_quotation_marks
from pipelines.enrich.tame import tame
from pipelines.enrich.verbs import (
    MODAL,
    NEGATED,
    NO_DUTY,
    REPORTS_ON_BILL,
    is_due_from_somebody,
    is_failure,
    is_finding,
    is_forecast,
    is_input,
    is_passive,
    knowers,
)

EXTRACTOR_VERSION = "obligations/6"
SEED = duty_words.SEED
__all__ = ["EXTRACTOR_VERSION", "SEED", "Obligation", "TextDates", "find_obligations"]
MAX_QUOTE_CHARS = 400
MAX_ACTION_CHARS = 300
MAX_SENTENCE_CHARS = 12_000
"""A longer one is a table or no prose."""
MAX_ITEMS = 30
"""Members of a list that are looked at for its lead-in and for whom it names."""
MAX_DEADLINES = 40
"""More in one sentence are a table."""
_TIME = re.compile(MAY_DATE, re.IGNORECASE)
_AS_DEEMED = re.compile(r"\b(?:as|that|whom|which|such\s+\w+\s+as)\s+(?:the\s+|it\s+|they\s+)?(?:[\w.]+\s+){0,9}\Z")
_RELATED = re.compile(r"\b(?:that|who|which|if|as)\s+(?:\w+\s+)?\Z")
_WHO = re.compile(
    r"(?:^|[\s,(\u2014])(?:an?|the|each|any)\s+"
    r"(?P<who>(?:(?:(?:in|of|for|on|within|under)\s+(?:the|an?|each|any)\s+|(?!(?:an?|the|each|any)\s))"
    r"[\w.&'\u2019/-]+(?:,(?=\s+(?:that|which|who)\s))?\s+){1,14}?)(?:that|which|who)\s*,?\s*\Z"
)
_SAID_THAT = re.compile(
    r"\b(?:propos(?:e|es|ed|ing)|requir(?:e|es|ed|ing)|(?:provid|specif|stat|mandat|clarif|stipulat|prescrib)(?:e|es|ies|ing|ying))"
    r"\s+(?:(?:to\s+)?(?:requir|mandat|provid|specif|clarif)(?:e|y|ing|ying)\s+)?(?P<that>that\b,?)(?=[^;]{1,400}\Z)",
    re.IGNORECASE,
)
"""Behind it stands who must act, and before it only who says so: "EPA proposes that each facility"."""
_IT = re.compile(
    r"\b(?:if|where|when|once|unless|after|whenever)\s+(?P<who>(?:the|an?|each|any|such)\s+(?:(?!(?:that|which|who)\b)[\w.&'\u2019/-]+\s+){1,14}?)"
    r"(?:\w+ly\s+)?(?:is|has|does|was|becomes|considers?|finds|decides|determines|concludes|believes|receives|intends|wishes|proposes"
    r"|makes|takes|identifies|discovers|learns|detects|establishes|deems|suspects|ceases|changes|modifies|uses|deploys|provides|submits"
    r"|requests|refuses|rejects|grants|adopts|objects|issues|operates|places|chooses|elects|seeks|plans|knows|fails)\b"
    r"[^.;:]*,\s+(?:it|he|she|they)\s*\Z",
    re.IGNORECASE,
)
"""Whom a condition names and the pronoun behind it means: "If the Commission considers it necessary, it"."""
_ITEM = re.compile(r"(?:[-*\u2022\u25cf\u25aa\u25e6\u2023\u2013\u2014]|\d{1,2}(?:\.\d{1,2}){1,3}\.?)[ \t\u00a0]+(?=\S)")
"""The mark of a member of a list that the outline leaves in its paragraph."""
_LISTS = re.compile(r"(?:[:\u2014]|--)\Z")
_CONDITION = re.compile(r"(?:if|where|unless|when|in\s+the\s+case)\b", re.IGNORECASE)
_ON = re.compile(r"on\s", re.IGNORECASE)
_IS_HELD = re.compile(r"\s+be\s+held\b", re.IGNORECASE)
"""A day that something "will" be held on is an event."""
_CONTENT = re.compile(
    r"(?:the|an?|any)\s+(?:\w+\s+)?(?:amounts?|numbers?|extent|percentages?|results|rates?|names?|costs?)\b",
    re.IGNORECASE,
)
"""What a report tells of, with a rhythm of its own: "(A) the amount of taxes paid on an annual basis"."""
_BECOMES = re.compile(r"\s+be\s+(?:fully\s+)?(?:operational|ready|in\s+place)\b", re.IGNORECASE)
"""What somebody has to bring about: "a sandbox, which shall be operational by"."""
_IS_PAID = re.compile(
    r"\b(?:fines?|penalt(?:y|ies)|fees?|charges?|levy|levies|surcharges?|contributions?|premiums?|royalt(?:y|ies))\s+(?:\w+\s+)?be\s+paid\b",
    re.IGNORECASE,
)
"""Whoever acts in the sentence before takes such money rather than pays it."""
_CLAUSE_START = re.compile(
    r"(?:^|[,;:.\u2014]|--|(?:^|\s)\(\w{1,5}\)|\b(?:and|or|but|that|which|who|shall|must|will|of))[\s(]*"
    r"(?:(?:beginning|starting|commencing|effective|in\s+any\s+(?:event|case))\s+)?\Z",
    re.IGNORECASE,
)
_THEN = re.compile(
    r"(?:beginning|starting|commencing|effective|as\s+(?:of|from)|with\s+effect\s+from|from|on)\b", re.IGNORECASE
)
"""A day from which something is done, and not by which."""
_ENACTED_LATER = re.compile(r"\benact|\bthis\s+act\b", re.IGNORECASE)
_MEETING_OF = re.compile(r"\bmeetings?\s+of\s+(?P<who>(?:the|each)\s+[\w\s&'\u2019-]{2,120}?)\s*\Z", re.IGNORECASE)
_AND_WHO = re.compile(r"\band\s+")
_FAILURE_CHARS = 400
_DIRECTED_CHARS = 400
"""Behind "I direct" and before a deadline: how far one looks for who, and for who fails."""


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
    """Civil day on which it is due at the latest; None where not computable, as where a mere month is told."""
    recurring: str
    """none, annual, quarterly, monthly or other."""
    start: int
    end: int
    quote: str


def find_obligations(text: str, dates: TextDates | None = None) -> list[Obligation]:
    """All dated duties in the order of the text; an empty list where there is none."""
    if not LIMITED.search(text) or not MODAL.search(text):
        return []
    return _Reader(text, dates or TextDates()).read()


@dataclass(frozen=True)
class _Sentence:
    place: int
    """Of its paragraph."""
    start: int
    """Behind the mark of a list without letters or numbers."""
    end: int
    lead: str | None
    """The subject of the lead-in that it stands under; empty for a duty without actor, None for no duty."""
    earlier: list[tuple[int, int]]
    """The sentences before it in the paragraph, not too far away."""
    later: list[tuple[int, int]]
    """Those behind it."""

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end


class _Reader:
    """One text, cut into paragraphs."""

    def __init__(self, raw: str, dates: TextDates) -> None:
        self.raw = raw
        tamed = tame(raw)
        self.text = text = without_quotation_marks(tamed)
        self.dates = replace(dates, names=dates.names | own_names(raw))
        self.blocks = outline(text, passages(tamed))
        self.names = find_definitions(raw)
        self.times = [match.start() for match in _TIME.finditer(text)]
        self.verbs = list(MODAL.finditer(text))
        self.is_report = any(REPORTS_ON_BILL.match(verb[0]) for verb in self.verbs)
        self.verb_starts = [match.start() for match in self.verbs]
        self.bound: dict[tuple[int, int], str | None] = {}
        self.asides: dict[tuple[int, int], bool] = {}
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
        said = sentences(self.text, block.start, block.end)
        for number, (start, end) in enumerate(said):
            if end - start > MAX_SENTENCE_CHARS or not self._has_time(start, end):
                continue
            one = self._sentence(place, said, number)
            deadlines = self._deadlines(one)
            for deadline, begin in zip(deadlines, _begins(self.text, one.start, deadlines), strict=True):
                duty = self._duty(one, deadline)
                if duty:
                    yield self._obligation(block, (begin, end), deadline, *duty)

    def _deadlines(self, one: _Sentence) -> list[Deadline]:
        """Those of a sentence, but for the day from which a duty binds that has a deadline of its own."""
        found = find_deadlines(self.text, one.start, one.end, self.dates)[:MAX_DEADLINES]
        verbs = [self._governing(one, deadline) for deadline in found]
        return [
            deadline
            for place, deadline in enumerate(found)
            if deadline.recurring != "none"
            or not _THEN.match(self.text, deadline.start)
            or verbs[place] is None
            or verbs[place] not in verbs[place + 1 :]
        ]

    def _sentence(self, place: int, said: list[tuple[int, int]], number: int) -> _Sentence:
        start, end = said[number]
        mark = _ITEM.match(self.text, start, end)
        earlier = said[max(0, number - MAX_ITEMS) : number]
        later = said[number + 1 : number + 1 + MAX_ITEMS]
        lead = self._lead_in(place) if not earlier else self._led_by(earlier) if mark else None
        return _Sentence(place, mark.end() if mark else start, end, lead, earlier, later)

    def _led_by(self, earlier: list[tuple[int, int]]) -> str | None:
        """The subject of the lead-in to a list without letters or numbers, in the same paragraph."""
        for start, end in reversed(earlier):
            if LEADS.search(self.text, max(start, end - 40), end):
                return self._opened(start, end)
        return None

    def _has_time(self, start: int, end: int) -> bool:
        place = bisect_left(self.times, start)
        return place < len(self.times) and self.times[place] < end

    def _obligation(
        self, block: Block, span: tuple[int, int], deadline: Deadline, actor: str | None, action: str
    ) -> Obligation:
        return Obligation(
            section=block.label,
            actor=actor,
            action=action,
            period=deadline.period,
            anchor=deadline.anchor,
            due_date=None if self._is_enacted_later(deadline) else deadline.due,
            recurring=deadline.recurring,
            start=span[0],
            end=span[1],
            quote=self.raw[span[0] : min(span[1], span[0] + MAX_QUOTE_CHARS)],
        )

    def _is_enacted_later(self, deadline: Deadline) -> bool:
        """Whether a time runs from the enactment of the bill that the text, a report of a committee, only explains."""
        return self.is_report and bool(_ENACTED_LATER.search(self.text, deadline.start, deadline.end))

    def _duty(self, one: _Sentence, deadline: Deadline) -> tuple[str | None, str] | None:
        """Who must do what by a deadline; None where it governs no duty."""
        modal = self._governing(one, deadline)
        begin = modal.end() if modal and modal.end() <= deadline.start else one.start
        if is_failure(self.text[max(begin, deadline.start - _FAILURE_CHARS) : deadline.start]):
            return None
        if modal is not None:
            return self._stated(one, deadline, modal)
        if deadline.anchor is None and deadline.recurring != "none" and _CONTENT.match(self.text, one.start):
            return None
        action = _action(self.text, deadline.end, one.end)
        if actor := self._members_subjects(one):
            return actor, action
        if one.lead is None:
            return None
        actor = one.lead or agent(self.text, one.span, self.names)
        return (actor, action) if actor else None

    def _stated(self, one: _Sentence, deadline: Deadline, modal: re.Match[str]) -> tuple[str | None, str] | None:
        """The duty of a verb in the sentence itself."""
        is_event = modal["weak"] and (_ON.match(self.text, deadline.start) or _IS_HELD.match(self.text, modal.end()))
        if modal["may"] or is_event or NO_DUTY.match(self.text, modal.end()):
            return None
        if is_finding(self.text, one.start, modal):
            return None
        subject = self._subject(one.start, modal)
        if subject is None and deadline.end <= modal.start():
            subject = self._subject(deadline.end, modal)
        actor = self._bound(one, modal, subject, deadline)
        if is_input(self.text, deadline.end if deadline.end <= modal.start() else one.start, modal, subject):
            return None
        begin = deadline.end if one.start <= deadline.start and deadline.end <= modal.start() else one.start
        is_due = is_due_from_somebody(self.text, begin, modal)
        is_binding = actor is not None or is_due or (is_passive(self.text, modal) and not modal["due"])
        if not is_binding or is_forecast(self.text, one.start, modal, actor):
            return None
        if NEGATED.match(self.text, modal.end()) and actor is None:
            return None
        if modal["have"]:
            return actor, _action(self.text, deadline.end, one.end).removeprefix("to ")
        return actor, _action(self.text, begin if is_due else modal.end(), one.end)

    def _bound(self, one: _Sentence, modal: re.Match[str], subject: str | None, deadline: Deadline) -> str | None:
        """Who must act: the subject, or, where it is what is done, whom the words around name."""
        passive = is_passive(self.text, modal)
        if subject is not None and not passive:
            return subject
        actor = agent(self.text, one.span, self.names) or self._members_subjects(one) or subject
        if actor is None and _BECOMES.match(self.text, modal.end()):
            actor = next(
                (
                    found
                    for other in self._modals(one.start, modal.start())
                    if (found := self._subject(one.start, other))
                ),
                None,
            )
        if meeting := passive and actor is None and _MEETING_OF.search(self.text, one.start, modal.start()):
            actor = named(meeting["who"], self.names) if is_actor(meeting["who"]) else None
        if actor is None and passive:
            actor = named_list([one for one in knowers(deadline.anchor) if is_actor(one)], self.names)
        if (
            actor is None
            and passive
            and not _IS_PAID.search(self.text, max(one.start, modal.start() - 60), modal.end() + 9)
        ):
            actor = self._lead_in(one.place) or self._before(one)
        return actor

    def _governing(self, one: _Sentence, deadline: Deadline) -> re.Match[str] | None:
        """The verb of duty that a deadline belongs to, in its own sentence."""
        modals = self._modals(one.start, one.end)
        before = [match for match in modals if match.end() <= deadline.start]
        after = [match for match in modals if match.start() >= deadline.end]
        is_leading = bool(_CLAUSE_START.search(self.text[one.start : deadline.start]))
        if after and after[0]["may"] and not self.text[deadline.end : after[0].start()].strip(" ,"):
            return after[0]
        if after and is_leading and (not before or not _is_directly_behind(self.text, before[-1], deadline)):
            has_subject = self._subject(max(deadline.end, one.start), after[0]) is not None
            if has_subject or (not one.lead and not before):
                return after[0]
        if before:
            return before[-1]
        return after[0] if after and is_leading and not one.lead else None

    def _modals(self, start: int, end: int) -> list[re.Match[str]]:
        """The verbs of duty and of leave, but for what somebody "may deem appropriate"."""
        first, last = bisect_left(self.verb_starts, start), bisect_left(self.verb_starts, end)
        return [one for one in self.verbs[first:last] if one.end() <= end and not self._is_aside(start, one)]

    def _is_aside(self, start: int, modal: re.Match[str]) -> bool:
        begin = max(start, modal.start() - 90)
        if (begin, modal.start()) not in self.asides:
            lead = self.text[begin : modal.start()]
            self.asides[begin, modal.start()] = bool(
                (modal["may"] and _AS_DEEMED.search(lead)) or (modal["told"] and _RELATED.search(lead))
            )
        return self.asides[begin, modal.start()]

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
            if said and (found := self._opened(*said[-1])) is not None:
                return found
            parent = block.parent
        return None

    def _opened(self, start: int, end: int) -> str | None:
        """The subject of a sentence that opens a list; empty where it has none, None where it is no such sentence."""
        modals = self._modals(start, end)
        if not modals or not LEADS.search(self.text, max(start, end - 40), end):
            return None
        return "" if modals[-1]["may"] else self._subject(start, modals[-1]) or ""

    def _members_subjects(self, one: _Sentence) -> str | None:
        """Those whom the members of the list that a sentence opens name: who shall do what."""
        is_condition = _CONDITION.match(self.text, one.start)
        if is_condition or not _LISTS.search(self.text, max(one.start, one.end - 2), one.end):
            return None
        blocks = [self.blocks[child] for child in self.children[one.place]] if not one.later else []
        firsts = [said for block in blocks for said in sentences(self.text, block.start, block.end)[:1]]
        found: dict[str, None] = {}
        for start, end in firsts or one.later:
            mark = _ITEM.match(self.text, start, end)
            if not firsts and mark is None:
                break
            begin = mark.end() if mark else start
            modal = MODAL.search(self.text, begin, end)
            actor = self._subject(begin, modal) if modal and not modal["may"] else None
            if actor:
                found[actor] = None
        return "; ".join(found) or None

    def _before(self, one: _Sentence) -> str | None:
        """The actor of the sentence before, for "The report shall be submitted within ..."."""
        return next((actor for said in reversed(one.earlier) if (actor := self._actor_of(said))), None)

    def _actor_of(self, said: tuple[int, int]) -> str | None:
        """The first that a sentence binds."""
        if said not in self.bound:
            binding = (modal for modal in self._modals(*said) if not modal["may"])
            found = (self._subject(said[0], modal) for modal in binding)
            self.bound[said] = next((actor for actor in found if actor), None)
        return self.bound[said]

    def _subject(self, start: int, modal: re.Match[str]) -> str | None:
        """Who the subject of a verb of duty is; None where it is no actor."""
        if modal["direct"]:
            return named_list(directed(self.text[modal.end() : modal.end() + _DIRECTED_CHARS]), self.names)
        if said := _SAID_THAT.search(self.text, start, modal.start()):
            start = said.end("that")
        region = self.text[start : modal.start()]
        if it := _IT.search(region):
            return named(it["who"], self.names) if is_actor(it["who"]) else None
        if who := _WHO.search(region):
            return named(who["who"], self.names) if is_actor(f"the {who['who']}") else None
        previous = self._modals(start, modal.start())
        if not previous:
            region = spread_offices(region)
        parts = split_parts(region)
        if previous:
            if re.fullmatch(r".*\b(?:and|or|but)\s*", self.text[previous[-1].end() : modal.start()], re.DOTALL):
                return self._subject(start, previous[-1])
            cut = previous[-1].end() - start
            parts = [(place, part) for place, part in parts if place >= cut] or [(cut, region[cut:])]
        is_active = not modal["weak"] and (bool(modal["told"]) or not is_passive(self.text, modal))
        if not previous and (joint := joint_subject(region, is_active)):
            return named_list(joint, self.names)
        found = subject_parts([part for _, part in parts], is_active, bool(previous))
        if not found and previous:
            found = [last for last in _AND_WHO.split(parts[-1][1])[1:][-1:] if is_actor(last)]
        return named_list(found, self.names)


def _begins(text: str, start: int, deadlines: list[Deadline]) -> list[int]:
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


def _is_directly_behind(text: str, modal: re.Match[str], deadline: Deadline) -> bool:
    """Whether a deadline is pushed in behind its verb: "shall, within 90 days of ..., develop"."""
    return bool(re.fullmatch(r"[\s,]*(?:also|then|each)?[\s,]*", text[modal.end() : deadline.start]))


def _action(text: str, start: int, end: int) -> str:
    """What is to be done, up to the end of the sentence, without what is pushed in before the verb."""
    said = " ".join(text[start:end].split()).strip(" ,;:.\u2014-")
    return said if len(said) <= MAX_ACTION_CHARS else said[:MAX_ACTION_CHARS].rsplit(" ", 1)[0]

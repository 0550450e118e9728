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
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from pipelines.enrich import duty_words
from pipelines.enrich.actors import agent, find_definitions, is_actor, named, named_list, split_parts, subject_parts
from pipelines.enrich.anchors import TextDates
from pipelines.enrich.deadlines import LIMITED, MAY_DATE, Deadline, find_deadlines
from pipelines.enrich.outline import Block, outline, sentences
from pipelines.enrich.tame import tame

EXTRACTOR_VERSION = "obligations/1"
SEED = duty_words.SEED
__all__ = ["EXTRACTOR_VERSION", "SEED", "Obligation", "TextDates", "find_obligations"]
MAX_QUOTE_CHARS = 400
MAX_ACTION_CHARS = 300
MAX_SENTENCE_CHARS = 12_000
"""A longer one is a table or no prose."""
_TIME = re.compile(MAY_DATE, re.IGNORECASE)
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
_WHO = re.compile(
    r"(?:^|[\s,(\u2014])(?:an?|the|each|any)\s+"
    r"(?P<who>(?:(?!(?:an?|the|each|any)\s)[\w.&'\u2019/-]+\s+){1,12}?)(?:that|which|who)\s*,?\s*\Z"
)
_CLAUSE_START = re.compile(r"(?:^|[,;:.\u2014]|--|\b(?:and|or|but|that|which|who|shall|must|will|of))[\s(]*\Z")


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


def find_obligations(text: str, dates: TextDates | None = None) -> list[Obligation]:
    """All dated duties in the order of the text; an empty list where there is none."""
    if not LIMITED.search(text) or not _MODAL.search(text):
        return []
    return _Reader(tame(text), dates or TextDates()).read()


class _Reader:
    """One text, cut into paragraphs."""

    def __init__(self, text: str, dates: TextDates) -> None:
        self.text = text
        self.dates = dates
        self.blocks = outline(text)
        self.names = find_definitions(text)
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
            deadlines = list(find_deadlines(self.text, start, end, self.dates))
            for deadline, begin in zip(deadlines, _begins(self.text, start, deadlines), strict=True):
                duty = self._duty(place, number == 0, (start, end), deadline)
                if duty:
                    yield self._obligation(block, (begin, end), deadline, *duty)

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
            due_date=deadline.due,
            recurring=deadline.recurring,
            start=span[0],
            end=span[1],
            quote=self.text[span[0] : min(span[1], span[0] + MAX_QUOTE_CHARS)],
        )

    def _duty(
        self, place: int, is_first: bool, span: tuple[int, int], deadline: Deadline
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
        actor = lead or agent(self.text, span, self.names)
        return (actor, _action(self.text, deadline.end, span[1])) if actor else None

    def _stated(
        self, place: int, is_first: bool, span: tuple[int, int], deadline: Deadline, modal: re.Match[str]
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
            actor = (
                agent(self.text, span, self.names)
                or self._children_subjects(place, span)
                or (None if actor is None else actor)
            )
        if actor is None and is_passive:
            actor = self._lead_in(place) or self._before(place, span[0])
        if actor is None and not is_passive:
            return None
        return actor, action

    def _governing(self, place: int, is_first: bool, span: tuple[int, int], deadline: Deadline) -> re.Match[str] | None:
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

    def _of_children(self, place: int, span: tuple[int, int], deadline: Deadline) -> tuple[str | None, str] | None:
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

    def _subject(self, start: int, modal: re.Match[str]) -> str | None:
        """Who the subject of a verb of duty is; None where it is no actor."""
        if modal["direct"]:
            said = re.match(
                r"\s+(?:that\s+)?([^,;:]{3,200}?)(?=,|;|:|\s+to\s)", self.text[modal.end() : modal.end() + 260]
            )
            return named(said[1], self.names) if said and is_actor(said[1]) else None
        region = self.text[start : modal.start()]
        if who := _WHO.search(region):
            return named(who["who"], self.names) if is_actor(f"the {who['who']}") else None
        parts = split_parts(region)
        previous = self._modals(start, modal.start())
        if previous:
            if re.fullmatch(r".*\b(?:and|or|but)\s*", self.text[previous[-1].end() : modal.start()], re.DOTALL):
                return self._subject(start, previous[-1])
            cut = previous[-1].end() - start
            parts = [(place, part) for place, part in parts if place >= cut] or [(cut, region[cut:])]
        is_active = not _PASSIVE.match(self.text, modal.end()) or bool(modal["told"])
        return named_list(subject_parts([part for _, part in parts], is_active, bool(previous)), self.names)


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

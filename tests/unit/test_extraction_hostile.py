"""Hostile text costs little: twice as much of it costs not much more than twice the time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from pipelines.enrich.citations import find_citations
from pipelines.enrich.dates import find_dates, find_relative_dates
from pipelines.enrich.dispositions import parse_dispositions
from pipelines.enrich.money import find_amounts
from pipelines.enrich.obligations import find_obligations
from pipelines.enrich.relations import find_relations
from pipelines.enrich.tame import MAX_RUN, SHORT_CHARS, tame

CHARS = 100_000
MAX_CPU_SECONDS = 10
"""Measured under 1.3; a pattern that backtracks takes minutes."""
UNITS = (
    "(", "section ", "$", "1,", "within ", " ", "\n", "A", "Act ", "(a) ", "Within 90 days of ", "15 U.S.C. 1 and ",
    "Within 90 days of the Act the agency shall " * 250 + ". ", "- the Board must: \n",
    "It shall be made within 5 days. ", "$1 ", "one hundred ", "Sec. 1. ", "is amended ", "pursuant to ",
    "the Secretary of State, ", "comment ", "amends 15 U.S.C. 1, ", "revokes the following: M-24-10; ",
    "If M-24-10 is revoked, ", "(a) amends M-24-10; ", "EOs 10000, ", "Revoked by: EO 10000, May 1, 1990; ",
    "sections 1, ",
    "half a million ", "between two and ", "1.000.000 ", "5 to 6 dollars ",
    "not less than $5 nor more than $6 ", "between EUR 4 and ", "maximum of a b c d e f ", "(1) $5; and ",
    "5 million to ", "Regulation ", "chapters 1, ", "rule document ", "EPA-HQ-", "Senate Bill ",
    "Regulations (EU) 2031/1, ", "Docket Nos. ", "title 15 of the ", "RIN 1234-AB12, ",
    "in accordance with the Act (15 U.S.C. 1), ", "the court stayed EO 10000 ", "In FR Doc. 2031-01580, correct the ",
    "having regard to Regulation (EU) 2031/1, ", "pursuant to the Clocks Act and the ", "delays the effective date of ",
    "15 U.S.C. 9401, 9402, 9403-", "the committee ", "the Committee directs the ", "following:\n\u201c(a) It ",
    "''\n``(a) ", "records shall be kept ", "I am continuing the ", "will not enforce ", "Revokes EOs 10000 ",
    "continuing national emergency ",
    "consultation open ", "comments extended to ", "Made - ", "responses must be sent ", "amends the rule ",
)  # fmt: skip
EXTRACTORS: dict[str, Callable[[str], Any]] = {
    "citations": find_citations,
    "relations": find_relations,
    "dispositions": parse_dispositions,
    "obligations": find_obligations,
    "amounts": lambda text: find_amounts(text, "US"),
    "dates": find_dates,
    "relative dates": lambda text: find_relative_dates(text, None),
}


@pytest.mark.parametrize("name", EXTRACTORS)
@pytest.mark.parametrize("unit", UNITS)
def test_hostile_text_takes_no_time(name: str, unit: str) -> None:
    text = (unit * (CHARS // len(unit) + 1))[:CHARS]
    began = time.process_time()
    EXTRACTORS[name](text)
    assert time.process_time() - began < MAX_CPU_SECONDS


@pytest.mark.parametrize("run", [" ", "\n", "(", "$", "7", "x", "-"])
def test_tamed_text__has_the_same_places(run: str) -> None:
    text = f"before {run * SHORT_CHARS} behind"
    safe = tame(text)
    assert len(safe) == len(text)
    assert safe.startswith("before ")
    assert safe.endswith(" behind")
    assert run * (MAX_RUN + 2) not in safe
    assert tame("An ordinary sentence, of section 4(a).") == "An ordinary sentence, of section 4(a)."

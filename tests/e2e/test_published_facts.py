"""What a published edition of all bundled sources says is so: quotes, the status of known policies, mentions.

Every quote stands in the archived answer that its row of evidence points at: its words are looked for in the
decoded bytes at the row's own place in the archive. What is no word of the source is listed here, with the reason.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipelines.evaluate.standing import labels_folder
from pipelines.evaluate.tasks import run_usual
from pipelines.home import Home
from pipelines.publish.edition import current_edition
from scrapers.durable import file_sha256
from scrapers.registry import sources
from tests.e2e import world
from tests.e2e.payloads import answer_letters, forms_of_day, letters
from tests.sample_edition import WINDOWS, publish_samples

pytestmark = pytest.mark.slow

STORY = ("2019-02-01", "2026-10-09")
ALL_SOURCES = {slug: WINDOWS.get(slug, STORY) for slug in sources()}
OUR_WORD = "availability"
"""A state is our own word for what an answer shows: HTTP 404 or 410, an editorial note, a list that has the page again.
Its row says so, since the quote begins with the name of the field; that the archive holds the answer is all to ask."""
TWO_VALUES = {
    ("eu_cellar", "relation"): " ",  # two cells of one row of SPARQL results: the kind of relation, and the target
    ("us_nist", "title"): ": ",  # title-main and title-sub of one record
}
"""Quotes that are two values of one record, and what joins them: each is looked for by itself."""
NOT_STATED = {
    "uk-ai-strategy-2021": "no official page says that a part of it was replaced",
    "uk-white-paper-2023": "the page of the consultation states when it closes, and is a policy of its own",
    "uk-response-2024": "the outcome of a consultation is a page of it",
    "uk-aisi-2025": "the renaming is known by a press release, which announces",
}
"""Known policies whose status the official sources do not state as the labels do."""
SPEECH = "Sample speech on machine learning in ordinary offices"
PUT_TOGETHER = ("eu_cellar", "uk_legislation", "uk_parliament_bills", "uk_ukri_gtr", "us_omb_memos")
"""Sources whose documents are put together from several answers, in the samples too."""


@dataclass(frozen=True)
class Quoted:
    """A row of evidence that has a quote."""

    source_id: str
    document_id: str
    quote_field: str
    quote: str
    payload_sha256: str
    source_url: str
    warc_file: str
    warc_offset: int

    def stands_in(self, said: str) -> bool:
        """Whether an answer says it; of a day that we write as YYYY-MM-DD, whether it says that day in any form."""
        value = re.fullmatch(rf"{re.escape(self.quote_field)}: (\d{{4}}-\d\d-\d\d)", self.quote)
        if value is not None:
            zone = ZoneInfo(sources()[self.source_id].time_zone)
            return any(form in said for form in forms_of_day(date.fromisoformat(value[1]), zone))
        joined_by = TWO_VALUES.get((self.source_id, self.quote_field))
        return letters(self.quote) in said or (
            joined_by is not None and all(letters(part) in said for part in self.quote.split(joined_by, 1))
        )


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with an edition of all bundled sources."""
    home = Home(tmp_path_factory.mktemp("evidence") / "home")
    publish_samples(home, ALL_SOURCES)
    return home.root


def quoted(home: Path) -> Iterator[Quoted]:
    columns = ", ".join(Quoted.__annotations__)
    for row in world.from_edition(home, f"select {columns} from evidence where quote is not null order by all"):
        yield Quoted(*row)


def answer_of(home: Path, row: Quoted) -> str:
    """What the answer says that a row points at; raises ValueError where the archive holds another one there."""
    file = home / "archive" / row.source_id / row.warc_file
    return answer_letters(file, row.warc_offset, row.source_url, row.payload_sha256)


def test_every_quote_stands_in_the_answer_that_its_row_points_at(everything: Path) -> None:
    rows = list(quoted(everything))
    assert Counter(row.source_id for row in rows).keys() == sources().keys()
    said = {row: answer_of(everything, row) for row in rows}
    lost = [row for row in rows if row.quote_field != OUR_WORD and not row.stands_in(said[row])]
    assert lost == []


def test_it_would_not_stand_in_another_answer(everything: Path) -> None:
    """The check can fail: the words of the list that ends a memorandum are not in its file."""
    note = next(row for row in quoted(everything) if (row.source_id, row.quote_field) == ("us_omb_memos", "note"))
    whole = "select payload_sha256, source_url, warc_file, warc_offset from evidence where quote is null"
    file = world.from_edition(everything, f"{whole} and document_id = ?", note.document_id)[0]
    of_file = Quoted(note.source_id, note.document_id, note.quote_field, note.quote, *file)
    assert of_file.source_url.endswith(".pdf")
    assert note.stands_in(answer_of(everything, note))
    assert not of_file.stands_in(answer_of(everything, of_file))


def test_hash_address_place_and_time_are_of_one_answer(everything: Path) -> None:
    mixed = """
        select evidence.evidence_id from evidence
        where not exists (
            select 1 from fetches
            where
                fetches.source_id = evidence.source_id and fetches.payload_sha256 = evidence.payload_sha256
                and fetches.url = evidence.source_url and fetches.warc_file = evidence.warc_file
                and fetches.warc_offset = evidence.warc_offset and fetches.started_at = evidence.fetched_at
        )
    """
    assert world.from_edition(everything, mixed) == []


def test_known_policies__have_their_status_on_five_days_around_each_change(everything: Path) -> None:
    folder = labels_folder()
    if folder is None:
        pytest.skip("the label files are not here: expected ../shared/labels or AIPOLICY_SHARED")
    report = run_usual("status", folder, current_edition(Home(everything)))
    assert report.metrics["rows"] >= 59
    assert {error["id"] for error in report.errors} <= NOT_STATED.keys(), report.errors


def test_a_secondary_text__becomes_no_official_event_and_points_at_what_it_mentions(everything: Path) -> None:
    (speech,) = world.from_edition(
        everything, "select document_id, relevance, policy_id from documents where title = ?", SPEECH
    )
    document_id, relevance, policy_id = speech
    assert (relevance, policy_id) == (2, None)
    mentions = world.from_edition(
        everything,
        "select relation, to_policy_id, relation_date from policy_relations where stated_by_document_id = ? order by 2",
        document_id,
    )
    (memorandum,) = world.from_edition(
        everything, "select policy_id from policies where jurisdiction = 'multilateral' and instrument = 'agreement'"
    )
    mentioned = sorted([*memorandum, "us-eo-14110", "us-fr-2024-01580"])
    assert mentions == [("cites", policy, None) for policy in mentioned]
    for table in ("policy_events", "policy_event_history", "obligations"):
        assert world.from_edition(everything, f"from {table} where document_id = ?", document_id) == [], table
    amounts = "select low, high, currency, kind, qualifier, policy_id from amounts where document_id = ?"
    assert world.from_edition(everything, amounts, document_id) == [
        (Decimal(100_000_000), None, "GBP", "announced", "more than", None)
    ]


@pytest.mark.parametrize("slug", PUT_TOGETHER)
def test_a_replay_finds_the_same_answers(everything: Path, slug: str) -> None:
    (landing,) = (everything / "landing" / slug).glob("*.jsonl")
    before = file_sha256(landing)
    assert b'"read_from":[{' in landing.read_bytes()
    ended = subprocess.run(
        [sys.executable, "-m", "scrapers.replay", slug, "--home", str(everything)], capture_output=True, check=False
    )
    assert ended.returncode == 0, ended.stderr.decode()
    assert file_sha256(landing) == before

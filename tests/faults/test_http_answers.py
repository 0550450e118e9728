"""Faults of what is answered, over the wire: walls, lists that move or lie, robots.txt, what is gone at its source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from scrapers.runtime.archive import read_answer
from tests.contract.walls import ORDINARY, WALLS
from tests.e2e import world
from tests.faults.crawling import (
    AWARDS,
    AWARDS_HOST,
    AWARDS_PATH,
    MEMOS,
    MEMOS_HOST,
    MEMOS_PATH,
    MONTH,
    Crawled,
    crawl,
    crawl_awards,
    crawl_memos,
    loaded,
)
from tests.faults.server import Asked, FaultServer, Reset, Step, answer, fault_server
from tests.faults.verdict import Verdict

JSON, HTML = "application/json", "text/html"
FORBIDDEN = "User-agent: *\nDisallow: {}\n"
ACCENTED = "Étude à £5 –"
READ = "select document_id, version_no, title, body, availability from raw.document_parses"
GOVUK, GOVUK_HOST, CONTENT = "uk_govuk", "www.gov.uk", "/api/content/"


def body_of(said: bytes) -> bytes:
    return said.partition(b"\r\n\r\n")[2]


def retitled(body: bytes, prefix: str) -> bytes:
    """Awards with something before each title."""
    said = orjson.loads(body)
    for award in said["response"]["award"]:
        award["title"] = f"{prefix} {award['title']}"
    return orjson.dumps(said)


def months(count: int) -> tuple[str, str]:
    """A window of some months, each of which is one request for awards."""
    years, rest = divmod(count - 1, 12)
    return ("2001-01-01", f"{2001 + years}-{rest + 1:02}-28")


def crawl_answers(home: Path, bodies: list[bytes], **headers: str) -> Crawled:
    """A crawl in which each answer is another of these."""
    given = iter(bodies)
    with fault_server() as server:
        server.when(lambda asked: asked.path == AWARDS_PATH, lambda _: (answer(next(given), **headers),))
        crawled = crawl(home, AWARDS, {AWARDS_HOST: server.url}, *months(len(bodies)))
    assert next(given, None) is None
    return crawled


@pytest.mark.fault("H17")
@pytest.mark.parametrize("label", ["iso-8859-1", "utf-16"])
def test_json_is_utf_8_whatever_its_label_says(
    awards: FaultServer, tmp_path: Path, verdict: Verdict, label: str
) -> None:
    expected = crawl_awards(tmp_path / "clean", awards).titles

    def labelled(asked: Asked) -> Iterator[Step]:
        yield answer(retitled(body_of(awards.passed_on(asked)), ACCENTED), Content_Type=f"{JSON}; charset={label}")

    awards.when(lambda asked: asked.path == AWARDS_PATH, labelled)
    crawled = crawl_awards(tmp_path / "home", awards)
    assert crawled.ledger.is_good, crawled.ledger.faults
    verdict.recovered(sum(crawled.titles[one] != f"{ACCENTED} {title}" for one, title in expected.items()))


@pytest.mark.fault("H17")
@pytest.mark.parametrize(
    ("slug", "path", "window", "label"),
    [
        (MEMOS, MEMOS_PATH, MONTH, (b"<head>", b'<head><meta charset="iso-8859-1">')),
        ("us_white_house", "/news/feed/", ("2025-01-20", "2025-01-31"), (b"UTF-8", b"ISO-8859-1")),
    ],
    ids=["page", "feed"],
)
def test_a_text_is_utf_8_where_it_can_be(
    memos: FaultServer,
    tmp_path: Path,
    verdict: Verdict,
    slug: str,
    path: str,
    window: tuple[str, str],
    label: tuple[bytes, bytes],
) -> None:
    expected = crawl(tmp_path / "clean", slug, {MEMOS_HOST: memos.url}, *window).titles
    word = max((word for title in expected.values() for word in title.split() if word.isascii()), key=len)

    def labelled(asked: Asked) -> Iterator[Step]:
        said = memos.passed_on(asked)
        if label[0] not in said:
            yield said
            return
        body = body_of(said).replace(*label).replace(word.encode(), ACCENTED.encode())
        yield answer(body, Content_Type="text/html; charset=iso-8859-1")

    memos.when(lambda asked: asked.path == path, labelled)
    titles = crawl(tmp_path / "home", slug, {MEMOS_HOST: memos.url}, *window).titles
    assert ACCENTED in "".join(titles.values())
    verdict.recovered(sum(titles[one] != title.replace(word, ACCENTED) for one, title in expected.items()))


@pytest.mark.fault("H18")
def test_walls_are_never_empty_answers(tmp_path: Path, verdict: Verdict) -> None:
    crawled = crawl_answers(tmp_path, list(WALLS.values()), Content_Type=HTML)
    crawled.assert_gap_shown("BlockPage")
    listings = [fetch for fetch in crawled.ledger.fetches if fetch.purpose == "listing"]
    assert len(listings) == len(WALLS)
    verdict.gap_shown(sum(fetch.outcome != "refused:BlockPage" for fetch in listings))


@pytest.mark.fault("H19")
def test_pages_are_never_lists(tmp_path: Path, verdict: Verdict) -> None:
    crawled = crawl_answers(tmp_path, list(ORDINARY.values()), Content_Type=JSON)
    crawled.assert_gap_shown()
    listings = [fetch for fetch in crawled.ledger.fetches if fetch.purpose == "listing"]
    assert len(listings) == len(ORDINARY)
    verdict.gap_shown(sum(not fetch.outcome.startswith("refused:") for fetch in listings))


@pytest.mark.fault("H20")
@pytest.mark.parametrize(
    "empty",
    [[], {}, {"response": {}}, {"response": {"award": []}}, {"response": {"award": [], "metadata": {"totalCount": 0}}}],
    ids=str,
)
def test_an_empty_month_is_a_fault(awards: FaultServer, tmp_path: Path, verdict: Verdict, empty: object) -> None:
    awards.on(AWARDS_PATH, answer(orjson.dumps(empty), Content_Type=JSON))
    crawled = crawl_awards(tmp_path, awards)
    crawled.assert_gap_shown()
    verdict.gap_shown(crawled.ledger.is_good)


NO_AWARDS: dict[str, Any] = {"award": []}


@pytest.mark.fault("H20")
def test_an_empty_working_day_that_counts_nothing_is_a_fault(
    awards: FaultServer, tmp_path: Path, verdict: Verdict
) -> None:
    awards.on(AWARDS_PATH, answer(orjson.dumps({"response": NO_AWARDS}), Content_Type=JSON))
    crawled = crawl(tmp_path, AWARDS, {AWARDS_HOST: awards.url}, "2024-01-30", "2024-01-30")
    crawled.assert_gap_shown("expected awards or a count of none")
    verdict.gap_shown(crawled.ledger.is_good)


@pytest.mark.fault("H20")
@pytest.mark.parametrize(
    ("day", "said"),
    [("2024-01-30", {**NO_AWARDS, "metadata": {"totalCount": 0}}), ("2024-01-28", NO_AWARDS)],
    ids=["counted", "Sunday"],
)
def test_a_day_is_empty_where_its_source_says_so_or_nobody_works(
    awards: FaultServer, tmp_path: Path, verdict: Verdict, day: str, said: dict[str, Any]
) -> None:
    awards.on(AWARDS_PATH, answer(orjson.dumps({"response": said}), Content_Type=JSON))
    crawled = crawl(tmp_path, AWARDS, {AWARDS_HOST: awards.url}, day, day)
    assert crawled.ledger.is_good, crawled.ledger.faults
    verdict.recovered(crawled.ledger.found_total)


class Pages:
    """The awards of a month, two a page; the list may change between two pages."""

    def __init__(self, server: FaultServer) -> None:
        self._server = server
        self.shown: list[dict[str, Any]] = []
        self.between: Callable[[list[dict[str, Any]]], None] = lambda _: None

    def script(self, asked: Asked) -> Iterator[Step]:
        offset = int(parse_qs(urlsplit(asked.target).query)["offset"][0])
        if offset == 1:
            self.shown = orjson.loads(body_of(self._server.passed_on(asked)))["response"]["award"]
        else:
            self.between(self.shown)
        page = {"award": self.shown[offset - 1 : offset + 1], "metadata": {"totalCount": len(self.shown)}}
        yield answer(orjson.dumps({"response": page}), Content_Type=JSON)

    def missed(self, crawled: Crawled) -> int:
        """How many of the awards shown at the end a crawl has not read."""
        return len({f"nsf-award:{one['id']}" for one in self.shown} - set(crawled.titles))


@pytest.fixture
def pages(awards: FaultServer) -> Pages:
    made = Pages(awards)
    awards.when(lambda asked: asked.path == AWARDS_PATH, made.script)
    return made


def test_pages_that_do_not_move_are_read_whole(pages: Pages, awards: FaultServer, tmp_path: Path) -> None:
    crawled = crawl_awards(tmp_path, awards)
    assert crawled.ledger.is_good, crawled.ledger.faults
    assert len(pages.shown) > 4
    assert pages.missed(crawled) == 0


def grow(shown: list[dict[str, Any]]) -> None:
    if shown[0]["id"] != "2400001":
        shown.insert(0, {**shown[0], "id": "2400001"})


def shrink(shown: list[dict[str, Any]]) -> None:
    shown.pop(0)


@pytest.mark.fault("H21")
@pytest.mark.parametrize("change", [grow, shrink])
def test_a_list_that_moves_between_pages_is_a_fault(
    pages: Pages,
    awards: FaultServer,
    tmp_path: Path,
    verdict: Verdict,
    change: Callable[[list[dict[str, Any]]], None],
) -> None:
    pages.between = change
    crawled = crawl_awards(tmp_path, awards)
    missed = pages.missed(crawled)
    assert missed
    crawled.assert_gap_shown()
    verdict.gap_shown(missed if crawled.ledger.is_good else 0)


@pytest.mark.fault("H22")
def test_a_page_that_repeats_ends_it(awards: FaultServer, tmp_path: Path, verdict: Verdict) -> None:
    def again(asked: Asked) -> Iterator[Step]:
        first = asked.target.replace(f"offset={parse_qs(asked.target)['offset'][0]}", "offset=1")
        said = orjson.loads(body_of(awards.passed_on(Asked(asked.at, asked.method, first, asked.headers, asked.body))))
        said["response"]["metadata"] = {"totalCount": 1_000_000}
        yield answer(orjson.dumps(said), Content_Type=JSON)

    awards.when(lambda asked: asked.path == AWARDS_PATH, again)
    crawled = crawl_awards(tmp_path, awards)
    crawled.assert_gap_shown()
    verdict.gap_shown(len(awards.asked_for(AWARDS_PATH)))


@pytest.mark.fault("H23")
def test_robots_that_forbid_a_part_are_obeyed(memos: FaultServer, tmp_path: Path, verdict: Verdict) -> None:
    memos.on("/robots.txt", answer(FORBIDDEN.format("/wp-content/").encode()))
    crawled = crawl_memos(tmp_path, memos)
    assert memos.asked_for(MEMOS_PATH)
    crawled.assert_gap_shown("Forbidden by robots.txt")
    verdict.gap_shown(sum(asked.path.startswith("/wp-content/") for asked in memos.asked))


@pytest.mark.fault("H23")
def test_robots_that_forbid_later_are_obeyed_by_the_next_crawl(
    awards: FaultServer, tmp_path: Path, verdict: Verdict
) -> None:
    assert crawl_awards(tmp_path, awards).ledger.is_good
    awards.asked.clear()
    awards.on("/robots.txt", answer(FORBIDDEN.format("/services/").encode()))
    crawled = crawl_awards(tmp_path, awards)
    assert "not checked since its last good crawl at" in crawled.told
    assert "Forbidden by robots.txt" in crawled.told
    verdict.gap_shown(len(awards.asked_for(AWARDS_PATH)))


LONG_ROBOTS = b"User-agent: other\nDisallow: /\n" + b"# nothing\n" * 1_000_000 + FORBIDDEN.format("/services/").encode()


@pytest.mark.fault("H24")
@pytest.mark.parametrize(
    "step",
    [answer(status="503 Service Unavailable"), Reset(), answer(LONG_ROBOTS)],
    ids=["503", "reset", "10 MB"],
)
def test_robots_that_cannot_be_read_allow_nothing(
    awards: FaultServer, tmp_path: Path, verdict: Verdict, step: Step
) -> None:
    awards.on("/robots.txt", step)
    crawled = crawl_awards(tmp_path, awards, max_retries=1)
    crawled.assert_gap_shown("robots.txt")
    verdict.gap_shown(len(awards.asked_for(AWARDS_PATH)))


@pytest.mark.fault("H24")
def test_robots_that_are_not_there_forbid_nothing(awards: FaultServer, tmp_path: Path, verdict: Verdict) -> None:
    awards.on("/robots.txt", answer(FORBIDDEN.format("/").encode(), "404 Not Found"))
    crawled = crawl_awards(tmp_path, awards)
    assert crawled.ledger.is_good, crawled.ledger.faults
    assert awards.asked_for(AWARDS_PATH)
    verdict.recovered(0)


@pytest.mark.fault("H25")
def test_not_modified_is_no_answer(awards: FaultServer, tmp_path: Path, verdict: Verdict) -> None:
    awards.on(AWARDS_PATH, answer(status="304 Not Modified"))
    crawled = crawl_awards(tmp_path, awards)
    crawled.assert_gap_shown("HTTP 304")
    verdict.gap_shown(len(crawled.landed))


@pytest.mark.fault("H25")
def test_an_etag_that_lies_hides_nothing(awards: FaultServer, tmp_path: Path, verdict: Verdict) -> None:
    def tagged(prefix: str) -> Callable[[Asked], Iterator[Step]]:
        same = {"ETag": '"same"', "Last_Modified": "Mon, 01 Jan 2024 00:00:00 GMT", "Content_Type": JSON}
        return lambda asked: iter([answer(retitled(body_of(awards.passed_on(asked)), prefix), **same)])

    for prefix in ("Old", "New"):
        awards.when(lambda asked: asked.path == AWARDS_PATH, tagged(prefix), times=1)
    first, second = crawl_awards(tmp_path, awards).titles, crawl_awards(tmp_path, awards).titles
    assert not any({"if-none-match", "if-modified-since"} & asked.headers.keys() for asked in awards.asked)
    assert first
    verdict.recovered(sum(second[one] != title.replace("Old", "New", 1) for one, title in first.items()))


@pytest.mark.faults
@pytest.mark.fault("H28")
@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
def test_what_is_gone_at_its_source_is_kept(
    small_samples: dict[str, str], tmp_path: Path, verdict: Verdict, status: str
) -> None:
    window = ("2024-02-01", "2024-02-15")
    with fault_server(small_samples[GOVUK_HOST]) as server:
        assert crawl(tmp_path, GOVUK, {GOVUK_HOST: server.url}, *window).ledger.is_good
        loaded(tmp_path)
        before = world.from_warehouse(tmp_path, READ)
        server.when(lambda asked: asked.path.startswith(CONTENT), lambda _: (answer(status=status),))
        assert crawl(tmp_path, GOVUK, {GOVUK_HOST: server.url}, *window).ledger.is_good
    loaded(tmp_path)
    after = world.from_warehouse(tmp_path, READ)
    assert "gone" in {row[4] for row in after} - {row[4] for row in before}
    verdict.recovered(len(set(before) - set(after)))


COPIES = "select distinct warc_file, warc_offset, fetched_url, payload_sha256 from raw.document_versions"


@pytest.mark.faults
@pytest.mark.fault("P6")
def test_what_no_address_answers_any_more_is_read_from_the_archive(
    small_samples: dict[str, str], tmp_path: Path, verdict: Verdict
) -> None:
    """All addresses break after they were read; the source is withheld, and each version keeps its copy."""
    window = ("2024-02-01", "2024-02-15")
    with fault_server(small_samples[GOVUK_HOST]) as server:
        assert crawl(tmp_path, GOVUK, {GOVUK_HOST: server.url}, *window).ledger.is_good
        loaded(tmp_path)
        copies = world.from_warehouse(tmp_path, COPIES)
        server.when(lambda asked: asked.path != "/robots.txt", lambda _: (answer(status="404 Not Found"),))
        broken = crawl(tmp_path, GOVUK, {GOVUK_HOST: server.url}, *window)
    loaded(tmp_path)
    assert "not checked since its last good crawl at" in broken.told
    assert set(world.from_warehouse(tmp_path, COPIES)) == set(copies)
    assert len(copies) >= 5
    archive = tmp_path / "archive" / GOVUK
    without = [name for name, *place in copies if not read_answer(archive / name, *place).body]
    verdict.recovered(100 * len(without) / len(copies))

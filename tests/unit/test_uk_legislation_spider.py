"""How legislation.gov.uk is asked: feeds of some years down to the first day of the window, candidates as CLML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from scrapy.http import Request

from scrapers.contracts import Depth, PolicyDocument
from scrapers.families.legislation_gov_uk import item_of
from scrapers.spiders.uk_legislation import UkLegislationSpider, parse_answer
from tests.unit.spider_harness import Driven, drive

SINCE, UNTIL = date(2025, 3, 3), date(2025, 3, 9)
SPACES = (
    'xmlns="http://www.w3.org/2005/Atom" xmlns:ukm="http://www.legislation.gov.uk/namespaces/metadata" '
    'xmlns:openSearch="http://a9.com/-/spec/opensearch/1.1/"'
)


@dataclass
class Order:
    """One instrument as a feed lists it."""

    number: int
    title: str
    published: str = "2025-03-05T09:00:00Z"
    has_xml: bool = True

    @property
    def entry(self) -> str:
        address = f"http://legislation.data.gov.uk/uksi/2025/{self.number}/made/data.xml"
        link = f'<link rel="alternate" type="application/xml" href="{address}"/>' if self.has_xml else ""
        published = f"<published>{self.published}</published>" if self.published else ""
        return (
            f"<entry><id>http://www.legislation.gov.uk/id/uksi/2025/{self.number}</id><title>{self.title}</title>{link}"
            f"{published}<ukm:DocumentMainType Value='UnitedKingdomStatutoryInstrument'/></entry>"
        )


class Site:
    """A small legislation.gov.uk: two entries a page whatever is asked."""

    def __init__(self, orders: list[Order], found: tuple[int, ...] = ()) -> None:
        self.orders = orders
        self.found = found
        self.asked: list[str] = []
        self.other: dict[int, int] = {}

    def __call__(self, request: Request) -> bytes | int:
        address = urlsplit(request.url)
        self.asked.append(address.path)
        if address.path.endswith("data.xml"):
            return self.document(int(address.path.split("/")[3]))
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        assert query["sort"] == "published"
        shown = [] if "ukdsi" in address.path else self.orders
        if "text" in query:
            shown = [order for order in self.orders if order.number in self.found]
        page = int(query["page"])
        more = '<link rel="next" href="http://x"/>' if page * 2 < len(shown) else ""
        entries = "".join(order.entry for order in shown[page * 2 - 2 : page * 2])
        return f"<feed {SPACES}><openSearch:itemsPerPage>2</openSearch:itemsPerPage>{more}{entries}</feed>".encode()

    def document(self, number: int) -> bytes:
        number = self.other.get(number, number)
        return (
            '<Legislation xmlns="http://www.legislation.gov.uk/namespaces/legislation" '
            f'IdURI="http://www.legislation.gov.uk/id/uksi/2025/{number}"><Metadata><title>An order</title></Metadata>'
            "<Secondary><Body><Text>It says so.</Text></Body></Secondary></Legislation>"
        ).encode()


def crawled(site: Site, folder: Path) -> Driven:
    return drive(UkLegislationSpider, folder, site, SINCE, UNTIL)


def landed(driven: Driven) -> dict[str, PolicyDocument]:
    return {one.document.native_id: one.document for one in driven.landed if one.document}


def test_feeds_are_read_down_to_the_first_day_of_the_window(tmp_path: Path) -> None:
    days = ["2025-03-10", "2025-03-09", "2025-03-03", "2025-02-01", "2025-03-02", "2025-03-01", "2024-12-01"]
    site = Site([Order(number, "A", f"{day}T09:00:00Z") for number, day in enumerate(days, 1)])
    driven = crawled(site, tmp_path)
    assert set(landed(driven)) == {"uksi/2025/2", "uksi/2025/3"}
    assert site.asked == ["/2024-2025/data.feed", "/ukdsi/2024-2025/data.feed", *["/2024-2025/data.feed"] * 3]
    assert driven.ledger.is_good
    assert sum(day.found for day in driven.ledger.days) == 2


def test_a_candidate_is_read_in_full_and_keeps_its_day_of_publication(tmp_path: Path) -> None:
    driven = crawled(Site([Order(1, "The AI Order"), Order(2, "Ponds"), Order(3, "AI scan", has_xml=False)]), tmp_path)
    documents = landed(driven)
    assert {name: one.depth for name, one in documents.items()} == {
        "uksi/2025/1": Depth.FULL,
        "uksi/2025/2": Depth.LISTING,
        "uksi/2025/3": Depth.LISTING,
    }
    assert documents["uksi/2025/1"].published_date == date(2025, 3, 5)
    assert documents["uksi/2025/1"].body == "It says so."
    assert documents["uksi/2025/1"].source_fields["entry"]["published"] == "2025-03-05T09:00:00Z"
    assert driven.ledger.is_good


def test_the_search_of_the_site_speaks_for_what_titles_leave_out(tmp_path: Path) -> None:
    site = Site([Order(1, "Ponds"), Order(2, "Lakes")], found=(2, 7))
    driven = crawled(site, tmp_path)
    assert landed(driven)["uksi/2025/2"].depth is Depth.FULL
    assert (driven.ledger.gate_passed, driven.ledger.gate_left_out) == (1, 1)


def test_what_states_no_day_is_landed_without_one(tmp_path: Path) -> None:
    site = Site(
        [Order(1, "Ponds"), Order(2, "Lakes", published=""), Order(3, "Seas", published="2024-12-01T09:00:00Z")]
    )
    documents = landed(crawled(site, tmp_path))
    assert {name: one.published_date for name, one in documents.items()} == {
        "uksi/2025/1": date(2025, 3, 5),
        "uksi/2025/2": None,
    }


def test_another_document_and_an_empty_feed_are_told(tmp_path: Path) -> None:
    site = Site([Order(1, "The AI Order")])
    site.other = {1: 9}
    assert "asked for uksi/2025/1, got uksi/2025/9" in crawled(site, tmp_path).ledger.faults[0]
    assert "empty feed" in crawled(Site([]), tmp_path).ledger.faults[0]


def test_a_feed_that_does_not_go_on_is_no_good_crawl(tmp_path: Path) -> None:
    driven = crawled(Site([Order(1, "A"), Order(2, "B"), Order(1, "A"), Order(2, "B"), Order(3, "C")]), tmp_path)
    assert "paging would not end" in driven.ledger.faults[0]


def test_housekeeping_does_not_move_the_hash() -> None:
    site = Site([])
    before = parse_answer(site.document(1)).documents[0]
    moved = site.document(1).replace(b"<title>", b"<modified>2030-01-01</modified><title>")
    assert parse_answer(moved).documents[0].content_sha256 == before.content_sha256
    said = site.document(1).replace(b"says so", b"says no")
    assert parse_answer(said).documents[0].content_sha256 != before.content_sha256


def test_addresses_name_type_year_and_number() -> None:
    site = "http://www.legislation.gov.uk"
    assert item_of(f"{site}/id/ukpga/2025/18") == "ukpga/2025/18"
    assert item_of(f"{site}/ukpga/Geo6/12-13-14/30/enacted") == "ukpga/Geo6/12-13-14/30"
    assert item_of(f"{site}/uksi/2015/1984/contents/made") == "uksi/2015/1984"
    assert item_of(f"{site}/ukpga/2000/38/section/19/2014-04-01") == "ukpga/2000/38/section/19"
    assert item_of(f"{site}/anaw/2015/4/enacted/welsh") == "anaw/2015/4"
    assert item_of("urn:isbn:0110000000") is None
    assert item_of(f"{site}/changes/affected") is None

"""Pages of one event become one policy, and pages that only look alike do not; the cases are in tests/clusters."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from scrapers.registry import sources
from tests.warehouse.warehouse_fixture import Warehouse, run_dbt

CASES = yaml.safe_load((Path(__file__).parents[1] / "clusters" / "clusters.yml").read_text(encoding="utf-8"))
SEEN = datetime(2026, 11, 1, tzinfo=UTC)
TYPES = {
    "us_federal_register": ("Notice", None),
    "us_govinfo_fr": ("Notice", None),
    "us_white_house": ("Presidential Actions", "Executive Orders"),
    "us_omb_memos": ("Memorandum", None),
    "us_regulations_gov": ("Notice", None),
    "us_congress_gov": ("HR", None),
    "us_nist": ("nist-ai", "final"),
    "us_bis": ("Press release", None),
    "uk_govuk": ("policy_paper", None),
    "eu_cellar": ("REG", None),
    "eu_press_corner": ("IP", None),
    "ca_news": ("news releases", None),
}
"""By source, a type that its contract reads as a policy."""
PAGE_SCHEMES = {
    "us_white_house": "whitehouse_post",
    "uk_govuk": "govuk_content",
    "us_regulations_gov": "regulations_document",
    "us_bis": "bis_page",
    "us_nist": "nist_page",
    "eu_press_corner": "eu_press",
    "ca_news": "ca_news_page",
}
"""By source, what names each of its pages."""

Page = dict[str, Any]


def all_pages() -> list[Page]:
    """Every page once, in the order of the cases."""
    unique: dict[str, Page] = {}
    for case in (*CASES["clusters"], *CASES["near_misses"]):
        for page in case["pages"]:
            unique.setdefault(document_id(page), page)
    return list(unique.values())


def document_id(page: Page) -> str:
    """An id that the same page has in every case."""
    words = f"{page['source']}-{page['title']}-{page['day']}-{page.get('numbers')}-{page.get('part_of')}"
    return "page:" + "".join(char if char.isalnum() else "-" for char in words)


def identifiers(page: Page, position: int) -> list[dict[str, str]]:
    """The numbers that a page states, and the name that its site gives it."""
    stated = [number.split(":", 1) for number in page.get("numbers", ())]
    if scheme := PAGE_SCHEMES.get(page["source"]):
        stated.append([scheme, page.get("path", f"{position:04}")])
    return [{"scheme": scheme, "value": value} for scheme, value in stated]


def part_of(page: Page) -> list[dict[str, Any]]:
    """That a page is the text of another."""
    if "part_of" not in page:
        return []
    target = {"scheme": "govuk_content", "value": page["part_of"]}
    return [{"relation": "part_of", "target": target, "field": "links.parent", "quote": "parent", "is_partial": False}]


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The policy of each page, all pages of all cases being in one warehouse."""
    home = tmp_path_factory.mktemp("clusters")
    warehouse = Warehouse(home / "warehouse.duckdb")
    crawls = {}
    for source_id in sorted({page["source"] for page in all_pages()}):
        config = sources()[source_id]
        warehouse.source(source_id, config.rank, config.publisher.jurisdiction, config.time_zone)
        crawls[source_id] = warehouse.crawl(source_id, SEEN, date(2026, 1, 1), date(2026, 1, 2))
    for position, page in enumerate(all_pages()):
        document_type, subtype = (page["type"], None) if "type" in page else TYPES[page["source"]]
        warehouse.document(
            page["source"],
            document_id(page),
            crawls[page["source"]],
            SEEN,
            relevance=2,
            title=page["title"],
            url="https://example.org/page",
            document_type=document_type,
            document_subtype=subtype,
            published_date=page["day"],
            identifiers=identifiers(page, position),
            relations=part_of(page),
        )
    warehouse.connection.close()
    models = ("--select", "+policy_documents", "--exclude-resource-types", "test", "unit_test")
    built = run_dbt("build", home / "warehouse.duckdb", home / "target", *models)
    assert built.returncode == 0, built.stdout[-4000:]
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        return dict(connection.execute("select document_id, policy_id from marts.policy_documents").fetchall())


def test_the_cases_are_as_many_as_promised() -> None:
    assert len(CASES["clusters"]) >= 30
    assert len(CASES["near_misses"]) >= 30


@pytest.mark.parametrize("case", CASES["clusters"], ids=lambda case: case["id"])
def test_pages_of_one_event_are_one_policy(case: dict[str, Any], policies: dict[str, str]) -> None:
    assert len({policies[document_id(page)] for page in case["pages"]}) == 1, case["pages"]


@pytest.mark.parametrize("case", CASES["near_misses"], ids=lambda case: case["id"])
def test_pages_that_look_alike_are_not(case: dict[str, Any], policies: dict[str, str]) -> None:
    found = [policies.get(document_id(page), document_id(page)) for page in case["pages"]]
    assert len(set(found)) == len(found), case["why"]

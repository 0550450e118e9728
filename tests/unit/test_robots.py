"""Which groups of a robots.txt are ours, and that crawls read it so."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy.robotstxt import RobotParser
from scrapy.utils.misc import build_from_crawler, load_object
from scrapy.utils.test import get_crawler

from scrapers.registry import source
from scrapers.runtime.settings import crawl_settings

ADDRESS = "https://www.example.gov/api/list"
FOR_OTHERS = ["ai", "policy", "open", "tracker", "github", "aipolicy-bot", "aipolicy2", "my-aipolicy", "ai*", ""]
OURS = ["aipolicy", "AIPolicy", "aipolicy/0.1", "aipolicy # us"]


def is_allowed(*lines: str) -> bool:
    """Whether a crawl with its settings may fetch an address."""
    settings = crawl_settings(source("us_federal_register"), Path("budgets"), is_loopback=False)
    crawler = get_crawler(settings_dict=settings)
    parser: RobotParser = build_from_crawler(
        load_object(crawler.settings["ROBOTSTXT_PARSER"]), crawler, "\n".join(lines).encode()
    )
    return parser.allowed(ADDRESS, crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"])


@pytest.mark.parametrize("name", FOR_OTHERS)
def test_a_group_of_another_name__is_not_ours(name: str) -> None:
    assert is_allowed(f"User-agent: {name}", "Disallow: /")
    assert not is_allowed(f"User-agent: {name}", "Allow: /", "", "User-agent: *", "Disallow: /")


@pytest.mark.parametrize("name", OURS)
def test_a_group_of_our_product_token__goes_before_that_of_all(name: str) -> None:
    assert not is_allowed(f"User-Agent: {name}", "Disallow: /", "User-agent: *", "Allow: /")
    assert is_allowed(f"user-agent : {name}", "Allow: /", "User-agent: *", "Disallow: /")


def test_groups_of_our_product_token__are_one() -> None:
    rules = ("User-agent: aipolicy", "Disallow: /x", "User-agent: other", "Disallow: /", "User-agent: AIPOLICY/2")
    assert not is_allowed(*rules, "Disallow: /api/")
    assert is_allowed(*rules, "Disallow: /y")


def test_a_group_of_several_names__is_that_of_each() -> None:
    assert not is_allowed("User-agent: ai", "User-agent: aipolicy", "Disallow: /")
    assert not is_allowed("User-agent: ai", "User-agent: * # all", "Disallow: /")


@pytest.mark.parametrize(
    "record",
    [
        "Crawl-delay: 10",
        "Sitemap: https://www.example.gov/s.xml",
        "Content-Signal: ai-train=no",
        "Noindex: /z",
        "Host: a",
        "# a",
    ],
)
def test_a_record_of_another_kind__ends_no_group(record: str) -> None:
    assert not is_allowed("User-agent: *", record, "User-agent: other", "Disallow: /")
    assert not is_allowed("User-agent: aipolicy", "Disallow: /x", record, "Disallow: /api/")


def test_rules_are_read_behind_a_mark_of_the_byte_order_and_in_known_misspellings() -> None:
    assert not is_allowed("\ufeffUser-agent: *", "Disallow: /")
    assert not is_allowed("User-agent: *", "Dissalow : /")

"""What a spider may ask: headers of its own, bodies of any kind, and nothing that cannot be asked again by a replay."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import pytest
from scrapy.http import Request, Response

from scrapers.runtime.spider import SourceSpider
from scrapers.spiders.us_govinfo_fr import UsGovinfoFrSpider
from tests.crawl_fixture import document
from tests.unit.spider_harness import drive

URL = "https://www.govinfo.gov/bulkdata/FR"
DAY = date(2026, 11, 20)


class Asking(SourceSpider):
    """Asks once, as a test says."""

    name = "us_govinfo_fr"
    parser_version = "us_govinfo_fr/1"
    how: ClassVar[dict[str, Any]] = {}

    async def start(self) -> AsyncIterator[Request]:
        yield self.ask(URL, self.read, purpose="listing", **self.how)

    def read(self, response: Response) -> Iterator[Request]:
        yield from ()


def asked(folder: Path, **how: Any) -> Request:
    spider = type("Once", (Asking,), {"how": how})
    driven = drive(spider, folder, lambda request: b"{}", DAY, DAY)
    (request,) = driven.asked
    return request


def test_a_question_bears_the_headers_that_the_source_demands(tmp_path: Path) -> None:
    request = asked(tmp_path, headers={"Accept": "application/json", "X-Version": "2"})
    assert (request.method, request.headers["Accept"], request.headers["X-Version"]) == (
        "GET",
        b"application/json",
        b"2",
    )


def test_a_body_is_sent_as_it_is__by_post(tmp_path: Path) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    request = asked(tmp_path, body=b"query=%22AI%22&page=1", headers=kind)
    assert (request.method, request.body) == ("POST", b"query=%22AI%22&page=1")
    assert request.headers["Content-Type"] == b"application/x-www-form-urlencoded"


def test_json_is_told_as_json__beside_other_headers(tmp_path: Path) -> None:
    request = asked(tmp_path, json={"page": 1}, headers={"Accept": "application/json"})
    assert (request.body, request.headers["Content-Type"]) == (b'{"page":1}', b"application/json")


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"json": {}, "body": b"x"}, "expected json or body, got both"),
        ({"body": b"x"}, "expected a Content-Type"),
        ({"fallback": document()}, "expected a fallback given by the answer being read"),
    ],
)
def test_what_could_not_be_asked_again_is_refused(tmp_path: Path, how: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        asked(tmp_path, **how)


def test_govinfo_is_asked_for_the_kind_it_has(tmp_path: Path) -> None:
    listing = b'{"files": [{"name": "FR-2026-11-20.xml"}]}'
    issue = b"<FEDREG><DATE>Friday, November 20, 2026</DATE></FEDREG>"
    driven = drive(
        UsGovinfoFrSpider, tmp_path, lambda request: issue if request.url.endswith(".xml") else listing, DAY, DAY
    )
    assert [request.headers["Accept"] for request in driven.asked] == [b"application/json", b"application/xml"]

"""Names resolve to public addresses only, so that no name leads a crawl into the network that it runs in.

What is resolved here is what is connected to, so a name that changes its address between two looks gains nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from ipaddress import ip_address
from typing import Self

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from scrapers.runtime.spider import SourceSpider


class PublicResolver(CachingThreadedResolver):
    """Refuses addresses of this machine and of private networks, but for the stand-ins that somebody has named."""

    def __init__(self, reactor: ReactorBase, process: AsyncCrawlerProcess, stand_ins: Collection[str]) -> None:
        settings = process.settings
        super().__init__(reactor, settings.getint("DNSCACHE_SIZE"), settings.getfloat("DNS_TIMEOUT"))
        self._process = process
        self._stand_ins = stand_ins

    @classmethod
    def from_crawler(cls, crawler: AsyncCrawlerProcess, reactor: ReactorBase) -> Self:  # type: ignore[override]
        """Made by Scrapy, which hands over its process of one crawl."""
        return cls(reactor, crawler, crawler.settings.getlist("STAND_INS"))

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802  # Twisted's name
        """The address of a name; the crawl's book says why there is none."""
        found = super().getHostByName(name, timeout)
        return found if name in self._stand_ins else found.addCallback(self._public, name)

    def _public(self, address: str, name: str) -> str:
        if ip_address(address).is_global:
            return address
        refusal = f"{name}: expected a public address, got {address}; nothing was sent, look at who resolves it here"
        for crawler in self._process.crawlers:
            assert isinstance(crawler.spider, SourceSpider)
            crawler.spider.book.fault(refusal)
        raise DNSLookupError(refusal)

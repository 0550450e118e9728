"""Scrapy settings of a crawl, made from the source's contract. Everything that phones, listens or stores is off."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from scrapers.contact import contact
from scrapers.registry import SourceConfig
from scrapers.runtime.robots import PRODUCT


def user_agent() -> str:
    """Who asks, and where to complain; errors as of `contact`."""
    return f"{PRODUCT}/0.1 (open tracker of government AI policy; +{contact()})"


def crawl_settings(
    config: SourceConfig,
    budgets: Path,
    *,
    is_loopback: bool,
    stand_ins: Collection[str] = (),
    one_of_each: bool = False,
) -> dict[str, Any]:
    """Settings for one source; `budgets` is the folder in which crawls share the budget of each host.

    Loopback stand-ins get the samples' politeness: no delay, no back-off. `stand_ins` are the names of those that may
    lie in a private network.

    The contract's delay is the shortest; a host that answers slowly is asked more slowly.
    """
    polite = config.politeness
    return {
        "USER_AGENT": user_agent(),
        "ROBOTSTXT_OBEY": polite.obey_robots,
        "ROBOTSTXT_USER_AGENT": PRODUCT,
        "ROBOTSTXT_PARSER": "scrapers.runtime.robots.ProductTokenRobotParser",
        "DOWNLOAD_DELAY": 0.0 if is_loopback else polite.delay_seconds,
        "DOWNLOAD_DELAY_JITTER": 0.0,
        "HOST_BUDGETS": str(budgets),
        "AUTOTHROTTLE_ENABLED": not is_loopback,
        "AUTOTHROTTLE_START_DELAY": polite.delay_seconds,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": float(polite.concurrent_requests),
        "CONCURRENT_REQUESTS": polite.concurrent_requests,
        "CONCURRENT_REQUESTS_PER_DOMAIN": polite.concurrent_requests,
        "TWISTED_DNS_RESOLVER": "scrapers.runtime.resolver.PublicResolver",
        "STAND_INS": list(stand_ins),
        "DOWNLOAD_TIMEOUT": polite.timeout_seconds,
        "DOWNLOAD_MAXSIZE": config.bounds.max_body_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "RETRY_TIMES": polite.max_retries,
        "RETRY_HTTP_CODES": [408, 429, 500, 502, 503, 504],
        "RETRY_PRIORITY_ADJUST": 0,
        "REDIRECT_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "COMPRESSION_ENABLED": False,
        "COOKIES_ENABLED": False,
        "REFERER_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "HTTPPROXY_ENABLED": False,
        "HTTPCACHE_ENABLED": False,
        "LOGSTATS_INTERVAL": 0,
        # It reads the source code of each callback again for each answer.
        "WARN_ON_GENERATOR_RETURN_VALUE": False,
        "LOG_LEVEL": "WARNING",
        "DOWNLOAD_HANDLERS": {"data": None, "file": None, "ftp": None, "s3": None},
        "DEFAULT_REQUEST_HEADERS": {"Accept": "*/*", "Accept-Encoding": "gzip"},
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "scrapers.runtime.middlewares.StrictRobotsMiddleware": 100,
            "scrapers.runtime.middlewares.BlockPageMiddleware": 540,
            "scrapers.runtime.middlewares.HostBudgetMiddleware": 560,
            "scrapers.runtime.middlewares.StrictDecodingMiddleware": 590,
            "scrapers.runtime.middlewares.ArchiveMiddleware": 950,
        },
        "SPIDER_MIDDLEWARES": {
            "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
            "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
            # It drops a planned request without a word; the longest are queries to SPARQL endpoints.
            "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
            "scrapers.runtime.middlewares.OneOfEachMiddleware": 10 if one_of_each else None,
        },
    }

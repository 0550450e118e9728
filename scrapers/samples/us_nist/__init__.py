"""Samples of `us_nist`: the news feed of www.nist.gov, and the export of publications of csrc.nist.gov.

Numbers, titles and days of the publications that `publications.yml` names are real, and so are the titles and months of
the news in `news.yml`; days of news, teasers and addresses are made up. Everything else is made up and says so; its
numbers begin with SP 9000.
"""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from scrapers.samples.answers import text_answer
from scrapers.samples.host import SampleHost
from scrapers.samples.us_nist.news import feed
from scrapers.samples.us_nist.publications import export

NEWS_HOST, CSRC_HOST = "www.nist.gov", "csrc.nist.gov"


def hosts(corpus: Path | None) -> dict[str, SampleHost]:
    """Both hosts; no corpus holds anything for them."""
    news, publications = feed(), export()

    async def news_feed(_: web.Request) -> web.Response:
        return text_answer(news, content_type="application/rss+xml")

    async def publications_export(_: web.Request) -> web.Response:
        return web.Response(body=publications, content_type="application/x-zip-compressed")

    return {
        NEWS_HOST: SampleHost([web.get("/news-events/news/rss.xml", news_feed)]),
        CSRC_HOST: SampleHost([web.get("/CSRC/media/feeds/metanorma/pubs-export.zip", publications_export)]),
    }

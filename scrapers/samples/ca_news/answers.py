"""The forms in which the news API of Canada answers."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from scrapers.samples.ca_news.releases import Release

TITLE = "Canada News Centre"
HOME = "https://www.canada.ca/en/news.html"


def atom(releases: Sequence[Release], asked: str) -> str:
    """A feed in Atom."""
    updated = f"  <updated>{releases[0].at.isoformat()}</updated>\n" if releases else ""
    entries = "".join(_entry(release) for release in releases)
    return f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <title>{TITLE}</title>
  <subtitle>{TITLE}</subtitle>
{updated}  <link href="https://api.io.canada.ca{escape(asked)}" rel="self"/>
  <id>{HOME}</id>
{entries}</feed>
"""


def json_feed(releases: Sequence[Release]) -> dict[str, Any]:
    """The same in JSON; without releases there is no entry."""
    entries = [
        {
            "title": release.title,
            "link": release.url,
            "teaser": release.teaser,
            "publishedDate": release.at.isoformat(),
        }
        for release in releases
    ]
    return {"feed": {"title": TITLE, "link": HOME, "id": HOME, **({"entry": entries} if entries else {})}}


def _entry(release: Release) -> str:
    return f"""  <entry>
    <title>{escape(release.title)}</title>
    <id>{release.url}</id>
    <summary type="html">{escape(escape(release.teaser, quote=False))}</summary>
    <author>
      <name>{escape(release.department)}</name>
    </author>
    <category term="{release.kind}"/>
    <updated>{release.at.isoformat()}</updated>
    <link href="{release.url}"/>
  </entry>
"""

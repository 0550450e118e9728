"""robots.txt as RFC 9309 reads it: a group is ours when its name is our product token, not when it is like it.

The parser in use (Protego) takes a group's name for ours when our own begins with it, or holds it after a blank; and it
ends a group at lines that are neither its names nor its rules, such as "Crawl-delay".
"""

from __future__ import annotations

import re

from scrapy import Spider
from scrapy.robotstxt import ProtegoRobotParser, decode_robotstxt

PRODUCT = "aipolicy"
"""What a publisher names us by in robots.txt; the User-Agent begins with it."""
_GROUP = re.compile(r"\s*user[ -]?agent\s*[:\s]\s*(?P<name>\*(?=[\s#]|$)|[\w-]*)", re.IGNORECASE)
_RULE = re.compile(r"\s*(?:allow|dis{1,2}al{1,2}ow|diasllow|disallaw)\s*[:\s]", re.IGNORECASE)
_OF_OTHERS = "other"


class ProductTokenRobotParser(ProtegoRobotParser):
    """Obeys the groups of our product token, case ignored, and those of all (RFC 9309 section 2.2.1), and reads on over
    other records (section 2.2.4).
    """

    def __init__(self, robotstxt_body: bytes, spider: Spider | None) -> None:
        lines = decode_robotstxt(robotstxt_body, spider).removeprefix("\ufeff").splitlines()
        super().__init__("\n".join(filter(None, map(_addressed, lines))).encode(), spider)


def _addressed(line: str) -> str | None:
    """A rule, or a line that begins a group, with a name that is exactly ours, that of all, or nothing like ours; None
    for any other line.
    """
    group = _GROUP.match(line)
    if group is None:
        return line if _RULE.match(line) else None
    name = group["name"].lower()
    return f"User-agent: {name if name in (PRODUCT, '*') else _OF_OTHERS}"

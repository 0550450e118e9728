"""What a sample source says of one host: how it answers, and what it lets robots do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

ROBOTS = "User-agent: *\nDisallow:\n"
"""Nothing is forbidden; who says this of a host says nothing of its own."""


@dataclass(frozen=True)
class SampleHost:
    """One host, or one source's share of it."""

    routes: Sequence[web.RouteDef]
    """All addresses but /robots.txt, which the server answers."""
    robots: str | None = ROBOTS
    """The text of /robots.txt; None where the host has none and answers HTTP 404."""

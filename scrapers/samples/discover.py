"""Finds the sample sources: each package below this folder is one, named by its source's slug.

Belongs here: which there are, their hosts, and joining what several say of one host. Does not belong here: any host's
answers, or serving them.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Collection, Mapping
from pathlib import Path

from aiohttp import web

from scrapers import samples
from scrapers.samples.host import ROBOTS, SampleHost


class UnknownSample(ValueError):
    """A slug that has no folder of samples."""


def sample_slugs() -> tuple[str, ...]:
    """The sources that have samples."""
    return tuple(sorted(found.name for found in pkgutil.iter_modules(samples.__path__) if found.ispkg))


def sample_hosts(slugs: Collection[str] = (), corpus: Path | None = None) -> dict[str, SampleHost]:
    """The hosts of these sources, or of all when none is named, by the hosts' names; only these are imported.

    Raises UnknownSample for a slug without samples, and ValueError when two sources contradict each other about a host.
    """
    known = sample_slugs()
    if unknown := sorted(set(slugs) - set(known)):
        raise UnknownSample(f"no samples of {', '.join(unknown)}; there are those of {', '.join(known)}")
    shares: dict[str, dict[str, SampleHost]] = {}
    for slug in known:
        if not slugs or slug in slugs:
            for name, share in _hosts_of(slug, corpus).items():
                shares.setdefault(name, {})[slug] = share
    return {name: joined(name, shares[name]) for name in sorted(shares)}


def joined(name: str, shares: Mapping[str, SampleHost]) -> SampleHost:
    """One host from what each source, by its slug, says of it.

    Raises ValueError naming the two folders that answer one address differently, or that both have robots rules of
    their own.
    """
    return SampleHost(_routes(name, shares), _robots(name, shares))


def _hosts_of(slug: str, corpus: Path | None) -> dict[str, SampleHost]:
    package = importlib.import_module(f"{samples.__name__}.{slug}")
    hosts: dict[str, SampleHost] = package.hosts(corpus)
    return hosts


def _routes(name: str, shares: Mapping[str, SampleHost]) -> list[web.RouteDef]:
    owners: dict[tuple[str, str], tuple[str, web.RouteDef]] = {}
    for slug, share in shares.items():
        for route in share.routes:
            first, same = owners.setdefault((route.method, route.path), (slug, route))
            if same != route:
                raise ValueError(f"{_contradiction(name, first, slug)} {route.method} {route.path}; leave it to one")
    return [route for _, route in owners.values()]


def _robots(name: str, shares: Mapping[str, SampleHost]) -> str | None:
    own = {slug: share.robots for slug, share in shares.items() if share.robots != ROBOTS}
    for slug, text in own.items():
        first = next(iter(own))
        if text != own[first]:
            raise ValueError(f"{_contradiction(name, first, slug)} /robots.txt; let one have the default or the same")
    return next(iter(own.values()), ROBOTS)


def _contradiction(name: str, first: str, second: str) -> str:
    return f"{name}: scrapers/samples/{first}/ and scrapers/samples/{second}/ differ in"

"""Builds the site of an edition: `site/` in the edition's folder, equal bytes for equal editions, no clock.

Belongs here: which files there are and in which order they are written. Does not belong here: what they say (pages.py).
"""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

from pipelines.site.facts import read_facts
from pipelines.site.pages import Pages
from pipelines.site.render import Renderer

SITE = "site"
STATIC = ("site.js",)


def build_site(folder: Path) -> int:
    """Write the site of the edition in a folder, replacing an earlier one; returns the number of pages.

    Raises FileNotFoundError where the folder holds no edition.
    """
    facts = read_facts(folder)
    pages = Pages(facts)
    render = Renderer(facts.edition)
    render.environment.globals.update(pages_link=pages.line_link)
    site = folder / SITE
    if site.exists():
        shutil.rmtree(site)
    for room in ("policies", "redlines"):
        (site / room).mkdir(parents=True)
    written = 0

    def write(name: str, text: str) -> None:
        nonlocal written
        (site / name).write_text(text, encoding="utf-8", newline="\n")
        written += 1

    write("index.html", render.page("week", pages.week()))
    if facts.last_full_week is not None:
        write("last-week.html", render.page("last_week", {**pages.week(), "digest": facts.last_full_week}))
    for name in ("calendar", "policies", "money", "changes", "sources", "about"):
        write(f"{name}.html", render.page(name, getattr(pages, name)()))
    write("search.html", render.page("search", {"is_served": False}))
    for policy_id, name in pages.names.items():
        write(f"policies/{name}.html", render.page("policy", pages.policy(policy_id), root="../"))
    for row in facts.changed_versions:
        change = pages.redline(row)
        write(change["change"]["href"], render.page("redline", change, root="../"))
    _write_looks(site)
    return written


def _write_looks(site: Path) -> None:
    """The style sheet begins with the digest's own: one visual language, kept in one place."""
    digest_css = (files("pipelines.digest") / "templates" / "digest.css").read_text(encoding="utf-8")
    own = files("pipelines.site") / "templates"
    (site / "site.css").write_text(digest_css + (own / "site.css").read_text(encoding="utf-8"), encoding="utf-8")
    for name in STATIC:
        (site / name).write_text((own / name).read_text(encoding="utf-8"), encoding="utf-8")

"""Turns what a page says into HTML: Jinja2 with autoescape, strict about names; texts of sources are data alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipelines.digest import wording
from pipelines.digest.queries import Row
from pipelines.publish.search_index import MARK_BEGIN, MARK_END
from scrapers.contact import contact

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'"
)
"""What a page may load: its own style sheet and script, nothing else."""
NAVIGATION = (
    ("index.html", "This week"),
    ("policies.html", "Policies"),
    ("calendar.html", "Calendar"),
    ("money.html", "Money"),
    ("changes.html", "Changes"),
    ("sources.html", "Sources"),
    ("search.html", "Search"),
    ("about.html", "About"),
)
_MARKED = re.compile(f"{MARK_BEGIN}(.*?){MARK_END}", re.DOTALL)
_PLACES = {"week": "index", "last_week": "index", "policy": "policies", "redline": "changes"}
"""Where a page stands in the navigation, if not under its own name."""


class _Environment(Environment):
    """Templates that look into a dictionary for its own keys first.

    Of anything else Jinja2 asks an attribute first, and an attribute that a dictionary has not is an exception: a third
    of what a page costs.
    """

    def getattr(self, obj: Any, attribute: str) -> Any:
        return obj[attribute] if type(obj) is dict and attribute in obj else super().getattr(obj, attribute)


class Renderer:
    """The templates, with what every page of an edition shows."""

    def __init__(self, edition: Row) -> None:
        self.environment = _Environment(
            loader=PackageLoader("pipelines.site", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self.environment.filters.update(plain=_plain, marked=marked, number="{:,}".format)
        self.environment.globals.update(
            wording=wording,
            edition=edition,
            content_policy=POLICY,
            navigation=NAVIGATION,
            month=_month,
            contact=contact(),
            report_url=partial(wording.report_url, contact()),
        )

    def page(self, name: str, context: Mapping[str, Any], root: str = "") -> str:
        """A page by the name of its template; `root` leads from it to the site's folder."""
        here = f"{_PLACES.get(name, name)}.html"
        return self.environment.get_template(f"{name}.html.j2").render(**context, root=root, here=here)


def marked(snippet: str) -> Markup:
    """A snippet of the search index with the words found marked; all else escaped."""
    return Markup("").join(
        Markup("<mark>{}</mark>").format(_inner(part)) if is_found else Markup.escape(_inner(part))
        for number, part in enumerate(_MARKED.split(snippet))
        for is_found in [number % 2 == 1]
    )


def _inner(part: str) -> str:
    """A part of a snippet on one line, with the white space that parts it from its neighbours."""
    head = " " if part[:1].isspace() else ""
    tail = " " if part[-1:].isspace() and part.strip() else ""
    return f"{head}{_plain(part, 1_000)}{tail}"


def _plain(value: object, limit: int = wording.MAX_TITLE_CHARS) -> str:
    return wording.plain(str(value), limit)


def _month(value: date) -> str:
    return wording.day(value, 0).partition(" ")[2]

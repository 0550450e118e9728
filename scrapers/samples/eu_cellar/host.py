"""publications.europa.eu as its SPARQL endpoint and its files answer.

The endpoint knows four questions alone, told apart by the variables they select; any other is a syntax error to it. As
Virtuoso does, it answers at most 10,000 rows, a cross product of what is asked; unbound variables are absent; strings
are typed literals. Errors are plain text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from html import escape

from aiohttp import web

from scrapers.samples.answers import json_answer, text_answer
from scrapers.samples.eu_cellar.records import Act
from scrapers.samples.host import SampleHost

HOST = "publications.europa.eu"
RESOURCE = f"http://{HOST}/resource"
RESULTS = "application/sparql-results+json"
MOST_ROWS = 10_000
ENGLISH = "0006"
MANIFESTATIONS = {"pdfa2a": "01", "fmx4": "02", "xhtml": "03"}
XSD = "http://www.w3.org/2001/XMLSchema#"
Cell = dict[str, str]


def sample_host(acts: Sequence[Act]) -> SampleHost:
    """The host's answers."""
    host = Cellar(acts)
    routes = [web.get("/webapi/rdf/sparql", host.sparql), web.get("/resource/cellar/{manifestation}/{item}", host.item)]
    return SampleHost(routes)


class Cellar:
    """The handlers."""

    def __init__(self, acts: Sequence[Act]) -> None:
        self._acts = acts
        self._by_celex = {act.celex: act for act in acts}
        self._by_uuid = {act.uuid: act for act in acts}

    async def sparql(self, request: web.Request) -> web.Response:
        """The answer to one query."""
        query = request.query.get("query", "")
        if not query:
            return text_answer(
                "<!DOCTYPE html><html><body><form><textarea></textarea></form></body></html>", 200, "text/html"
            )
        if request.query.get("format") != RESULTS:
            return text_answer("Virtuoso 22023 Error HT406: the samples know results in JSON alone", 406)
        head = re.match(r"(?:PREFIX \S+ \S+ )*SELECT (?:DISTINCT )?(.+?) WHERE", query)
        days = set(re.findall(r'"([0-9]{4}-[0-9]{2}-[0-9]{2})"\^\^xsd:date', query))
        number = re.search(r'"([^"]+)"\^\^xsd:string', query)
        if head is None or (not days and number is None):
            return text_answer(
                f"Virtuoso 37000 Error SP030: SPARQL compiler, line 1: syntax error at {query[:20]!r}", 400
            )
        if "COUNT(" in head[1]:
            counts = Counter(str(act.day) for act in self._of(days))
            rows = [
                {"published": _typed(day, "date"), "count": _typed(str(count), "integer")}
                for day, count in sorted(counts.items())
            ]
            return _results(["published", "count"], rows)
        names = [name.removeprefix("?") for name in head[1].split()]
        if days:
            rows = [row for act in sorted(self._of(days), key=lambda act: act.celex) for row in _lines(act)]
        else:
            act = self._by_celex.get(number[1] if number else "")
            rows = [] if act is None else _files(act) if "item" in names else _about(act)
        start = _number(r"OFFSET (\d+)", query, 0)
        size = _number(r"LIMIT (\d+)", query, MOST_ROWS)
        return _results(names, rows[start : start + min(size, MOST_ROWS)])

    async def item(self, request: web.Request) -> web.Response:
        """One file of a text."""
        uuid, _, place = request.match_info["manifestation"].partition(".")
        act = self._by_uuid.get(uuid)
        if act is None or place != f"{ENGLISH}.{MANIFESTATIONS[act.format]}":
            page = "<title>HTTP Status 404 – Not Found</title>"
            return text_answer(f"<!doctype html><html><head>{page}</head><body></body></html>", 404, "text/html")
        if act.format == "pdfa2a":
            return web.Response(body=b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")
        if act.format == "xhtml":
            return text_answer(_xhtml(act), 200, "application/xhtml+xml")
        contents = request.match_info["item"] == "DOC_1"
        return text_answer(_formex_contents(act) if contents else _formex(act), 200, "application/xml")

    def _of(self, days: set[str]) -> list[Act]:
        return [act for act in self._acts if str(act.day) in days and act.celex[0] in "235"]


def _number(pattern: str, query: str, default: int) -> int:
    match = re.search(pattern, query)
    return int(match[1]) if match else default


def _results(names: list[str], rows: list[dict[str, Cell]]) -> web.Response:
    value = {"head": {"link": [], "vars": names}, "results": {"distinct": False, "ordered": True, "bindings": rows}}
    return json_answer(value, content_type=RESULTS)


def _typed(value: str, kind: str = "string") -> Cell:
    return {"type": "typed-literal", "datatype": f"{XSD}{kind}", "value": value}


def _uri(value: str) -> Cell:
    return {"type": "uri", "value": value}


def _lines(act: Act) -> list[dict[str, Cell]]:
    """The row of an act in a list."""
    row = {
        "celex": _typed(act.celex),
        "work": _uri(f"{RESOURCE}/cellar/{act.uuid}"),
        "type": _uri(f"{RESOURCE}/authority/resource-type/{act.type}"),
        "date": _typed(str(act.dated), "date"),
        "published": _typed(str(act.day), "date"),
        "title": {"type": "literal", "xml:lang": "en", "value": act.title},
    }
    if act.eli:
        row["eli"] = _typed(f"http://data.europa.eu/eli/{act.eli}", "anyURI")
    return [row]


def _about(act: Act) -> list[dict[str, Cell]]:
    celex = {"celex": _typed(act.celex)}
    days: tuple[date, ...] = act.force
    rows = [celex | {"force": _typed(str(day), "date")} for day in days]
    rows.append(celex | {"author": _uri(f"{RESOURCE}/authority/corporate-body/{act.author}")})
    rows += [
        celex | {"relation": {"type": "literal", "value": word}, "framework_celex": _typed(target)}
        for word, target in act.relations
    ]
    return rows


def _files(act: Act) -> list[dict[str, Cell]]:
    expression = f"{RESOURCE}/cellar/{act.uuid}.{ENGLISH}"
    manifestation = f"{expression}.{MANIFESTATIONS[act.format]}"
    names = ("DOC_1", "DOC_2") if act.format == "fmx4" else ("DOC_1",)
    return [
        {
            "celex": _typed(act.celex),
            "expr": _uri(expression),
            "manif": _uri(manifestation),
            "format": _typed(act.format),
            "item": _uri(f"{manifestation}/{name}"),
        }
        for name in names
    ]


def _xhtml(act: Act) -> str:
    paragraphs = "".join(f'<p class="oj-normal">{escape(text)}</p>' for text in act.text)
    eli = f'<p>ELI: <a href="http://data.europa.eu/eli/{act.eli}">http://data.europa.eu/eli/{act.eli}</a></p>'
    return (
        '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" '
        '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd"><html xmlns="http://www.w3.org/1999/xhtml"><head>'
        f'<title>{act.celex}.fmx.xml</title></head><body><p class="oj-hd-date">{act.day:%-d.%-m.%Y}</p>'
        f'<p class="oj-doc-ti">{escape(act.title)}</p>{paragraphs}{eli if act.eli else ""}</body></html>'
    )


def _formex(act: Act) -> str:
    paragraphs = "".join(f"<P>{escape(text)}</P>" for text in act.text)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><ACT {_SCHEMA}><BIB.INSTANCE>'
        f'<DOCUMENT.REF FILE="L_{act.celex}EN.doc.fmx.xml"><COLL>L</COLL></DOCUMENT.REF>'
        f'<DATE ISO="{act.dated:%Y%m%d}">{act.dated:%Y%m%d}</DATE><LG.DOC>EN</LG.DOC></BIB.INSTANCE>'
        f"<TITLE><TI><P>{escape(act.title)}</P></TI></TITLE><ENACTING.TERMS>{paragraphs}</ENACTING.TERMS></ACT>"
    )


def _formex_contents(act: Act) -> str:
    item = f'<ITEM.PUB DOC.INSTANCE="L_{act.celex}EN.doc.fmx.xml"/>'
    return f'<?xml version="1.0" encoding="UTF-8"?><PUBLICATION {_SCHEMA}><OJ>{item}</OJ></PUBLICATION>'


_SCHEMA = (
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:noNamespaceSchemaLocation="http://formex.publications.europa.eu/schema/formex-06.00-20210715.xd"'
)

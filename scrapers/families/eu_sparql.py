"""Results of SPARQL queries to the Cellar: rows of one work made one record, however often a cross product repeats it.

Belongs here: reading rows of any query by the names that variables usually have. Does not belong here: the queries.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from lxml import etree

from scrapers.contracts import (
    Attachment,
    Depth,
    Identifier,
    NotADocument,
    Organisation,
    ParsedAnswer,
    PolicyDocument,
    StatedRelation,
    UnknownShape,
)
from scrapers.families import eu_identifiers as eu
from scrapers.families.dates import iso_day
from scrapers.families.eu_notices import NO_DAYS
from scrapers.families.records import Record, read_records
from scrapers.families.text import as_text, one_line, unread
from scrapers.families.wording import hash_of
from scrapers.families.xml import tag_of

MEANINGS = {
    "celex": ("celex", "celexid", "idcelex", "celexnumber", "resourcelegalidcelex", "celexact"),
    "work": ("work", "w", "s", "act", "cact", "cellar", "cellaruri", "cellarid", "uri", "workuri", "resource"),
    "eli": ("eli", "eliuri", "resourcelegaleli"),
    "title": ("title", "titleen", "expressiontitle", "worktitle"),
    "date": ("date", "docdate", "documentdate", "datedocument", "workdatedocument"),
    "published": ("published", "pub", "pubdate", "publicationdate", "datepublication", "ojdate", "ojdatepublication"),
    "effective": ("force", "forcedate", "entryintoforce", "dateentryintoforce", "entryforce", "effective"),
    "type": ("type", "resourcetype", "worktype", "doctype", "rtype", "restype"),
    "author": ("author", "authors", "agent", "createdby", "institution"),
    "subject": ("subject", "subjects", "eurovoc", "eurovoclabel", "subjectlabel", "concept"),
    "item": ("item", "items", "cellaruris", "itemuri"),
    "format": ("format", "fmt", "manifestationtype"),
    "manifestation": ("manif", "manifestation"),
    "expression": ("expr", "exp", "expression"),
    "language": ("lang", "langcode", "language", "languagecode"),
    "relation": ("relation",),
    "framework_celex": ("frameworkcelex",),
}
"""What variables mean, by their letters in small."""
COUNTS = frozenset(("count", "n", "total", "callret", "cnt", "num", "number", "nb"))
"""What counts are called, by their letters in small; Virtuoso numbers those that a query does not name: callret-0."""
FORMATS = {"xhtml": "application/xhtml+xml", "html": "text/html", "fmx4": "application/xml", "pdf": "application/pdf"}
CELL = frozenset(("datatype", "type", "value", "xml:lang"))
"""What a cell says."""
FILE = ("item", "format", "manifestation", "expression", "language")
_XML = "{http://www.w3.org/XML/1998/namespace}"
_MEANT = {letters: meaning for meaning, names in MEANINGS.items() for letters in names}
_TARGET = re.compile(r"(.+)_celex")


def read_results(slug: str, value: dict[str, Any], known: frozenset[str], parser_version: str) -> ParsedAnswer:
    """Read the results of a query over works, over their files, or of a count.

    Raises NotADocument for an answer to an ASK query and UnknownShape for results whose variables name no work.
    """
    if "boolean" in value:
        raise NotADocument("a yes or no, the answer to an ASK query")
    results, head = value.get("results"), value.get("head")
    bindings = results.get("bindings") if isinstance(results, dict) else None
    if not isinstance(bindings, list) or not isinstance(head, dict):
        raise UnknownShape(f"expected head and results with bindings, got keys {sorted(map(str, value))[:8]}")
    stated = head.get("vars")
    variables = [name for name in stated if isinstance(name, str)] if isinstance(stated, list) else []
    named = {_MEANT.get(_letters(name)) for name in variables}
    if len(variables) == 1 and (_is_count(variables[0]) or (named == {None} and _is_whole_number(bindings))):
        return ParsedAnswer(official_count=_count(bindings, variables[0]))
    counts = [name for name in variables if _is_count(name)]
    if len(counts) == 1 and {_MEANT.get(_letters(name)) for name in variables if name not in counts} <= {"published"}:
        return ParsedAnswer()
    if not named & {"celex", "work", "eli", *FILE[:1], "manifestation", "expression"}:
        raise UnknownShape(f"expected variables that name works or their files, got {variables[:12]}")
    return read_records(slug, _works(bindings), lambda record: _document(slug, record, known, parser_version))


def from_xml(root: etree._Element) -> dict[str, Any]:
    """Results in XML as their form in JSON."""
    space = "{http://www.w3.org/2005/sparql-results#}"
    boolean = root.find(f"{space}boolean")
    if boolean is not None:
        return {"head": {}, "boolean": boolean.text == "true"}
    listed = root.find(f"{space}results")
    if listed is not None and (foreign := {tag_of(row) for row in listed} - {f"{space}result"}):
        raise UnknownShape(f"expected a result in each of results, got {', '.join(sorted(foreign))}")
    rows = [
        {str(binding.get("name")): _cell_of(cell) for binding in row.iter(f"{space}binding") for cell in binding}
        for row in root.iter(f"{space}result")
    ]
    return {
        "head": {"vars": [one.get("name") for one in root.iter(f"{space}variable")]},
        "results": {"bindings": rows},
    }


def _cell_of(cell: etree._Element) -> dict[str, str | None]:
    kind = tag_of(cell).rsplit("}", 1)[-1]
    said = {str(name).replace(_XML, "xml:"): str(value) for name, value in cell.attrib.items()}
    return {"type": kind, "value": cell.text or "", "xml:lang": None, **said}


def text_of(row: object, name: str) -> str | None:
    """The text of a variable in a row; None where it is not bound."""
    cell = row.get(name) if isinstance(row, dict) else None
    text = cell.get("value") if isinstance(cell, dict) else None
    return text if isinstance(text, str) else None


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _is_count(name: str) -> bool:
    return _letters(name).rstrip("0123456789") in COUNTS


def _is_whole_number(bindings: list[Any]) -> bool:
    """Whether results are one row with one cell, typed as a whole number."""
    cells = list(bindings[0].values()) if len(bindings) == 1 and isinstance(bindings[0], dict) else []
    kinds = [str(cell.get("datatype")) for cell in cells if isinstance(cell, dict)]
    return len(kinds) == 1 and kinds[0].rpartition("#")[2].lower().endswith(("integer", "int", "long"))


def _count(bindings: list[Any], name: str) -> int:
    cell = bindings[0].get(name) if len(bindings) == 1 and isinstance(bindings[0], dict) else None
    count = cell.get("value") if isinstance(cell, dict) else None
    if not isinstance(count, str) or not (count.isascii() and count.isdigit() and len(count) < 19):
        raise UnknownShape(f"expected one row with a whole number, got {str(bindings)[:80]}")
    return int(count)


def _works(bindings: list[Any]) -> dict[str, Any]:
    """A record a work, by the path of its first row: values by variable, each once; what a row pairs stays paired."""
    works: dict[str, Any] = {}
    paths: dict[str, str] = {}
    for position, row in enumerate(bindings):
        path = f"/results/bindings/{position}"
        cells = _cells(row)
        key = _key(cells) if cells is not None else None
        if cells is None or key is None:
            works[path] = row
            continue
        record = works.setdefault(paths.setdefault(key, path), {})
        for group, names in (("files", FILE), ("relations", ("relation", "framework_celex"))):
            together = {name: cells.pop(var) for name in names for var in [_variable(cells, name)] if var}
            if together and together not in record.setdefault(group, []):
                record[group].append(together)
        for name, text in cells.items():
            values = record.setdefault(name, [])
            if text not in values:
                values.append(text)
    return works


def _cells(row: object) -> dict[str, str] | None:
    """Texts by variable; a text in another language than English bears it in its name. None for what is no row."""
    if not isinstance(row, dict):
        return None
    cells: dict[str, str] = {}
    spoken = _language_of(row)
    for name, cell in row.items():
        if not isinstance(cell, dict) or not isinstance(cell.get("value"), str):
            return None
        stated = cell.get("xml:lang")
        language = stated if isinstance(stated, str) else spoken if _MEANT.get(_letters(name)) == "title" else None
        is_other = language is not None and language.lower()[:2] != "en"
        cells[f"{name}@{language}" if is_other else str(name)] = cell["value"]
        cells |= {f"{name}.{other}": str(said) for other, said in cell.items() if other not in CELL}
    return cells


def _language_of(row: dict[Any, Any]) -> str | None:
    """The language of the expression that a row is about, which the Cellar's titles do not bear themselves."""
    named = (text_of(row, name) for name in row if _MEANT.get(_letters(str(name))) == "language")
    return next(filter(None, map(eu.language, named)), None)


def _variable(cells: dict[str, Any], meaning: str) -> str | None:
    """The variable of a meaning; that of its English text where it has texts in several languages."""
    found = [name for name in cells if _MEANT.get(_letters(name.split("@")[0])) == meaning]
    return next((name for name in found if "@" not in name), next(iter(found), None))


def _key(cells: dict[str, str]) -> str | None:
    def cell(meaning: str) -> str:
        return cells.get(_variable(cells, meaning) or "", "")

    if number := eu.celex(cell("celex")):
        return number
    for meaning in ("work", "expression", "manifestation", "item"):
        if uuid := eu.cellar(cell(meaning)):
            return uuid
        if number := eu.celex(cell(meaning)):
            return number
    return eu.eli(cell("eli")) or eu.eli(cell("work"))


def _document(slug: str, record: Record, known: frozenset[str], parser_version: str) -> PolicyDocument:
    raw = {name: sorted(values, key=str) for name, values in record.items()}
    flags: set[str] = set()
    files = _objects(record, "files")
    address = _first(record, "work") or ""
    within = [str(file.get(name) or "") for file in files for name in ("expression", "manifestation", "item")]
    uuid = eu.cellar(address) or next(filter(None, map(eu.cellar, within)), None)
    number = eu.celex(_first(record, "celex")) or eu.celex(address)
    identifiers = eu.known(
        (
            (eu.CELEX, number),
            (eu.ELI, eu.eli(_first(record, "eli")) or eu.eli(address)),
            (eu.CELLAR, uuid),
        )
    )
    name = eu.document_id(identifiers)
    if name is None:
        raise UnknownShape("expected a row with a CELEX number, an ELI or an address in the Cellar, got none")
    title, language = _title(record, files)
    effective = [day for day in _days(record, "effective") if day]
    if len(effective) > 1:
        flags.add("several_effective_dates")
    relations = _relations(record)
    kind = (_first(record, "type") or "").rstrip("/").rsplit("/", 1)[-1] or (number and eu.descriptor(number))
    left = record.left()
    return PolicyDocument(
        source_id=slug,
        document_id=name,
        native_id=number or uuid or identifiers[0].value,
        depth=Depth.LISTING,
        url=_page(number, uuid),
        title=one_line(title, flags),
        language=language,
        document_type=kind or None,
        publishers=tuple(Organisation(name=_last(text), native_id=text) for text in _all(record, "author")),
        identifiers=identifiers,
        published_date=next(iter(_days(record, "published")), None),
        signed_date=next(iter(_days(record, "date")), None),
        effective_date=min(effective, default=None),
        relations=(*relations, *eu.corrected(number)),
        attachments=tuple(_attachment(file) for file in files if file.get("item")),
        subjects=tuple(_all(record, "subject")),
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields=left,
        unread_fields=unread({var.split("@")[0]: None for var in left}, known),
        content_sha256=hash_of(raw),
        parser_version=parser_version,
    )


def _title(record: Record, files: list[dict[str, str]]) -> tuple[str | None, str]:
    """The title and its language; without one, the language of the only texts that there are."""
    name = _variable(record, "title")
    if name:
        return record[name][0], name.partition("@")[2] or "en"
    spoken = {eu.language(stated) for file in files if (stated := file.get("language"))}
    return None, (spoken.pop() if len(spoken) == 1 else None) or "en"


def _page(number: str | None, uuid: str | None) -> str | None:
    if number:
        return f"https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:{number}"
    return f"https://publications.europa.eu/resource/cellar/{uuid}" if uuid else None


def _all(record: Record, meaning: str) -> list[str]:
    name = _variable(record, meaning)
    return [as_text(value) for value in record[name]] if name and "@" not in name else []


def _first(record: Record, meaning: str) -> str | None:
    return next(iter(_all(record, meaning)), None)


def _last(text: str) -> str:
    return text.rstrip("/").rsplit("/", 1)[-1] or text


def _days(record: Record, meaning: str) -> list[date]:
    name = _variable(record, meaning)
    if name is None:
        return []
    read = record.attempt(name, lambda: [iso_day(text[:10]) for text in record[name] if text[:10] not in NO_DAYS])
    return sorted(read or [])


def _objects(record: Record, name: str) -> list[dict[str, str]]:
    return list(record.get(name) or [])


def _relations(record: Record) -> tuple[StatedRelation, ...]:
    found: list[StatedRelation] = []
    for pair in _objects(record, "relations"):
        if (target := eu.celex(pair.get("framework_celex"))) and (word := pair.get("relation")):
            found.append(eu.relation(word, Identifier(scheme=eu.CELEX, value=target), "relation", f"{word} {target}"))
    for name in record:
        match = _TARGET.fullmatch(name)
        for text in record[name] if match else ():
            if match and (target := eu.celex(text)):
                found.append(eu.relation(match[1], Identifier(scheme=eu.CELEX, value=target), name, text))
    return tuple(dict.fromkeys(found))


def _attachment(file: dict[str, str]) -> Attachment:
    kind = file.get("format")
    word = next((known for known in FORMATS if (kind or "").startswith(known)), None)
    return Attachment(title=kind, url=file["item"], content_type=FORMATS[word] if word else None)

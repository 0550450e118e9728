"""Formex: the XML in which the Publications Office keeps texts of the Official Journal, editions 4 to 6.

Belongs here: acts, annexes, other printed parts and the bibliographic records beside them. Tables of contents of an
issue are no document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from lxml import etree

from scrapers.contracts import (
    Depth,
    Identifier,
    NotADocument,
    Organisation,
    ParsedAnswer,
    PolicyDocument,
    StatedRelation,
    content_sha256,
)
from scrapers.families.dates import calendar_day
from scrapers.families.eu_notices import as_value, inside
from scrapers.families.records import Record, read_records
from scrapers.families.text import clean, one_line
from scrapers.families.wording import hash_of
from scrapers.families.xml import XmlAnswer, strange_names, tag_of

CONTENTS = frozenset(("PUBLICATION", "VOLUME", "TOC", "OJ", "CONS.LIST"))
"""Roots of tables of contents."""
RECORD = "DOC"
"""Root of a bibliographic record, which names the files of a document."""
ABOUT = ("PUBLICATION.REF", "FMX")
"""Blocks about a document, beside those whose names begin BIB. and INFO."""
SCHEMA = "{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation"
FILE_SCHEME = "eu_formex"
_INLINE = frozenset(
    ("HT", "DATE", "REF.DOC.OJ", "REF.DOC", "REF.DOC.ECR", "FT", "IE", "QUOT.START", "QUOT.END", "NO.P", "TXT",
     "NO.PARAG", "LINK", "ACRONYM", "FMT.VALUE", "INDEX", "NO.DOC.TXT", "NO.ECLI", "REF.NP", "REF.NOTE", "REF.ANN",
     "EXPONENT", "DIVIDEND", "DIVISOR", "KEYWORD", "CRIT", "NUM", "OVER", "UNDER", "BR")
)  # fmt: skip
_NUMBERED = "\x00"
"""Stands after a number until the block that it belongs to is joined to it; XML cannot hold it."""
_NEW_NAME = re.compile(r"([A-Z]{1,3}_[0-9]{9})[A-Z]{2}\.")
_OLD_NAME = re.compile(r"([A-Z]{1,3}_[0-9]{7}[A-Z]?)[A-Z]{2}\.([0-9]+)\.")


def is_formex(root: etree._Element) -> bool:
    """Whether a tree is Formex, by its schema or by the block that tells what it is of."""
    names = {tag_of(child) for child in root}
    return "formex" in (root.get(SCHEMA) or "") or tag_of(root) in CONTENTS or any(map(_is_about, names))


def read_formex(slug: str, answer: XmlAnswer, known: frozenset[str], parser_version: str) -> ParsedAnswer:
    """Read one file of Formex.

    Raises NotADocument for the table of contents of an issue.
    """
    root, name = answer.root, tag_of(answer.root)
    if name in CONTENTS:
        raise NotADocument("the table of contents of an issue of the Official Journal")
    about = {tag_of(child): as_value(child) for child in root if _is_about(tag_of(child))}
    raw = {"root": name, "schema": root.get(SCHEMA) or "", **about}
    return read_records(slug, {f"/{name}": raw}, lambda record: _document(slug, answer, record, known, parser_version))


def plain_text(element: etree._Element) -> str:
    """The text of an element, a line a block; footnotes stand in brackets where they are called."""
    text = re.sub(f"{_NUMBERED}\\s*", " ", _pieces(element))
    return "\n".join(" ".join(line.split()) for line in text.split("\n") if line.strip())


def _document(
    slug: str, answer: XmlAnswer, record: Record, known: frozenset[str], parser_version: str
) -> PolicyDocument:
    root, name = answer.root, str(record["root"])
    flags: set[str] = {"mended_xml"} if answer.was_mended else set()
    title = " ".join(plain_text(part) for part in _titles(root)).replace("\n", " ") or None
    skipped = {"TITLE", "PAPER", "PDF"} if name == RECORD else {"TITLE"}
    body = "\n".join(
        filter(None, (plain_text(part) for part in root if not (tag_of(part) in skipped or _is_about(tag_of(part)))))
    )
    file, sequence = _file(record), next(inside(record, "BIB.INSTANCE", "NO.SEQ"), None)
    language = str(next(_stated(record, "LG.DOC"), "EN"))[:2].lower()
    part = str(sequence) if name != RECORD and sequence and "." in str(sequence) else None
    text_hash = content_sha256([name, title, body])
    if file is None and not name.startswith("CONS."):
        flags.add("named_by_its_text")
    names = [file or text_hash[:16], *([part] if part else []), *([language] if language != "en" else [])]
    left = record.left()
    return PolicyDocument(
        source_id=slug,
        document_id=":".join(("eu", "formex", *names)),
        native_id=":".join(names),
        depth=Depth.FULL if body else Depth.LISTING,
        title=one_line(title, flags),
        body=clean(body, flags),
        language=language,
        document_type=name,
        document_subtype=next((str(one) for one in _stated(record, "LEGAL.VALUE")), None),
        publishers=tuple(Organisation(name=str(one)) for one in _stated(record, "AUTHOR")),
        identifiers=(Identifier(scheme=FILE_SCHEME, value=file),) if file and not part else (),
        published_date=record.attempt("PUBLICATION.REF", lambda: _day(record, "PUBLICATION.REF")),
        signed_date=record.attempt("BIB.INSTANCE", lambda: _day(record, "BIB.INSTANCE"))
        or record.attempt("FMX", lambda: _day(record, "FMX", "DOC.MAIN.PUB")),
        relations=_part_of(file) if file and part else (),
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields=left,
        unread_fields=strange_names(root, known),
        content_sha256=hash_of([left, title, body]),
        parser_version=parser_version,
    )


def _is_about(name: str) -> bool:
    return name in ABOUT or name.startswith(("BIB.", "INFO."))


def _part_of(file: str) -> tuple[StatedRelation, ...]:
    target = Identifier(scheme=FILE_SCHEME, value=file)
    return (StatedRelation(relation="part_of", target=target, field="BIB.INSTANCE/DOCUMENT.REF", quote=file),)


def _titles(root: etree._Element) -> list[etree._Element]:
    """The title: its own, that of the consolidated text inside, or the first of a bibliographic record."""
    own = root.find("TITLE")
    if own is None and (tag_of(root) == RECORD or tag_of(root).startswith("CONS.")):
        own = root.find(".//TITLE")
    return [] if own is None else [own]


def _stated(record: Record, name: str) -> Iterator[Any]:
    """What the blocks about a document say under a name, wherever they have it."""
    paths = (("BIB.INSTANCE", name), ("BIB.DOC", name), ("FMX", "DOC.MAIN.PUB", name), ("BIB.INSTANCE.CONS", name))
    return (one for path in paths for one in inside(record, *path) if isinstance(one, str))


def _file(record: Record) -> str | None:
    """The name that the files of one document share, without their language."""
    references = [
        *inside(record, "BIB.INSTANCE", "DOCUMENT.REF", "@FILE"),
        *inside(record, "FMX", "DOC.MAIN.PUB", "REF.PHYS", "@FILE"),
    ]
    name = next((one for one in references if isinstance(one, str) and one), None)
    if name is None:
        return None
    if match := _NEW_NAME.match(name):
        return match[1]
    if match := _OLD_NAME.match(name):
        return f"{match[1]}.{match[2]}"
    return name.split(".", 1)[0]


def _day(record: Record, *path: str) -> date | None:
    """A day as in <DATE ISO="20240313">.

    Raises ValueError for what is no day.
    """
    for one in inside(record, *path, "DATE"):
        text = str(one.get("@ISO") or one.get("#text") if isinstance(one, dict) else one)
        day = calendar_day(int(text[:4]), int(text[4:6]), int(text[6:])) if re.fullmatch("[0-9]{8}", text) else None
        if day is None:
            raise ValueError(f"expected a day such as 20240313, got {text[:40]!r}")
        return day
    return None


def _pieces(element: etree._Element) -> str:
    name = tag_of(element)
    inner = (element.text or "").replace("\n", " ") + "".join(
        _pieces(child) + (child.tail or "").replace("\n", " ") for child in element
    )
    if name in ("QUOT.START", "QUOT.END"):
        return _quote(element.get("CODE"))
    if name == "NOTE":
        return f" [{' '.join(inner.split())}]"
    if name in ("NO.P", "NO.PARAG"):
        return f"{' '.join(inner.split())}{_NUMBERED}"
    if name == "CELL":
        return f"{' '.join(inner.split())} "
    return inner if name in _INLINE else f"\n{inner}\n"


def _quote(code: str | None) -> str:
    try:
        return chr(int(code or "", 16))
    except (ValueError, OverflowError):
        return '"'

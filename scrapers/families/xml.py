"""XML answers, read strictly: what XML sources share.

Named refusals instead of half-read data: document type declarations, cut bytes, HTML or text where XML was due.
Mark-up that is whole but badly nested is mended by rules that lose no text, and the reader is told.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from html.entities import html5
from xml.sax.saxutils import escape

from lxml import etree

from scrapers.contracts import NotADocument, Truncated, UnknownShape, UpstreamError
from scrapers.families.text import is_utf_8
from scrapers.runtime.block_pages import looks_like_html, refuse_block_page

MAX_XML_BYTES = 64_000_000
MAX_DEPTH = 100
_TOO_DEEP = f"expected XML nested at most {MAX_DEPTH} deep, got deeper"
_BOM = b"\xef\xbb\xbf"
_NAME = re.compile(rb"<([A-Za-z_][\w.:-]*)[\s/>]")
_TAG = re.compile(r"<(/?)([A-Za-z_][\w.:-]*+)([^<>]*?)(/?)>")
_ATTRIBUTE = re.compile(r"""(?<![\w.:-])(?:(?![A-Za-z_])[\w.:-])*([A-Za-z_][\w.:-]*+)\s*+=\s*("[^"<]*"|'[^'<]*')""")
"""Looked for where a run of such characters begins and nowhere inside it, so that a long one is read once."""
_REFERENCE = re.compile(r"&(?:#(\d{1,7}|x[0-9A-Fa-f]{1,6});|(\w{1,32});)?")
_MATHML = "{http://www.w3.org/1998/Math/MathML}"
_PREDEFINED = frozenset(("lt", "gt", "amp", "quot", "apos"))
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DECLARATION = re.compile(r"\A<\?xml\s.*?\?>", re.DOTALL)
_ASIDES = (("<!--", "-->"), ("<?", "?>"))
_ENCODING = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']""")
_ENCODINGS = frozenset((b"utf-8", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252"))
"""Encodings in which "<!DOCTYPE" is spelt as in ASCII, so that it cannot hide."""


@dataclass(frozen=True)
class XmlAnswer:
    """A document tree, and whether its mark-up had to be mended first."""

    root: etree._Element
    was_mended: bool


def root_name(body: bytes) -> str:
    """Name of the root element, found without parsing.

    Raises Truncated for an empty body or one that ends before its root, BlockPage for walls, UpstreamError for HTML,
    NotADocument for text that is no XML, and UnknownShape for a document type declaration, which is never read: it can
    name files, hosts and entities that grow without end.
    """
    rest = body.removeprefix(_BOM).lstrip()
    if not rest or _BOM.startswith(body):
        raise Truncated("expected XML, got an empty body")
    refuse_block_page(body, "XML")
    if looks_like_html(body):
        title = re.search(rb"<title>([^<]{0,120})", body[:20_000], re.IGNORECASE)
        found = title.group(1).decode("utf-8", "replace").strip() if title else "(none)"
        raise UpstreamError(f"expected XML, got an HTML page titled {found!r}")
    if b"\x00" in rest[:1_000] or rest.startswith((b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"\xff\xfe", b"\xfe\xff")):
        raise UnknownShape("expected XML in UTF-8, got binary or UTF-16 bytes")
    if not rest.startswith(b"<"):
        raise NotADocument(f"expected XML, got text that begins {rest[:40].decode('utf-8', 'replace')!r}")
    declared = _ENCODING.match(rest)
    if declared and declared[1].lower() not in _ENCODINGS:
        raise UnknownShape(f"expected XML in UTF-8, got {declared[1].decode()!r}")
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise UnknownShape("expected XML without a document type declaration, got one; entities are never expanded")
    rest = _after_prolog(rest)
    match = _NAME.match(rest)
    if match is None:
        raise UnknownShape(f"expected a root element, got {rest[:40].decode('utf-8', 'replace')!r}")
    return match.group(1).decode()


def read_xml(body: bytes, never_nested: frozenset[str] = frozenset()) -> XmlAnswer:
    """Parse one XML answer; where it is whole but malformed, mend it and say so.

    `never_nested` names elements that cannot hold each other, so that a lost end tag harms one of them only. Raises
    what `root_name` raises, Truncated when the root is never closed, and UnknownShape for more than `MAX_XML_BYTES`
    bytes or `MAX_DEPTH` levels.
    """
    if len(body) > MAX_XML_BYTES:
        raise UnknownShape(f"expected at most {MAX_XML_BYTES} bytes of XML, got {len(body)}")
    root = root_name(body)
    try:
        return XmlAnswer(_parse(body.removeprefix(_BOM).lstrip()), was_mended=False)
    except etree.XMLSyntaxError as error:
        if not re.search(rb"</" + re.escape(root.encode()) + rb"\s*>", body):
            raise Truncated(f"expected </{root}> at the end, got bytes that end before it: {error}") from error
    mended = _mend(decoded(body), root, never_nested)
    try:
        return XmlAnswer(_parse(mended.encode()), was_mended=True)
    except etree.XMLSyntaxError as error:
        raise UnknownShape(f"XML that cannot be mended: {error}") from error


def decoded(body: bytes) -> str:
    """The text of XML without its declaration: what is mended is written anew in UTF-8.

    Read as UTF-8 where it can be, else in the encoding that it states. A byte that is none there becomes U+FFFD.
    """
    bare = body.removeprefix(_BOM).lstrip()
    declared = _ENCODING.match(bare)
    stated = declared[1].decode().lower() if declared and not body.startswith(_BOM) else ""
    is_other = stated in ("iso-8859-1", "windows-1252") and not is_utf_8(bare)
    encoding = stated if is_other else "utf-8"
    return _DECLARATION.sub("", bare.decode(encoding, "replace"), count=1)


def strict_tree(body: bytes) -> etree._Element:
    """The tree of XML that names no file and no host, in UTF-8 where it can be, else in the encoding that it states.

    Raises XMLSyntaxError for anything that is not well-formed.
    """
    parser = etree.XMLParser(
        encoding="utf-8" if is_utf_8(body) else None,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(body, parser)


def tag_of(element: etree._Element) -> str:
    """The element's name as text; the library's own type allows more than parsed XML can hold."""
    return str(element.tag)


def strange_names(root: etree._Element, known: Collection[str]) -> tuple[str, ...]:
    """Names that are none of `known`: of elements, and of attributes as "@name", the root's own and at any depth.

    Names stand without their name spaces. Formulas in MathML are the vocabulary of others and are not looked into.
    """
    found: set[str] = set()
    elements = etree.iterwalk(root, events=("start",))
    for _, element in elements:
        if tag_of(element).startswith(_MATHML):
            elements.skip_subtree()
            continue
        found.add(_without_space(tag_of(element)))
        found.update(f"@{_without_space(str(name))}" for name in element.attrib)
    return tuple(sorted(found.difference(known)))


def _without_space(name: str) -> str:
    return name.rpartition("}")[2]


def _parse(body: bytes) -> etree._Element:
    root = strict_tree(body)
    if root.xpath("/*" * (MAX_DEPTH + 1)):
        raise UnknownShape(_TOO_DEEP)
    return root


def _after_prolog(rest: bytes) -> bytes:
    while True:
        for start, end in _ASIDES:
            if rest.startswith(start.encode()):
                _, found, rest = rest.partition(end.encode())
                rest = rest.lstrip()
                if not found or not rest:
                    raise Truncated("expected a root element, got a body that ends in its prolog")
                break
        else:
            break
    if not rest.startswith(b"<"):
        raise NotADocument(f"expected XML, got text that begins {rest[:40].decode('utf-8', 'replace')!r}")
    if b">" not in rest:
        raise Truncated("expected a root element, got a body that ends inside its first tag")
    return rest


def _mend(text: str, root: str, never_nested: frozenset[str]) -> str:
    """Make mark-up well-formed: close what an end tag passes over, drop end tags of nothing, escape stray signs.

    libxml2's own recovery takes any end tag for the end of the innermost element, so that one lost tag swallows all
    that follows, and drops entities it does not know.
    """
    last_end = text.rfind(f"</{root}")
    last_aside_ends = {closing: text.rfind(closing) for _, closing in _ASIDES}
    out: list[str] = []
    stack: list[str] = []
    position = text.find(f"<{root}")
    while position < len(text):
        start = text.find("<", position)
        if start < 0:
            break
        out.append(_escaped(text[position:start]))
        position = _skipped(text, start, last_aside_ends)
        if position > start:
            continue
        match = _TAG.match(text, start)
        if match is None:
            out.append("&lt;")
            position = start + 1
            continue
        position = match.end()
        if match[1]:
            if match[2] == root and start < last_end:
                continue
            _close(match[2], stack, out)
            if not stack:
                break
            continue
        _open(match, stack, out, never_nested)
    out.extend(f"</{name}>" for name in reversed(stack))
    return "".join(out)


def _skipped(text: str, start: int, last_ends: dict[str, int]) -> int:
    """Where a comment or processing instruction ends; `start` itself when there is none or it has no end."""
    for opening, closing in _ASIDES:
        if text.startswith(opening, start):
            return text.index(closing, start) + len(closing) if start < last_ends[closing] else start
    return start


def _open(match: re.Match[str], stack: list[str], out: list[str], never_nested: frozenset[str]) -> None:
    name = match[2]
    if name in never_nested:
        for outer in never_nested.intersection(stack):
            _close(outer, stack, out)
    attributes = {key: _escaped(value) for key, value in _ATTRIBUTE.findall(match[3]) if ":" not in key}
    is_empty = bool(match[4])
    out.append(f"<{name}{''.join(f' {key}={value}' for key, value in attributes.items())}{'/' if is_empty else ''}>")
    if is_empty:
        return
    stack.append(name)
    if len(stack) > MAX_DEPTH:
        raise UnknownShape(_TOO_DEEP)


def _close(name: str, stack: list[str], out: list[str]) -> None:
    if name not in stack:
        return
    while True:
        innermost = stack.pop()
        out.append(f"</{innermost}>")
        if innermost == name:
            return


def _escaped(text: str) -> str:
    return _REFERENCE.sub(_reference, _ILLEGAL.sub("", text)).replace("]]>", "]]&gt;")


def _reference(match: re.Match[str]) -> str:
    number, name = match[1], match[2]
    if number:
        code = int(number[1:], 16) if number.startswith("x") else int(number)
        is_legal = code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
        return match[0] if is_legal else "\ufffd"
    if name in _PREDEFINED:
        return match[0]
    if name and (meant := html5.get(f"{name};")):
        return escape(meant)
    return "&amp;" + match[0][1:]

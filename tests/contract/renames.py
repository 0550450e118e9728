"""Answers in which one name is another, and answers that lack one block: what a source that changes its shape sends.

Belongs here: changing answers in JSON and XML. Does not belong here: what a parser has to make of them.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

NEW = "zzNew"
"""Beginning of a name that no source has."""
EACH = "#"
"""Stands in a path for every entry of a list."""
Path = tuple[str, ...]
Change = tuple[str, bytes]
"""The path of what was changed, and the answer as it then is."""

_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}"


def plain(body: bytes) -> bytes:
    """The answer as it is written without any change."""
    return json.dumps(json.loads(body)).encode() if _is_json(body) else etree.tostring(_tree(body))


def renamed(body: bytes) -> Iterator[Change]:
    """The answer once for each path of a key, an element or an attribute, with that name changed wherever it stands."""
    return _renamed_json(json.loads(body)) if _is_json(body) else _renamed_xml(_tree(body))


def without_block(body: bytes) -> Iterator[Change]:
    """The answer once for each path of an object, a list of objects or an element with elements, without it."""
    return _cut_json(json.loads(body)) if _is_json(body) else _cut_xml(_tree(body))


def _is_json(body: bytes) -> bool:
    return body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def _tree(body: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(body, parser)


# JSON


def _renamed_json(value: Any) -> Iterator[Change]:
    for path in dict.fromkeys(_paths(value)):
        yield "/".join(path), json.dumps(_changed(value, path, _rename)).encode()


def _cut_json(value: Any) -> Iterator[Change]:
    for path in dict.fromkeys(path for path in _paths(value) if any(map(_is_block, _at(value, path)))):
        yield "/".join(path), json.dumps(_changed(value, path, _cut)).encode()


def _is_block(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(one, dict) for one in value))


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield (*path, name)
            yield from _paths(inner, (*path, name))
    elif isinstance(value, list):
        for inner in value:
            yield from _paths(inner, (*path, EACH))


def _at(value: Any, path: Path) -> Iterator[Any]:
    if not path:
        yield value
    elif path[0] == EACH:
        for inner in value if isinstance(value, list) else ():
            yield from _at(inner, path[1:])
    elif isinstance(value, dict) and path[0] in value:
        yield from _at(value[path[0]], path[1:])


def _changed(value: Any, path: Path, change: Callable[[dict[str, Any], str], dict[str, Any]]) -> Any:
    if path[0] == EACH:
        return [_changed(inner, path[1:], change) for inner in value] if isinstance(value, list) else value
    if not isinstance(value, dict) or path[0] not in value:
        return value
    if len(path) == 1:
        return change(value, path[0])
    return {**value, path[0]: _changed(value[path[0]], path[1:], change)}


def _rename(value: dict[str, Any], name: str) -> dict[str, Any]:
    return {f"{NEW}{key}" if key == name else key: inner for key, inner in value.items()}


def _cut(value: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: inner for key, inner in value.items() if key != name}


# XML


def _renamed_xml(root: etree._Element) -> Iterator[Change]:
    for path, places in _by_path(root).items():
        tree = copy.deepcopy(root)
        for element in _by_path(tree)[path]:
            element.tag = _new_name(str(element.tag))
        yield path, etree.tostring(tree)
        for name in sorted({str(name) for element in places for name in element.attrib}):
            tree = copy.deepcopy(root)
            for element in _by_path(tree)[path]:
                _rename_attribute(element, name)
            yield f"{path}@{etree.QName(name).localname}", etree.tostring(tree)


def _cut_xml(root: etree._Element) -> Iterator[Change]:
    for path, places in _by_path(root).items():
        if root in places or not any(len(element) for element in places):
            continue
        tree = copy.deepcopy(root)
        for element in _by_path(tree)[path]:
            if (outer := element.getparent()) is not None:
                outer.remove(element)
        yield path, etree.tostring(tree)


def _by_path(root: etree._Element) -> dict[str, list[etree._Element]]:
    places: dict[str, list[etree._Element]] = {}

    def note(element: etree._Element, outer: str) -> None:
        path = f"{outer}/{etree.QName(element).localname}"
        places.setdefault(path, []).append(element)
        for child in element:
            note(child, path)

    note(root, "")
    return places


def _new_name(name: str) -> str:
    space, _, local = name.rpartition("}")
    return f"{space}}}{NEW}{local}" if space else f"{NEW}{local}"


def _rename_attribute(element: etree._Element, name: str) -> None:
    """In its place; XML's own name space holds no new names, so that one of it leaves it."""
    stated = {str(key): str(value) for key, value in element.attrib.items()}
    element.attrib.clear()
    for key, value in stated.items():
        element.set(_new_name(key.removeprefix(_XML_SPACE)) if key == name else key, value)

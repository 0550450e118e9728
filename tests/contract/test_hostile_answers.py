"""Whatever a source sends, its parser answers or refuses by name: fixtures are cut, garbled, filled with nonsense."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrapers.contracts import ParsedAnswer, Refusal
from scrapers.parse import parser_of
from scrapers.registry import sources
from tests.contract.cases import cases_of

pytestmark = pytest.mark.slow

NONSENSE: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, "", " ", "none", "2026-13-45", "\x00\u202e", [], {}, [None], [[]], {"a": None}, "9" * 5_000
)  # fmt: skip
SMALL = settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
MAX_BYTES = 200_000
MAX_SPOILT_CHARS = 6_000
SHALLOW, DEEP = 3, 30


def bodies_of(slug: str) -> list[bytes]:
    """The answers of a source that are worth spoiling."""
    bodies = [case.answer.read_bytes() for case in cases_of(slug)]
    return [body for body in bodies if 0 < len(body) <= MAX_BYTES]


def json_of(slug: str) -> list[Any]:
    """Those that hold JSON."""
    values = []
    for body in bodies_of(slug):
        try:
            values.append(json.loads(body))
        except (ValueError, RecursionError):
            continue
    return [value for value in values if value]


def read_or_refuse(slug: str, body: bytes) -> None:
    try:
        answer = parser_of(slug)(body)
    except Refusal:
        return
    assert isinstance(answer, ParsedAnswer)
    answer.model_dump_json()


def shape(container: Any, key: Any) -> tuple[Any, ...]:
    """What a place has in common with its like: the keys beside it and the type of its value."""
    beside = frozenset(container) if isinstance(container, dict) else None
    return beside, key if beside else None, type(container[key])


def places(value: Any, depth: int) -> Iterator[tuple[Any, Any]]:
    """Every container down to a depth, with each key of its own."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    for key in keys:
        yield value, key
        if depth > 1:
            yield from places(value[key], depth - 1)


@pytest.mark.parametrize("slug", list(sources()))
def test_one_spoilt_value_is_no_accident(slug: str) -> None:
    """Of places of one shape, the first of all fixtures is spoilt."""
    spoilt = set()
    for value in json_of(slug):
        if len(json.dumps(value)) > MAX_SPOILT_CHARS:
            continue
        for container, key in list(places(value, SHALLOW)):
            if (about := shape(container, key)) in spoilt:
                continue
            spoilt.add(about)
            kept = container[key]
            for nonsense in NONSENSE:
                container[key] = nonsense
                read_or_refuse(slug, json.dumps(value).encode())
            if isinstance(container, dict):
                del container[key]
                read_or_refuse(slug, json.dumps(value).encode())
            container[key] = kept


@pytest.mark.parametrize("slug", list(sources()))
def test_several_spoilt_values_are_no_accident(slug: str) -> None:
    texts = [json.dumps(value) for value in json_of(slug)]
    if not texts:
        pytest.skip(f"{slug} has no fixture in JSON")

    @SMALL
    @given(st.data())
    def spoil(data: st.DataObject) -> None:
        value = json.loads(data.draw(st.sampled_from(texts)))
        for container, key in data.draw(st.lists(st.sampled_from(list(places(value, DEEP))), min_size=2, max_size=4)):
            container[key] = data.draw(st.sampled_from(NONSENSE))
        read_or_refuse(slug, json.dumps(value).encode())

    spoil()


@pytest.mark.parametrize("slug", list(sources()))
def test_a_number_of_endless_digits_is_no_accident(slug: str) -> None:
    """In XML, whose numbers are text; the first of each name is spoilt."""
    spoilt = set()
    for body in bodies_of(slug):
        for match in re.finditer(rb"""([\w:.-]+)(?:=["']|>)\s*(\d+)\s*["'<]""", body):
            if body.lstrip().startswith(b"<") and match[1] not in spoilt:
                spoilt.add(match[1])
                for digits in (b"9" * 5_000, "\u00b2".encode()):
                    read_or_refuse(slug, body[: match.start(2)] + digits + body[match.end(2) :])


@pytest.mark.parametrize("slug", list(sources()))
def test_cut_and_garbled_bytes_are_no_accident(slug: str) -> None:
    bodies = bodies_of(slug)
    if not bodies:
        pytest.skip(f"{slug} has no fixture")

    @SMALL
    @given(st.sampled_from(bodies), st.floats(0, 1), st.binary(max_size=6))
    def garble(body: bytes, where: float, inserted: bytes) -> None:
        cut = int(len(body) * where)
        read_or_refuse(slug, body[:cut])
        read_or_refuse(slug, body[:cut] + inserted + body[cut:])

    garble()

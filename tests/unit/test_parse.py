"""Files are parsed one by one: what cannot be opened or read costs no other file its turn."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from lxml import etree

from scrapers import parse
from scrapers.contracts import ParsedAnswer
from scrapers.parse import parse_files
from scrapers.registry import sources
from tests.contract.cases import FIXTURES

NOTICE = FIXTURES / "us_bis" / "list_of_press_releases.html"
DECLARED = b'<?xml version="1.0" encoding="utf-8"?>'
PAGE = b"<html><head><title>503 Service Unavailable</title></head><body><p>Sample words.</p></body></html>"
ODD_BODIES = (
    b"",
    b" ",
    b"\xef",
    b"\xef\xbb",
    b"\xef\xbb\xbf",
    b"\xef\xbb\xbf\n",
    b"\xef\xbb\xbf\xef\xbb\xbf",
    b"\0",
    b"\0" * 2_000,
    b"<",
    b"<?",
    b"<!-- x",
    DECLARED,
    b"\xef\xbb\xbf" + DECLARED,
    DECLARED + PAGE,
    b"\n" + DECLARED + b"<!DOCTYPE html>" + PAGE,
    DECLARED.replace(b"utf-8", b"utf-16") + PAGE,
    DECLARED.replace(b"utf-8", b"klingon") + PAGE,
    PAGE.replace(b"<head>", b'<head><meta charset="klingon">'),
    PAGE.decode().encode("utf-16"),
    PAGE.replace(b"w", b"\0"),
    b"<html>",
    b"<html></html>",
    b"<html><frameset><frame src=x></frameset></html>",
    b"<rss/>",
    b"<rss><channel/></rss>",
    b'<feed xmlns="http://www.w3.org/2005/Atom"/>',
    b"null",
    b"0",
    b'""',
    b"{}",
    b"[]",
    b"[{}]",
    b"[null]",
    b"%PDF-1.4",
    b"PK\x03\x04",
    b'{"results": null}',
    b'{"results": [null, 1, "x", [], {}]}',
    b"a,b\n1,2\n",
    b'"',
    b"&#0;",
    b"<p>&#xD800;</p>",
    b"<div>" * 3_000,
    b"<html><head><base href='http://[x'></head><body><a href='http://[y'>z</a></body></html>",
)


@pytest.mark.parametrize("slug", list(sources()))
def test_no_parser_stumbles_over_odd_bytes(slug: str, tmp_path: Path) -> None:
    files = [tmp_path / str(number) for number in range(len(ODD_BODIES))]
    for file, body in zip(files, ODD_BODIES, strict=True):
        file.write_bytes(body)
    err = io.StringIO()
    parse_files(slug, files, io.StringIO(), err)
    assert "a fault of the parser" not in err.getvalue()


@pytest.mark.parametrize("error", [IndexError("list"), RecursionError(), etree.ParserError("empty"), UnicodeError("x")])
def test_a_parser_that_stumbles_costs_no_other_file_its_turn(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = parse.parser_of("us_bis")

    def stumbling(body: bytes) -> ParsedAnswer:
        if body == b"odd":
            raise error
        return good(body)

    monkeypatch.setattr(parse, "parser_of", lambda slug: stumbling)
    odd, missing = tmp_path / "odd", tmp_path / "missing"
    odd.write_bytes(b"odd")
    out, err = io.StringIO(), io.StringIO()
    assert not parse_files("us_bis", [odd, missing, NOTICE], out, err)
    lines = err.getvalue().splitlines()
    assert f"{odd}: UnknownShape: expected documents or a refusal, got {type(error).__name__}" in lines[0]
    assert lines[1].startswith(f"{missing}: expected a file that can be read, got No such file")
    assert out.getvalue().count('"source_id":"us_bis"') >= 2

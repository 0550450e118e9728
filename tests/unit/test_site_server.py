"""The server of the site: search that escapes, files of the edition and no others, and only this machine may ask."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import html5lib
import lxml.html
import pytest

from pipelines.home import Home
from pipelines.publish.audit import AuditToken, write_token
from pipelines.publish.edition import current_edition, switch_current
from pipelines.publish.stage import seal
from scrapers.durable import write_whole
from tests.unit.site_fixture import make_site, served

Answer = tuple[int, dict[str, str], str]


def ask(port: int, path: str, method: str = "GET", host: str | None = None) -> Answer:
    """An exchange in which nobody tidies the path."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    try:
        connection.request(method, path, headers={} if host is None else {"Host": host})
        response = connection.getresponse()
        return (
            response.status,
            {k.lower(): v for k, v in response.getheaders()},
            response.read().decode(errors="replace"),
        )
    finally:
        connection.close()


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_site(tmp_path_factory.mktemp("editions") / "e1")


@pytest.fixture(scope="module")
def port(edition: Path) -> Iterator[int]:
    (edition.parent / "secret.txt").write_text("secret", encoding="utf-8")
    (edition / "leads-out").symlink_to(edition.parent / "secret.txt")
    with served(lambda: edition) as port:
        yield port


def test_pages_and_files_of_the_edition__are_served(port: int) -> None:
    status, headers, page = ask(port, "/site/index.html")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "Week 44 of 2026" in page
    assert ask(port, "/site/site.css")[1]["content-type"] == "text/css; charset=utf-8"
    for path in ("/", "/site", "/site/"):
        assert ask(port, path)[:2][1]["location"] == "/site/index.html"
    status, headers, _ = ask(port, "/policy.duckdb", "HEAD")
    assert (status, headers["content-disposition"]) == (200, 'attachment; filename="policy.duckdb"')
    assert ask(port, "/csv/policies.csv")[2] == "policy_id\n"


@pytest.mark.parametrize("path", ["/site/index.html", "/site/search.html?q=ai", "/nothing", "/policy.duckdb"])
def test_every_answer__says_what_a_browser_may_do_with_it(port: int, path: str) -> None:
    headers = ask(port, path)[1]
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "server" not in headers


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/site/../../secret.txt", "//etc/passwd",
        "/%2fetc%2fpasswd", "/..%5csecret.txt", "/leads-out", "/csv", "/policy.duckdb%00.html",
        f"/site/{'a' * 300}", f"/{'a/' * 3000}",
    ],
)  # fmt: skip
def test_nothing_outside_the_edition__is_served(port: int, path: str) -> None:
    status, _, said = ask(port, path)
    assert status == 404
    assert "secret" not in said


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_only_reading__is_allowed(port: int, method: str) -> None:
    for path in ("/site/index.html", "/site/search.html", "/policy.duckdb", "/"):
        assert ask(port, path, method)[0] == 405


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8765", ""])
def test_names_of_elsewhere__are_refused(port: int, host: str) -> None:
    assert ask(port, "/site/index.html", host=host)[0] == 400


@pytest.mark.parametrize("host", ["localhost", "localhost:8765", "127.0.0.1:1"])
def test_names_of_this_machine__are_taken(port: int, host: str) -> None:
    assert ask(port, "/site/index.html", host=host)[0] == 200


def test_search__finds_marks_and_leads_to_the_policy(port: int) -> None:
    page = lxml.html.fromstring(ask(port, f"/site/search.html?q={quote('clusters NOT chips')}")[2])
    (hit,) = page.xpath("//ul[@class='lines']/li")
    assert "Remote Access to Advanced Computing Clusters" in hit.text_content()
    assert {node.text.lower() for node in hit.xpath(".//mark")} == {"clusters"}
    assert page.xpath("string(//h2)") == "1 document"
    assert hit.xpath(".//a[@href='policies/us-fr-2026-20100.html']")
    assert page.xpath("//input[@name='q']/@value") == ["clusters NOT chips"]


def test_search__says_how_many_there_are(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.site.server.MAX_HITS", 2)
    page = lxml.html.fromstring(ask(port, "/site/search.html?q=ai")[2])
    total, said = page.xpath("string(//h2)").split(" ", 1)
    assert int(total) > 2
    assert said == "documents, the best 2 shown"
    assert len(page.xpath("//ul[@class='lines']/li")) == 2


def test_the_templates__are_read_once_an_edition(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(port, "/site/search.html")
    monkeypatch.setattr("pipelines.site.server.Renderer", lambda _: pytest.fail("the templates were read again"))
    assert ask(port, "/site/search.html?q=frontier")[0] == 200


def test_search__has_a_short_address(port: int) -> None:
    assert ask(port, "/search?q=ai")[1]["location"] == "/site/search.html?q=ai"


@pytest.mark.parametrize(
    "query", ["onload", 'script "alert', "<script>alert(1)</script>", '"><b onclick=x>', "\x02a\x03 b", "\u202eai"]
)
def test_search__escapes_what_is_asked_and_what_is_found(port: int, query: str) -> None:
    status, _, text = ask(port, f"/site/search.html?q={quote(query)}")
    assert status == 200
    html5lib.HTMLParser(strict=True).parse(text)
    page = lxml.html.fromstring(text)
    assert not page.xpath("//script | //b | //*[@onclick or @onload]")
    assert not [address for address in page.xpath("//@href") if address.startswith("javascript:")]


@pytest.mark.parametrize("query", ["NOT chips", "-chips", "***", '"'])
def test_search__tells_kindly_what_it_needs(port: int, query: str) -> None:
    status, _, page = ask(port, f"/site/search.html?q={quote(query)}")
    assert status == 200
    assert "Expected words or" in page


def test_search__says_when_nothing_is_there(port: int) -> None:
    assert "Nothing found" in ask(port, "/site/search.html?q=xylophone")[2]


def test_a_newer_edition__shows_without_a_restart(edition: Path, tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.editions.mkdir()
    for name in ("e1", "e2"):
        shutil.copytree(edition, home.editions / name, symlinks=True)
    (home.editions / "e2" / "site" / "index.html").write_text("newer", encoding="utf-8")
    switch_current(home, "e1")
    with served(lambda: current_edition(home)) as port:
        assert ask(port, "/site/index.html")[2] != "newer"
        switch_current(home, "e2")
        assert ask(port, "/site/index.html")[2] == "newer"
        shutil.rmtree(home.editions / "e2")
        status, _, said = ask(port, "/site/index.html")
    assert (status, "is not there any more" in said) == (503, True)


def test_the_command__says_where_serves_and_ends_at_an_interrupt(tmp_path: Path) -> None:
    home = Home(tmp_path)
    folder = make_site(home.editions / "e1")
    write_whole(folder / "EDITION.json", b'{"edition_id": "e1", "as_of": "2026-11-02T00:00:00Z"}')
    write_token(folder, AuditToken(edition_id="e1", staged_sha256=seal(folder), expected=(), outcomes=()))
    switch_current(home, "e1")
    command = [sys.executable, "-m", "pipelines.cli", "--home", str(tmp_path), "serve", "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        port = int(line.split("127.0.0.1:")[1].split("/")[0])
        assert ask(port, "/site/index.html")[0] == 200
        server.send_signal(signal.SIGINT)
        _, said = server.communicate()
    assert (server.returncode, said) == (0, "")


def test_the_quality_report__is_shown_with_its_own_style_and_no_script(port: int) -> None:
    status, headers, _ = ask(port, "/quality.html")
    assert status == 200
    assert "content-disposition" not in headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert "script-src" not in policy

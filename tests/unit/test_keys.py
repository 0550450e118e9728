"""A source that demands a key: sent in its header, written nowhere; without it nothing is asked, and that is said."""

from __future__ import annotations

import gzip
import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from scrapy.http import Response

from pipelines.accounts import crawl_of_run
from pipelines.assets import ingest
from pipelines.assets.ingest import _last_words, _report, coverage_line
from pipelines.assets.ingest_checks import CHECK
from pipelines.checks import _blind_sources
from pipelines.children import ChildResult
from pipelines.digest.model import DayLook, Reference, SourceWeek
from pipelines.digest.wording import gaps, look, not_looked
from pipelines.home import Home
from pipelines.load import load
from pipelines.ops.state import bring_up_to_date, steps
from pipelines.report import source_lines, status_lines
from pipelines.warehouse import open_warehouse
from scrapers.contracts import CrawlLedger, Truncated
from scrapers.keys import scrubbed
from scrapers.replay import replay_crawl
from scrapers.runtime.archive import read_answer
from scrapers.runtime.middlewares import KEY_MARK, decode_body, without_key
from tests.crawl_fixture import T0, document, land

SLUG, HOST = "us_federal_register", "www.federalregister.gov"
VARIABLE, KEY = "AIPOLICY_TEST_KEY", "s3cret/of+ours"
WHY = f"no key (set {VARIABLE})"
ROOT = Path(__file__).parents[2]
CRAWL = f"""\
import logging, sys
from scrapers import crawl
from scrapers.contracts import UpstreamError
from scrapers.registry import ApiKey
from scrapers.runtime.spider import SourceSpider
from urllib.parse import quote
import os
class Tiny(SourceSpider):
    name, parser_version = {SLUG!r}, "{SLUG}/1"
    async def start(self):
        key = os.environ[{VARIABLE!r}]
        yield self.ask("https://{HOST}/api?key=" + quote(key, safe=""), self.read, purpose="listing")
        yield self.ask("https://{HOST}/bug", self.fail, purpose="listing")
    def read(self, response):
        logging.getLogger("tiny").warning("read %s", response.text)
        raise UpstreamError("the API reports: " + response.text)
    def fail(self, response):
        raise RuntimeError(response.body.decode())
real = crawl.source
crawl.source = lambda slug: real(slug).model_copy(update={{"key": ApiKey(variable={VARIABLE!r}, header="X-Api-Key")}})
crawl.spider_class = lambda slug: Tiny
sys.exit(crawl.main())
"""


@dataclass
class Asked:
    """What a stand-in heard."""

    url: str
    keys: list[str | None] = field(default_factory=list)


@pytest.fixture
def stand_in() -> Iterator[Asked]:
    """A source that tells everybody the key it was sent, in headers, in bodies, plain and compressed."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/robots.txt":
                asked.keys.append(self.headers.get("X-Api-Key"))
            body = b"User-agent: *\nAllow: /" if self.path == "/robots.txt" else f"bad key {KEY}".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain")
            if self.path != "/robots.txt":
                self.send_header("X-Echo", str(self.headers.get("X-Api-Key")))
                self.send_header("X-Next", "https://elsewhere.example/?api_key=s3cret%2fof%2bours")
            if self.path == "/bug":
                body = gzip.compress(body)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    asked = Asked(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield asked
    server.shutdown()
    server.server_close()


def crawl(home: Path, stand_in: Asked, key: str | None) -> tuple[CrawlLedger, str]:
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    done = subprocess.run(
        [
            *(sys.executable, "-c", CRAWL, SLUG, "--since", "2026-11-20", "--until", "2026-11-20", "--home", str(home)),
            *("--base-url", f"{HOST}={stand_in.url}", "--run-id", "run-1"),
        ],
        cwd=ROOT,
        env=environment | ({VARIABLE: key} if key else {}),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (ledger,) = (home / "archive" / SLUG).glob("*.ledger.json")
    return CrawlLedger.model_validate_json(ledger.read_bytes()), done.stdout + done.stderr


def test_the_key_is_sent_and_written_nowhere(tmp_path: Path, stand_in: Asked) -> None:
    ledger, said = crawl(tmp_path, stand_in, KEY)
    assert stand_in.keys == [KEY, KEY]
    assert "bad key redacted" in said
    assert "RuntimeError" in said
    assert [fault for fault in ledger.faults if "UpstreamError: the API reports: bad key redacted" in fault]
    assert f"https://{HOST}/api?key=redacted" in {fetch.url for fetch in ledger.fetches}
    (warc,) = (tmp_path / "archive" / SLUG).glob("*.warc.gz")
    archived = gzip.decompress(warc.read_bytes())
    assert archived.lower().count(b"x-api-key: redacted") == 2
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*.json*")) + said.encode()
    for form in (KEY, "s3cret%2Fof%2Bours"):
        assert form.encode() not in written
    assert b"s3cret" not in archived
    assert archived.count(b"bad key redacted") == archived.count(b"X-Aipolicy-Scrubbed") == 2
    for fetch in ledger.fetches:
        assert fetch.warc_offset is not None
        read_answer(warc, fetch.warc_offset, fetch.url, fetch.payload_sha256)


def test_without_its_key_a_source_is_not_asked(tmp_path: Path, stand_in: Asked) -> None:
    ledger, said = crawl(tmp_path, stand_in, None)
    assert stand_in.keys == []
    assert (ledger.not_asked, ledger.is_good, ledger.faults, ledger.fetches, ledger.days) == (WHY, False, (), (), ())
    assert WHY in said
    assert replay_crawl(tmp_path, ledger).not_asked == WHY


def test_a_source_that_is_not_asked__is_told_as_that_everywhere(tmp_path: Path, stand_in: Asked) -> None:
    home = Home(tmp_path)
    crawl(tmp_path, stand_in, None)
    told = f"not asked: {WHY}"
    assert coverage_line(home, SLUG, "run-1") == f"{SLUG}: {told}"
    assert [line for line in source_lines(home) if line.startswith(SLUG) and line.endswith(told)]
    assert f"not asked: {SLUG}: {WHY}" in status_lines(home)[0]
    (check,) = (
        result
        for result in _report(SLUG, [ChildResult(SLUG, 0, T0, 1.0, "", "")], crawl_of_run(home, SLUG, "run-1"))
        if getattr(result, "check_name", None) == CHECK
    )
    assert (check.severity.value, check.description) == ("WARN", told)  # type: ignore[union-attr]


def test_the_last_words_of_a_crawl_that_died__hold_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "key_of", lambda _: KEY)
    assert _last_words(ChildResult(SLUG, -9, T0, 1.0, "", f"failed with {KEY}\n")) == "failed with redacted"


def test_a_source_that_is_not_asked__loads_its_account_and_is_not_blind(tmp_path: Path) -> None:
    land(tmp_path, [document()])
    ledger = land(tmp_path, [], hours=1, is_good=False)
    manifest = tmp_path / "landing" / SLUG / f"{ledger.crawl_id}.manifest.json"
    manifest.write_text(
        ledger.model_copy(update={"faults": (), "fetches": (), "days": (), "not_asked": WHY}).model_dump_json()
    )
    with open_warehouse(Home(tmp_path)) as connection:
        assert load(Home(tmp_path), connection).new_documents == 1
        rows = connection.execute("select is_good, not_asked from raw.crawls order by crawl_id").fetchall()
    assert rows == [(True, None), (False, WHY)]
    assert _blind_sources(Home(tmp_path)) == ([], [])


def test_a_warehouse_of_before_keys__takes_the_account(tmp_path: Path) -> None:
    land(tmp_path, [document()])
    with open_warehouse(Home(tmp_path)) as connection:
        connection.execute("alter table raw.crawls drop column not_asked")
    assert bring_up_to_date(Home(tmp_path)) == sorted(steps())
    with open_warehouse(Home(tmp_path)) as connection:
        assert load(Home(tmp_path), connection).crawls == 1


def test_the_digest_says_that_a_source_was_not_asked__and_why() -> None:
    day = T0.date()
    seen = DayLook(day=day, outcome="not_asked", found=0, official_count=None, reason=WHY)
    what = Reference(title="A source", url=None)
    week = SourceWeek(
        SLUG, what, "licence", (seen,), last_checked=day, quarantined=0, quarantine_reasons=(), is_snapshot=False
    )
    assert look(seen) == "not asked"
    assert not_looked(week) == f"not asked: {WHY}"
    assert WHY in gaps(week, day.year)[0]
    assert gaps(week, day.year)[0].startswith("Not asked for ")


@pytest.mark.parametrize(
    "said", [KEY, "s3cret%2Fof%2Bours", "s3cret%2fof%2bours", r'{"key": "s3cret\/of+ours"}', f"a{KEY}b"]
)
def test_the_key_is_taken_out_of_a_text_in_every_form(said: str) -> None:
    assert "s3cret" not in scrubbed(said, KEY)
    assert scrubbed("text", None) == "text"


def test_a_body_that_says_it_is_not_encoded__is_kept() -> None:
    answer = Response("https://example.org/", headers={"Content-Encoding": "identity"}, body=b"told")
    assert without_key(answer, KEY, 1000) is answer


@pytest.mark.parametrize(
    ("body", "encoding"),
    [(gzip.compress(f"bad key {KEY}".encode())[:-4], "gzip"), (f"bad key {KEY}".encode(), "br")],
    ids=["cut", "not asked for"],
)
def test_a_body_that_cannot_be_searched_for_the_key__is_left_out_and_refused(body: bytes, encoding: str) -> None:
    headers = {"Content-Encoding": encoding, "Content-Length": str(len(body)), "X-Echo": KEY}
    left = without_key(Response("https://example.org/", headers=headers, body=body), KEY, 1000)
    assert hashlib.sha256(body).hexdigest().encode() in left.body
    assert KEY.encode() not in left.body
    assert left.headers["Content-Length"] == str(len(left.body)).encode()
    assert b"left out" in left.headers[KEY_MARK]
    assert KEY.encode() not in left.headers["X-Echo"]
    with pytest.raises(Truncated):
        decode_body(left.body, encoding, 1000)

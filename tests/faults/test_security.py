"""Faults of security: what a stranger plants in data, files and words of command, against the product as it is used."""

from __future__ import annotations

import base64
import gzip
import math
import os
import pickle
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import dagster as dg
import duckdb
import psutil
import pytest
import uvicorn
import xlsxwriter
import yaml
from click.testing import CliRunner
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG, ASSET_PARTITION_RANGE_START_TAG
from dagster_shared.check import CheckError
from packaging.utils import canonicalize_name
from packaging.version import Version
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from docs.screenshots import running_ui
from pipelines.alerts.channels import BadAlertSettings, read_settings
from pipelines.assets.ingest import asset_key
from pipelines.cli import main
from pipelines.digest.build import build_digest
from pipelines.digest.subscriptions import BadSubscriptions, read_subscriptions
from pipelines.home import Home
from pipelines.load import register_sources
from pipelines.overrides.decisions import DecisionsRefused, read_decisions
from pipelines.page_names import page_name
from pipelines.publish.audit import AuditToken, write_token
from pipelines.publish.edition import current_edition, switch_current
from pipelines.publish.stage import SPILL, is_whole, seal
from pipelines.query import open_edition
from pipelines.ui_guard import OwnPagesOnly
from pipelines.warehouse import open_warehouse
from scrapers.durable import whole_file, write_whole
from scrapers.parse import parser_of
from scrapers.registry import SOURCES_DIR, load_source, sources
from scrapers.samples.process import running_samples
from tests.e2e import world
from tests.faults.backtracking import READERS, TEXTS, answers, cpu_seconds, framed
from tests.faults.crawling import crawl
from tests.faults.in_process import execute_selected
from tests.faults.server import answer, fault_server
from tests.faults.short_path import Walk
from tests.faults.verdict import Verdict
from tests.unit.edition_fixture import HOSTILE
from tests.unit.site_fixture import make_site
from tests.unit.test_extraction_hostile import CHARS, EXTRACTORS, UNITS

PROJECT = world.PROJECT
LOCK = PROJECT / "requirements.lock"
INJECTION = "x'; drop table documents; --"
HOSTILE_WEEK = "2026-W42"
SECRET = "c4nary+key/of=ours"
KEYED, KEYED_HOST, KEYED_VARIABLE = "us_congress_gov", "api.congress.gov", "AIPOLICY_CONGRESS_GOV_KEY"
EVERY = 8
AWARDS, AWARDS_HOST = "us_nsf_awards", "api.nsf.gov"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A state folder with one published edition, hostile in every place that a source can fill."""
    home = Home(tmp_path_factory.mktemp("security"))
    folder = make_site(home.editions / "e1")
    write_whole(folder / "EDITION.json", b'{"edition_id": "e1", "as_of": "2026-11-02T00:00:00Z"}')
    write_token(folder, AuditToken(edition_id="e1", staged_sha256=seal(folder), expected=(), outcomes=()))
    switch_current(home, "e1")
    return home


def run(home: Home, *arguments: str) -> tuple[int, str]:
    """The command's exit code, and all it said."""
    done = CliRunner().invoke(main, ["--home", str(home.root), *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def tables(home: Home) -> set[str]:
    with duckdb.connect(str(current_edition(home) / "policy.duckdb"), read_only=True) as connection:
        return {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}


@pytest.mark.fault("X1")
def test_sql_in_words_of_command(home: Home, verdict: Verdict) -> None:
    before = tables(home)
    refused = [
        ("digest", "--week", INJECTION),
        ("diff", "e1", INJECTION),
        ("run", "--samples", "--source", INJECTION),
        ("run", "--samples", "--since", INJECTION),
        ("crawl", INJECTION, "--since", "2024-01-01", "--until", "2024-01-02"),
        ("sql", "drop table documents"),
    ]
    for words in refused:
        code, said = run(home, *words)
        assert code != 0, said
    code, said = run(home, "search", INJECTION)
    assert "Error" not in said, said
    verdict.refused(len(before - tables(home)))


@pytest.mark.faults
@pytest.mark.fault("X1")
@pytest.mark.parametrize(
    ("tags", "config"),
    [
        ({ASSET_PARTITION_RANGE_START_TAG: INJECTION, ASSET_PARTITION_RANGE_END_TAG: "2024-01-02"}, {}),
        ({ASSET_PARTITION_RANGE_START_TAG: "2024-01-01", ASSET_PARTITION_RANGE_END_TAG: INJECTION}, {}),
        ({}, {"since": INJECTION, "until": "2024-01-02"}),
        ({}, {"since": "2024-01-01", "until": INJECTION}),
        ({}, {"since": INJECTION, "replay": True}),
        ({}, {"since": "2024-01-01", "until": "2024-01-02", "base_urls": {INJECTION: INJECTION}}),
        ({}, {"at_once": INJECTION}),
    ],
    ids=str,
)
def test_sql_in_what_a_run_is_launched_with(
    tmp_path: Path, tags: dict[str, str], config: dict[str, object], verdict: Verdict
) -> None:
    """Whatever Dagster or the step makes of it, no crawl begins and the warehouse is as it was."""
    state = Home(tmp_path)
    walk = Walk(tmp_path)
    walk()
    before, crawls = warehouse_tables(state), world.ledgers(tmp_path, walk.slug)
    chosen = dg.AssetSelection.assets(asset_key(walk.slug)) | dg.AssetSelection.groups("warehouse")
    try:
        success = execute_selected(tmp_path, chosen, tags=tags, config={"ops": {"ingest": {"config": config}}}).success
    except (dg.DagsterInvalidConfigError, dg.DagsterInvariantViolationError, CheckError, ValueError) as refused:
        assert INJECTION in str(refused)  # noqa: PT017  a run that begins tells it elsewhere
        success = False
    assert not success
    assert world.ledgers(tmp_path, walk.slug) == crawls
    verdict.refused(len(before - warehouse_tables(state)))


def warehouse_tables(home: Home) -> set[tuple[str, int]]:
    """The tables of a warehouse, each with its number of rows."""
    with open_warehouse(home, read_only=True) as connection:
        names = connection.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
        return {(name, len(connection.execute(f"from {name}").fetchall())) for (name,) in names}


@pytest.mark.fault("X1")
def test_sql_in_a_contract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verdict: Verdict) -> None:
    """The name of its file is refused; what it says is bound, and stored as it is."""
    contract = tmp_path / f"{INJECTION}.yml"
    contract.write_bytes((SOURCES_DIR / f"{AWARDS}.yml").read_bytes())
    with pytest.raises(ValueError, match="slug"):
        load_source(contract)
    hostile = sources()[AWARDS].model_copy(update={"title": INJECTION, "licence": INJECTION})
    monkeypatch.setattr("pipelines.load.sources", lambda: {AWARDS: hostile})
    state = Home(tmp_path)
    with open_warehouse(state):
        pass
    before = {name for name, _ in warehouse_tables(state)}
    with open_warehouse(state) as connection:
        register_sources(connection)
        stored = connection.execute("select title, licence from raw.sources").fetchall()
    assert stored == [(INJECTION, INJECTION)]
    verdict.refused(len(before - {name for name, _ in warehouse_tables(state)}))


@pytest.mark.fault("X2")
def test_identifiers_that_are_paths(home: Home, verdict: Verdict) -> None:
    evil = [
        "../../etc/passwd",
        "/etc/passwd",
        "a/../../b",
        "a" * 300,
        "nul\0byte",
        "Case",
        "case",
        "CON",
        ".",
        "..",
        "",
    ]
    names = [f"{page_name(one)}.html" for one in evil]
    assert all(re.fullmatch(r"[a-z0-9_-]{1,100}\.html", name) for name in names), names
    assert len({name.casefold() for name in names}) == len(evil)
    written = [path.resolve() for path in home.root.rglob("*.html")]
    verdict.refused(len([path for path in written if not path.is_relative_to(current_edition(home))]))


@pytest.mark.faults
@pytest.mark.fault("X3")
def test_a_key_is_nowhere_after_a_whole_run(tmp_path: Path, verdict: Verdict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEYED_VARIABLE, SECRET)
    window = ("--since", "2026-09-21", "--until", "2026-10-04", "--source", KEYED)
    with running_samples(sources=(KEYED,)) as samples:  # which answers nobody without a key
        ended = world.aipolicy("--home", str(tmp_path), "run", *window, base_urls=samples)
    assert ended.returncode == 0, world.said(ended)
    verdict.recovered(len(hits(tmp_path)) + world.said(ended).count(SECRET))


def forms_of(secret: str) -> set[bytes]:
    """A key as it stands, percent-encoded, and in base64 wherever it begins in what is encoded."""
    percent = "".join(f"%{ord(letter):02X}" if letter in "+/=" else letter for letter in secret)
    told = {secret, percent, re.sub("%..", lambda code: code[0].lower(), percent)}
    for before in range(3):
        code = base64.b64encode(bytes(before) + secret.encode()).decode()
        told.add(code[(0, 2, 3)[before] : -4])  # the ends also hold what stands around the key
    return {form.encode() for form in told}


def texts_of(path: Path) -> Iterator[bytes]:
    """All that a file holds, as it stands and out of what holds it in another form."""
    yield path.read_bytes()
    if path.suffix == ".gz":
        yield gzip.decompress(path.read_bytes())
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    elif path.suffix == ".parquet":
        with duckdb.connect() as connection:
            yield from rows_of(connection, f"read_parquet('{path}')")
    elif path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            names = 'select format(\'"{}"."{}"\', schema_name, table_name) from duckdb_tables()'
            for (name,) in connection.execute(names).fetchall():
                yield from rows_of(connection, name)


def rows_of(connection: duckdb.DuckDBPyConnection, table: str) -> Iterator[bytes]:
    """Each row of a table with all its columns, nested ones too, as text."""
    found = connection.execute(f"select t::varchar from {table} as t").fetchall()
    yield from (str(row).encode() for (row,) in found)


def hits(folder: Path) -> list[Path]:
    """The files that hold the planted key, whatever it is wrapped in."""
    forms = forms_of(SECRET)
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return [path for path in files if any(form in text for text in texts_of(path) for form in forms)]


def plant(folder: Path, name: str, text: str) -> None:
    """A file of the kind that its name says, which holds a text."""
    file = folder / name
    match file.suffix:
        case ".gz":
            file.write_bytes(gzip.compress(text.encode()))
        case ".xlsx":
            with xlsxwriter.Workbook(file) as book:
                book.add_worksheet().write_string(0, 0, text)
        case ".parquet":
            with duckdb.connect() as connection:
                connection.execute(f"copy (select [?] as texts) to '{file}' (compression zstd)", [text * 100])
        case ".duckdb":
            with duckdb.connect(str(file)) as connection:
                # Texts that are alike are kept in a code of their own, in which most forms do not stand as they are.
                connection.execute(
                    "create table told as select {'inside': range || repeat(?, 20)} as one from range(3000)", [text]
                )
        case _:
            file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", ["a.log", "a.warc.gz", "a.xlsx", "a.parquet", "a.duckdb"])
@pytest.mark.parametrize("around", ["{}", "key={}&", "éa{}z", "ab{}"])
def test_a_key_is_found_in_whatever_holds_it(name: str, around: str, tmp_path: Path) -> None:
    said = around.format(SECRET)
    told = (said, quote(said, safe=""), quote(said, safe="").lower(), base64.b64encode(said.encode()).decode())
    for number, form in enumerate(told):
        (folder := tmp_path / str(number)).mkdir()
        plant(folder, name, form)
        assert hits(folder) == [folder / name], form
    (clean := tmp_path / "clean").mkdir()
    plant(clean, name, said.replace(SECRET, "another key"))
    assert hits(clean) == []


def listening(process: psutil.Process) -> list[str]:
    """The addresses on which a process and its descendants listen."""
    family = [process, *process.children(recursive=True)]
    sockets = (found for one in family if one.is_running() for found in one.net_connections("inet"))
    return [found.laddr.ip for found in sockets if found.status == psutil.CONN_LISTEN]


@pytest.mark.faults
@pytest.mark.fault("X4")
def test_the_ui_listens_on_loopback_alone(tmp_path: Path, verdict: Verdict) -> None:
    with running_ui(Home(tmp_path)) as port:
        (ui,) = [
            process
            for process in psutil.Process().children()
            if str(port) in " ".join(process.cmdline()) and process.is_running()
        ]
        heard = listening(ui)
        own, *foreign = [answered(port, *asked) for asked in ASKED]
    assert heard
    assert own == 200
    assert foreign == [403] * len(foreign)
    verdict.recovered(len([address for address in heard if address not in ("127.0.0.1", "::1")]))


SOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}
TEXT, VERSION = "text/plain", "query={version}"
ASKED: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("POST", "/graphql", {}),
    ("POST", "/graphql", {"Host": "evil.example"}),
    ("POST", "/graphql", {"Host": "localhost.evil.example", "Content-Type": TEXT}),
    ("POST", "/graphql", {"Origin": "https://evil.example", "Content-Type": TEXT}),
    ("POST", "/graphql", {"Origin": "null"}),
    ("POST", "/graphql", {"Origin": "http://127.0.0.1:1"}),
    ("POST", f"/graphql?{VERSION}", {}),
    ("POST", f"/graphql?op=Version&{VERSION}", {}),
    ("GET", f"/graphql?{VERSION}", {}),
    ("GET", "/graphql", {"Host": "evil.example"}),
    ("GET", "/graphql", {"Sec-Fetch-Site": "cross-site"}),
    ("GET", "/", {"Host": "evil.example"}),
    ("GET", "/graphql", {"Host": "127.0.0.1", "Origin": "https://evil.example", **SOCKET}),
)
"""What the UI is asked: first by itself, then by pages of others."""


def answered(port: int, method: str, path: str, headers: dict[str, str]) -> int:
    """The status of the UI's answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        body = b'{"query": "{version}"}' if method == "POST" else None
        connection.request(method, path, body, {"Content-Type": "application/json", **headers})
        return connection.getresponse().status
    finally:
        connection.close()


def test_the_ui_answers_its_own_pages_alone() -> None:
    """Without Dagster: what stands before it, over a socket."""

    async def ui(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept", "subprotocol": "graphql-ws"})
            await send({"type": "websocket.close"})
        else:
            await PlainTextResponse("the UI")(scope, receive, send)

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(OwnPagesOnly(ui), log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        listener.listen()
        thread.start()
        try:
            own, *foreign = [answered(port, *asked) for asked in ASKED]
            page = {"Host": f"localhost:{port}", "Origin": f"http://localhost:{port}", "Sec-Fetch-Site": "same-origin"}
            sockets = answered(port, "GET", "/graphql", {**SOCKET, **page})
            pages = [answered(port, "POST", "/graphql?op=Version", page), answered(port, "GET", "/runs?tag=a", {})]
        finally:
            server.should_exit = True
            thread.join()
    assert (own, sockets, pages) == (200, 101, [200, 200])
    assert foreign == [403] * len(foreign)


@pytest.mark.fault("X4")
def test_the_site_listens_on_loopback_alone(home: Home, verdict: Verdict) -> None:
    command = world.command("--home", str(home.root), "serve", "--port", "0")
    with subprocess.Popen(command, cwd=PROJECT, env=world.environment(), stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        server.stdout.readline()
        heard = listening(psutil.Process(server.pid))
        server.terminate()
    assert heard
    verdict.recovered(len([address for address in heard if address != "127.0.0.1"]))


@pytest.mark.fault("X5")
def test_a_crawl_listens_nowhere(tmp_path: Path, verdict: Verdict) -> None:
    heard: list[list[str]] = []

    def look(_: object) -> list[bytes]:
        (crawl,) = [child for child in psutil.Process().children(recursive=True) if asks(child, server.port)]
        heard.append(listening(crawl))
        return [answer(status="404 Not Found")]

    with running_samples(sources=(AWARDS,)) as samples, fault_server(samples[AWARDS_HOST]) as server:
        server.when(lambda asked: asked.path == "/robots.txt", look)
        crawled = crawl(tmp_path, AWARDS, {AWARDS_HOST: server.url}, "2024-01-01", "2024-01-31")
    assert crawled.ledger.is_good
    (sockets,) = heard
    verdict.recovered(len(sockets))


def asks(process: psutil.Process, port: int) -> bool:
    """Whether a process has a connection to a port."""
    return any(found.raddr and found.raddr.port == port for found in process.net_connections("inet"))


@pytest.mark.fault("X6")
def test_a_wheel_that_is_not_the_locked_one(tmp_path: Path, verdict: Verdict) -> None:
    locked = LOCK.read_text(encoding="utf-8")
    entry = next(block for block in re.split(r"\n(?=[a-z])", locked) if block.startswith("six=="))
    version = entry.split()[0].partition("==")[2]
    parts = {
        "six.py": "stolen = True\n",
        f"six-{version}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: six\nVersion: {version}\n",
        f"six-{version}.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"six-{version}.dist-info/RECORD": "",
    }
    with zipfile.ZipFile(tmp_path / f"six-{version}-py3-none-any.whl", "w") as wheel:
        for name, content in parts.items():
            wheel.writestr(name, content)
    (tmp_path / "requirements.lock").write_text(entry, encoding="utf-8")
    how = ("--no-index", "--find-links", str(tmp_path), "--no-deps", "--target", str(tmp_path / "site"))
    install = [sys.executable, "-m", "pip", "install", "--isolated", *how, "-r", str(tmp_path / "requirements.lock")]
    done = subprocess.run([*install, "--require-hashes"], capture_output=True, text=True, check=False)
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in done.stderr
    assert "--require-hashes -r requirements.lock" in (PROJECT / "Makefile").read_text(encoding="utf-8")
    unpinned = [block for block in re.split(r"\n(?=[a-z])", locked)[1:] if "--hash=sha256:" not in block]
    verdict.refused(len(unpinned) + (tmp_path / "site").exists())


ADVISORIES = yaml.safe_load(Path(__file__).with_name("advisories.yaml").read_bytes())


def locked_versions(lock: str) -> dict[str, Version]:
    return {canonicalize_name(name): Version(version) for name, version in re.findall(r"^([\w.-]+)==(\S+)", lock, re.M)}


def open_advisories(lock: str) -> list[str]:
    """The stored advisories about a locked version."""
    locked = locked_versions(lock)
    return [
        f"{name} {locked[name]}: {advisory}, mended in {fixed}"
        for name, entries in ADVISORIES["mended"].items()
        for advisory, fixed in entries.items()
        if locked[name] < Version(fixed)
    ]


@pytest.mark.fault("X7")
def test_no_locked_version_has_a_known_fault(verdict: Verdict) -> None:
    lock = LOCK.read_text(encoding="utf-8")
    assert open_advisories(re.sub(r"^lxml==\S+", "lxml==6.0.2", lock, flags=re.M)) == [
        "lxml 6.0.2: CVE-2026-41066, mended in 6.1.0"
    ]
    assert open_advisories(lock) == []
    verdict.recovered(len(open_advisories(lock)))


OF_OUR_OWN = {"pipelines/bookkeeping.py", "pipelines/rounds.py"}
"""What reads Parquet: the bookkeeping, which a run has written."""
AFFECTED = {
    ("duckdb", "CVE-2026-111497"): (r"read_parquet|parquet_scan|from '[^']*\.parquet'", OF_OUR_OWN),
    ("dbt-core", "CVE-2026-100406"): (r"docs.{1,10}serve", set()),
}
"""Words by which the product would use what an advisory without a release is about, and where they may stand."""


@pytest.mark.fault("X7")
def test_what_has_no_release_without_its_fault_is_not_used(verdict: Verdict) -> None:
    assert {(name, one) for name, told in ADVISORIES["avoided"].items() for one in told} == AFFECTED.keys()
    rooms = [
        path
        for room in ("pipelines", "scrapers", "quality", "dbt/models", "dbt/macros", "deploy")
        for path in (PROJECT / room).rglob("*")
    ]
    texts = {
        str(path.relative_to(PROJECT)): path.read_text(encoding="utf-8")
        for path in (*rooms, PROJECT / "Makefile")
        if path.is_file()
        and not path.name.startswith(".")
        and path.suffix in ("", ".py", ".sql", ".sh", ".yml", ".yaml", ".service")
    }
    used = [
        name
        for words, allowed in AFFECTED.values()
        for name, text in texts.items()
        if name not in allowed and re.search(words, text)
    ]
    assert used == []
    verdict.recovered(len(used))


@pytest.mark.fault("X8")
def test_extensions_and_packages_of_strangers(home: Home, verdict: Verdict) -> None:
    packages = [path for name in ("packages.yml", "dependencies.yml") if (path := PROJECT / "dbt" / name).exists()]
    loads = (
        "install httpfs",
        "load httpfs",
        "load '/tmp/stranger.duckdb_extension'",
        "update extensions",
        "select http_get('https://127.0.0.2/')",
    )
    told = [query for query in loads if run(home, "sql", query)[0] == 0]
    with open_edition(home) as connection:  # where a reader's statements are held by no list
        for statement in loads:
            with pytest.raises(duckdb.Error):
                connection.execute(statement)
    verdict.refused(len(packages) + len(told))


OBJECTS = {
    "tag": "!!python/object/apply:os.mkdir ['{canary}']",
    "new": "!!python/object/new:os.mkdir ['{canary}']",
    "module": "!!python/module:antigravity",
}


MAKES_OBJECTS = re.compile(
    r"\b(import|from) (pickle|marshal|shelve|dill|cloudpickle|joblib)\b"
    r"|\b(read_pickle|allow_pickle|unsafe_load|full_load|(Unsafe|Full)?Loader)\b"
)
"""Words by which the product would read what makes objects."""


class Pickled:
    """Makes a folder when it is read."""

    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.canary),)


@pytest.mark.parametrize("kind", [*OBJECTS, "pickle"])
@pytest.mark.fault("X9")
def test_files_that_make_objects(kind: str, tmp_path: Path, verdict: Verdict) -> None:
    canary, state = tmp_path / "canary", Home(tmp_path)
    text = f"channels: {OBJECTS[kind].format(canary=canary)}\n" if kind in OBJECTS else ""
    evil = text.encode() or pickle.dumps(Pickled(canary), protocol=0)
    file = tmp_path / "evil.yml"
    file.write_bytes(evil)
    with pytest.raises(BadAlertSettings, match=r"evil\.yml"):
        read_settings(file)
    with pytest.raises(BadSubscriptions, match=r"evil\.yml"):
        read_subscriptions(file)
    with pytest.raises(ValueError, match=r"evil\.yml"):
        load_source(file)
    write_whole(state.overrides / "evil.json", evil)
    with pytest.raises(DecisionsRefused, match=r"evil\.json"):
        read_decisions(state)
    verdict.refused(int(canary.exists()))


@pytest.mark.fault("X9")
def test_nothing_of_the_product_reads_objects(verdict: Verdict) -> None:
    assert all(map(MAKES_OBJECTS.search, ("from pickle import loads", "frame = pl.read_pickle(f)", "yaml.Loader")))
    own = [path for room in ("pipelines", "scrapers", "quality") for path in (PROJECT / room).rglob("*.py")]
    verdict.refused(len([path for path in own if MAKES_OBJECTS.search(path.read_text(encoding="utf-8"))]))


@pytest.mark.fault("X10")
def test_templates_in_texts(home: Home, tmp_path: Path, verdict: Verdict) -> None:
    assert "{{7*7}}" in HOSTILE
    result = build_digest(current_edition(home), HOSTILE_WEEK, None, tmp_path)
    pages = [path.read_text(encoding="utf-8") for path in (current_edition(home) / "site").rglob("*.html")]
    texts = [result.html.read_text(encoding="utf-8"), result.markdown.read_text(encoding="utf-8"), *pages]
    told = [text for text in texts if "tick" in text and "Not a heading" in text]
    assert result.html.read_text(encoding="utf-8") in told
    literal = [text for text in told if re.search(r"\{(\\)?\{7(\\)?\*7(\\)?\}(\\)?\}", text)]
    verdict.recovered(len(told) - len(literal))


ESCAPES = (
    "from read_text('/etc/passwd')",
    "from read_csv('/etc/passwd')",
    "from read_blob('/proc/self/environ')",
    "from glob('/etc/*')",
    "from '/etc/passwd'",
    "attach '/tmp/elsewhere.duckdb'",
    "attach ':memory:' as a; copy (select 1) to '/tmp/escaped.csv'",
    "copy documents to '/tmp/escaped.csv'",
    "export database '/tmp/escaped'",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "set allowed_directories = ['/']",
    "reset enable_external_access",
    "pragma temp_directory = '/tmp'",
    "create table documents as select 1",
    "delete from policies",
    "from read_parquet('https://127.0.0.2/x.parquet')",
    "select 1; import database '{folder}'",
    "import database '{folder}'",
    "pragma import_database('{folder}')",
    "call checkpoint()",
    "create temp table mine as select 1",
    "explain analyze copy documents to '/tmp/escaped.csv'",
    "explain analyze copy (select 1) to '{edition}/policy.duckdb' (format csv, use_tmp_file false)",
    "explain analyze copy (select 1) to '{edition}/policy.duckdb.wal' (format csv, use_tmp_file false)",
    "explain analyze delete from policies",
    "begin",
)


@pytest.mark.fault("X11")
def test_queries_that_reach_out_of_the_edition(home: Home, tmp_path: Path, verdict: Verdict) -> None:
    for name in ("schema.sql", "load.sql"):
        (tmp_path / name).write_text("c4nary words", encoding="utf-8")
    edition = current_edition(home)
    before = {path: path.read_bytes() for path in edition.rglob("*") if path.is_file()}
    said = [run(home, "sql", query.format(folder=tmp_path, edition=edition)) for query in ESCAPES]
    assert not list(Path("/tmp").glob("escaped*"))
    assert {path: path.read_bytes() for path in edition.rglob("*") if path.is_file()} == before
    verdict.refused(len([text for code, text in said if code == 0 or "c4nary" in text]))


READS = (
    "from documents",
    "with one as (select 1 as a) from one",
    "describe documents",
    "summarize documents",
    "show tables",
    "pivot documents on language using count(*)",
    "with p as (pivot documents on language using count(*)) from p",
    "unpivot (select 1 as a, 2 as b) on a, b",
    "pragma table_info('documents')",
    "select 1; select 2",
)


def test_queries_that_read_are_answered(home: Home) -> None:
    told = [run(home, "sql", query) for query in READS]
    assert [said for code, said in told if code != 0] == []


LARGE = """
    select max(number) from (select row_number() over (order by hash(held)) as number
    from (select repeat('x', 99) || range as held from range(2000000)))"""


def test_a_query_that_does_not_fit_into_memory_is_refused_and_not_spilt_beside_the_edition(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def small(path: Path, **_: object) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(str(path), read_only=True, config={"memory_limit": "60MB", "threads": 1})

    monkeypatch.setattr("pipelines.query.connect", small)
    code, said = run(home, "sql", LARGE)
    assert code == 1
    assert "ask for fewer rows or columns" in said


def test_what_the_killed_duckdb_of_a_reader_left_does_not_damage_an_edition(home: Home) -> None:
    spilt = current_edition(home) / SPILL / "left.block"
    write_whole(spilt, b"of a query that did not fit into memory")
    assert is_whole(current_edition(home))
    shutil.rmtree(spilt.parent)


def test_a_query_that_is_no_read_is_told_what_is(home: Home) -> None:
    code, said = run(home, "sql", "select 1; set threads = 1")
    assert code == 2
    assert "expected statements that read, got one of type SET: set threads = 1; give SELECT" in said


@pytest.mark.faults
@pytest.mark.fault("X12")
def test_texts_made_for_backtracking(verdict: Verdict) -> None:
    """Some of the texts; all of them are tried by test_extraction_hostile."""
    worst = 0.0
    for unit in UNITS[::6]:
        text = (unit * (CHARS // len(unit) + 1))[:CHARS]
        for extract in EXTRACTORS.values():
            began = time.process_time()
            extract(text)
            worst = max(worst, time.process_time() - began)
    verdict.recovered(round(worst, 2))


@pytest.mark.fault("X12")
@pytest.mark.parametrize(
    ("reader", "text"),
    [
        ("text", "<span class=" * 10_000),
        ("XML", f"<root><{'a' * 40_000}</root>"),
        ("XML", f"<root><b {'a' * 40_000}></root>"),
        ("feed", f"<rss>&x;<channel></channel></rss>{'<!---->' * 40}x"),
        ("feed", f"<rss><channel>{'<![CDATA[' * 40_000}</channel></rss>"),
        ("feed", f"<rss>&x;<channel></channel>{'</rss><!--' * 40_000}"),
        ("wall", f"{'<!---->' * 40}x"),
        ("wall", f"<html><form action='{'idp.' * 30_000}'>"),
    ],
    ids=lambda given: given[:20],
)
def test_mark_up_that_lasted_for_minutes(reader: str, text: str, verdict: Verdict) -> None:
    seconds = cpu_seconds(READERS[reader], text.encode())
    verdict.recovered(round(seconds, 2))


@pytest.mark.faults
@pytest.mark.fault("X12")
@pytest.mark.parametrize("text", TEXTS)
def test_mark_up_made_for_backtracking(text: str, verdict: Verdict) -> None:
    spent = {name: max(cpu_seconds(read, body) for body in framed(TEXTS[text])) for name, read in READERS.items()}
    assert {name: seconds for name, seconds in spent.items() if math.isinf(seconds)} == {}
    verdict.recovered(round(max(spent.values()), 2))


@pytest.mark.faults
@pytest.mark.fault("X12")
@pytest.mark.parametrize("slug", list(sources()))
def test_answers_made_for_backtracking(slug: str, verdict: Verdict) -> None:
    """Some of the texts for each source, all of them for all sources together."""
    parse = parser_of(slug)
    texts = list(TEXTS)[list(sources()).index(slug) % EVERY :: EVERY]
    spent = {text: max(cpu_seconds(parse, body) for body in answers(slug, TEXTS[text])) for text in texts}
    assert {text: seconds for text, seconds in spent.items() if math.isinf(seconds)} == {}
    verdict.recovered(round(max(spent.values()), 2))


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A file outside that nobody may write."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "kept").write_text("kept", encoding="utf-8")
    yield folder
    assert (folder / "kept").read_text(encoding="utf-8") == "kept"


@pytest.mark.fault("X13")
def test_links_in_the_folders_of_output(home: Home, tmp_path: Path, elsewhere: Path, verdict: Verdict) -> None:
    digests = tmp_path / "digests"
    week = digests / HOSTILE_WEEK
    week.mkdir(parents=True)
    for name in ("digest.md", "digest.html", "digest.json", "digest.eml", "digest.xlsx", "issue.json"):
        (week / name).symlink_to(elsewhere / "kept")
    (week / "issue.json").unlink()
    build_digest(current_edition(home), HOSTILE_WEEK, None, digests)
    assert not [path for path in week.iterdir() if path.is_symlink()]
    other = digests / "2026-W43"
    other.symlink_to(elsewhere)
    with pytest.raises(NotADirectoryError, match="2026-W43"):
        build_digest(current_edition(home), "2026-W43", None, digests)
    verdict.refused(len([path for path in elsewhere.iterdir() if path.name != "kept"]))


@pytest.mark.fault("X13")
def test_a_link_in_the_place_of_a_file_is_replaced(tmp_path: Path, elsewhere: Path, verdict: Verdict) -> None:
    path = tmp_path / "archive" / "kept"
    path.parent.mkdir()
    path.symlink_to(elsewhere / "kept")
    with whole_file(path) as stream:
        stream.write(b"written")
        (unfinished,) = (one for one in path.parent.iterdir() if one != path)
        assert unfinished.stat().st_mode & 0o777 == 0o600
    assert not path.is_symlink()
    (beside := tmp_path / "beside").write_bytes(b"")
    assert path.stat().st_mode == beside.stat().st_mode
    verdict.refused(len([path for path in elsewhere.iterdir() if path.name != "kept"]))

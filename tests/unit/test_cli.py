"""The command: help for strangers, exit codes, one JSON document a line, and SQL that only reads."""

from __future__ import annotations

import errno
import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from pipelines.cli import main
from pipelines.cli.operate import _stand_ins
from pipelines.home import Home
from pipelines.publish.audit import AuditToken, write_token
from pipelines.publish.stage import STORAGE_VERSION, seal
from pipelines.report import print_report
from scrapers.durable import write_whole
from tests.crawl_fixture import SLUG, document, land
from tests.unit.edition_fixture import make_edition

FIXTURES = Path(__file__).parents[1] / "fixtures"
CRAWL = ["crawl", "uk_govuk", "--since", "2024-01-01", "--until", "2024-01-01"]
COMMANDS = [[name] for name in main.commands] + [["samples", "serve"]]


def call(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with the smallest edition that SQL can be asked of."""
    import duckdb

    home = tmp_path_factory.mktemp("home")
    folder = home / "editions" / "e1"
    folder.mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{folder / 'policy.duckdb'}' as e (storage_version '{STORAGE_VERSION}')")
        connection.execute("create table e.main.documents as select 1 as n")
        connection.execute("create table e.main.source_coverage as select 'old' as state")
        (home / "bookkeeping").mkdir()
        connection.execute(
            f"copy (select 'fresh' as state) to '{home / 'bookkeeping' / 'source_coverage.parquet'}' (format parquet)"
        )
    publish(home, folder)
    return home


def publish(home: Path, folder: Path) -> None:
    """Make a handmade edition whole and the current one."""
    about = {"edition_id": folder.name, "as_of": "2026-10-09T12:00:00Z"}
    write_whole(folder / "EDITION.json", json.dumps(about).encode())
    token = AuditToken(edition_id=folder.name, staged_sha256=seal(folder), expected=(), outcomes=())
    write_token(folder, token)
    (home / "editions" / "current").symlink_to(folder.name)


def damaged(published: Path, home: Path) -> Path:
    """A copy of a state folder with one byte of its current edition changed."""
    shutil.copytree(published, home, symlinks=True)
    file = home / "editions" / "current" / "EDITION.json"
    file.write_bytes(file.read_bytes().replace(b"2026", b"2025"))
    return home


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command__helps(command: list[str]) -> None:
    code, output = call(*command, "--help")
    assert code == 0
    assert "Usage:" in output
    assert "--home" in output


def test_help__imports_nothing_slow() -> None:
    program = (
        "import sys; from pipelines.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "slow = {'dagster', 'scrapy', 'great_expectations', 'duckdb', 'polars'} & set(sys.modules)\n"
        "sys.exit(f'imported {slow}' if slow else 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "--since", "2024-13-01"],
        ["run", "--since", "2024-02-01", "--until", "2024-01-01"],
        ["run", "--source", "nobody"],
        ["run", "--samples", "--live"],
        ["samples", "serve", "--source", "nobody"],
        ["crawl", "nobody", "--since", "2024-01-01", "--until", "2024-01-01"],
        ["crawl", "uk_govuk", "--since", "2024-01-01", "--until", "2024-01-01", "--base-url", "nonsense"],
        [*CRAWL, "--base-url", "www.gov.ku=http://127.0.0.1:1"],
        [*CRAWL, "--base-url", "www.federalregister.gov=http://127.0.0.1:1"],
        [*CRAWL, "--base-url", "www.gov.uk=http://127.0.0.1:1/api"],
        [*CRAWL, "--base-url", "www.gov.uk=http://127.0.0.1:1", "--base-url", "gov.uk=http://127.0.0.1:1/"],
        ["digest", "--week", "2026-W60"],
        ["digest", "--week", "2025-W53"],
        ["digest", "--week", "2026-W1"],
        ["digest", "--week", "last week"],
        ["digest", "--week", "2025-W04", "--as-of", "last week"],
        ["digest", "--week", "2025-W04", "--as-of", "0001-01-01T00:00:00+23:59"],
        ["digest", "--week", "2025-W04", "--as-of", "9999-12-31T23:59:59-23:59"],
        ["digest", "--week", "9998-W10"],
        ["parse", "uk_govuk", "/no/such/file"],
        ["sql", ""],
        ["sql", " \n"],
        ["sql", "-- nothing"],
        ["worker"],
        ["worker", "--at-once", "0"],
        ["nonsense"],
    ],
)
def test_wrong_usage__exits_2(arguments: list[str], tmp_path: Path) -> None:
    code, output = call("--home", tmp_path, *arguments)
    assert code == 2, output


@pytest.mark.parametrize(
    ("as_of", "folder"),
    [
        ("2025-01-25", "2025-W04@20250125T000000Z"),
        ("2025-01-25T12:00:00", "2025-W04@20250125T120000Z"),
        ("2025-01-25T12:00:00Z", "2025-W04@20250125T120000Z"),
        ("2025-01-25T14:00:00+02:00", "2025-W04@20250125T120000Z"),
    ],
)
def test_digest__as_of_takes_a_moment_of_any_zone(tmp_path: Path, as_of: str, folder: str) -> None:
    publish(tmp_path, make_edition(tmp_path / "editions" / "e1", crowd=0))
    code, output = call("--home", tmp_path, "digest", "--week", "2025-W04", "--as-of", as_of)
    assert code == 0, output
    assert str(tmp_path / "digests" / folder / "digest.md") in output
    assert not (tmp_path / "digests" / "2025-W04").exists()


def test_a_run_on_samples__starts_those_of_its_sources_alone() -> None:
    with _stand_ins(True, None, ("uk_govuk",)) as base_urls:
        assert list(base_urls) == ["www.gov.uk"]


def test_a_run_on_samples__names_the_folder_that_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("scrapers.samples.discover.sample_slugs", lambda: ("uk_govuk",))
    code, output = call("--home", tmp_path, "run", "--samples", "--source", "us_grants_gov")
    assert code == 1
    assert "us_grants_gov: no samples; add scrapers/samples/us_grants_gov/" in output


@pytest.mark.parametrize("is_stand_in", [True, False])
@pytest.mark.parametrize("way", ["run", "crawl"])
def test_real_sources_and_stand_ins__never_meet_in_one_home(tmp_path: Path, is_stand_in: bool, way: str) -> None:
    (archive := tmp_path / "archive" / SLUG).mkdir(parents=True)
    ledger = land(tmp_path, [], is_stand_in=is_stand_in)
    (archive / f"{ledger.crawl_id}.ledger.json").write_text(ledger.model_dump_json())
    other = ["--base-url", "www.federalregister.gov=http://127.0.0.1:9"] if way == "crawl" else ["--samples"]
    arguments = [way, "--since", "2024-01-29", "--until", "2024-01-29", *([] if is_stand_in else other)]
    code, output = call("--home", tmp_path, *arguments, *([SLUG] if way == "crawl" else ["--source", SLUG]))
    assert code == 2, output
    assert "holds answers of" in output
    assert "another state folder with --home" in output
    assert len(list(archive.iterdir())) == 1


def test_a_home_that_cannot_be__is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, output = call("--home", tmp_path / "file" / "x", "load")
    assert code == 1
    assert "--home" in output
    assert "Traceback" not in output


def test_home__is_taken_before_and_after_the_command(published: Path) -> None:
    for arguments in (
        ["--home", published, "sql", "select n from documents"],
        ["sql", "--home", published, "select 1"],
    ):
        assert call(*arguments)[0] == 0


def test_status__without_an_edition_says_what_to_do(tmp_path: Path) -> None:
    code, output = call("--home", tmp_path, "status")
    assert code == 1
    assert "aipolicy run" in output


@pytest.mark.parametrize("arguments", [["status"], ["sql", "select 1"], ["digest", "--week", "2025-W04"]])
def test_a_damaged_edition__is_not_served_and_it_is_said_what_to_do(
    published: Path, tmp_path: Path, arguments: list[str]
) -> None:
    assert call("--home", published, "sql", "select 1")[0] == 0
    code, output = call("--home", damaged(published, tmp_path / "home"), *arguments)
    assert code == 1, output
    assert "damaged" in output
    assert "move it away and run again" in output


def test_the_end_of_a_run__tells_nothing_of_a_damaged_edition(
    published: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not print_report(Home(damaged(published, tmp_path / "home")), "run", None, (), replayed=True)
    told = capsys.readouterr()
    assert "move it away and run again" in told.err
    assert told.out == ""


def test_the_end_of_a_run__asks_for_the_newest_where_the_first_question_has_no_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import duckdb

    folder = make_edition(tmp_path / "editions" / "e1", crowd=0)
    with duckdb.connect(str(folder / "policy.duckdb")) as connection:
        connection.execute("delete from policies where policy_id in ('us-eo-13984', 'us-eo-14110')")
    publish(tmp_path, folder)
    assert print_report(Home(tmp_path), "run", None, ("uk_govuk",), replayed=True)
    question, *answer = capsys.readouterr().out.split("A question answered from it ")[1].split("\n\n")[0].splitlines()
    assert question == "(which policies are the newest?):"
    assert len(answer) == 3
    assert all(" since 20" in line for line in answer)


def test_an_edition_without_policies__says_that_it_answers_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import duckdb

    folder = make_edition(tmp_path / "editions" / "e1", crowd=0)
    with duckdb.connect(str(folder / "policy.duckdb")) as connection:
        connection.execute("delete from policies")
    publish(tmp_path, folder)
    assert print_report(Home(tmp_path), "run", None, (), replayed=True)
    assert "It holds no policies" in capsys.readouterr().out


def test_publish__of_nothing_says_what_is_current_and_what_to_do(published: Path, tmp_path: Path) -> None:
    for home, current in ((published, "the current edition is e1"), (tmp_path, "no edition is current")):
        code, output = call("--home", home, "publish")
        assert code == 1
        assert f"nothing is staged in {home}; {current}; to make one: aipolicy run" in " ".join(output.split())


@pytest.mark.parametrize("arguments", [["status"], ["sql", "select 1"], ["digest", "--week", "2025-W04"]])
def test_without_an_edition__the_folder_looked_in_is_named(tmp_path: Path, arguments: list[str]) -> None:
    code, output = call("--home", tmp_path / "mistyped", *arguments)
    assert code == 1
    assert f"no edition was published yet in {tmp_path / 'mistyped' / 'editions'}" in output


@pytest.mark.parametrize(("week", "code"), [("2025-W04", 0), ("2025-W05", 2)])
def test_digest__of_a_week_that_has_not_begun_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, week: str, code: int
) -> None:
    monkeypatch.setattr("pipelines.cli.options.today", lambda: date(2025, 1, 20))
    publish(tmp_path, make_edition(tmp_path / "editions" / "e1", crowd=0))
    ended, output = call("--home", tmp_path, "digest", "--week", week)
    assert ended == code, output
    assert (tmp_path / "digests" / week).exists() is (code == 0)
    assert code == 0 or "begins on 2025-01-27, today is 2025-01-20" in output


def test_digest__counts_its_items_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.cli.options.today", lambda: date(2026, 11, 1))
    publish(tmp_path, make_edition(tmp_path / "editions" / "e1", crowd=0))
    assert call("--home", tmp_path, "digest", "--week", "2026-W43")[1].startswith("1 item\n")


def test_digest__says_of_what_zone_a_moment_is() -> None:
    assert "UTC where no time zone" in " ".join(call("digest", "--help")[1].split())


def test_replay__of_nothing_says_so(tmp_path: Path) -> None:
    code, output = call("--home", tmp_path, "replay")
    assert code == 1
    assert "aipolicy run" in output


def test_load__names_what_it_could_not_take(tmp_path: Path) -> None:
    ledger = land(tmp_path, [document()])
    (tmp_path / "landing" / SLUG / ledger.landing.name).write_bytes(b"{")
    write_whole(tmp_path / "archive" / SLUG / f"{ledger.crawl_id}.ledger.json", ledger.model_dump_json().encode())
    code, output = call("--home", tmp_path, "load")
    assert code == 1
    assert f"withheld: {SLUG} {ledger.crawl_id}: could not be loaded" in output
    assert f"withheld: {SLUG}" in call("--home", tmp_path, "status")[1]
    assert "WITHHELD" in call("--home", tmp_path, "sources")[1]


def test_status__says_since_when_a_source_is_withheld(tmp_path: Path) -> None:
    (archive := tmp_path / "archive" / SLUG).mkdir(parents=True)
    for hours, is_good, told in (
        (2, False, f"withheld: {SLUG}, never checked yet: listing: HTTP 500"),
        (
            1,
            True,
            f"withheld: {SLUG}, not checked since its last good crawl at 2026-10-09T13:02:00Z: listing: HTTP 500",
        ),
    ):
        ledger = land(tmp_path, [], hours=hours, is_good=is_good)
        (archive / f"{ledger.crawl_id}.ledger.json").write_text(ledger.model_dump_json())
        assert told in call("--home", tmp_path, "status")[1]


@pytest.mark.parametrize("command", ["sources", "status"])
def test_a_cut_ledger__is_named_with_what_to_do(tmp_path: Path, command: str) -> None:
    ledger = land(tmp_path, [])
    cut = tmp_path / "archive" / SLUG / f"{ledger.crawl_id}.ledger.json"
    write_whole(cut, ledger.model_dump_json().encode()[:-20])
    code, output = call("--home", tmp_path, command)
    assert code == (1 if command == "status" else 0), output
    told = next(line for line in output.splitlines() if str(cut) in line)
    assert "restore it from a copy" in told
    assert SLUG in told
    assert command == "status" or len(output.splitlines()) > 1


@pytest.mark.parametrize("command", ["sources", "status", "doctor", "load"])
def test_a_folder_in_the_place_of_an_account__is_named_with_what_to_do(tmp_path: Path, command: str) -> None:
    ledger = land(tmp_path, [])
    write_whole(tmp_path / "archive" / SLUG / f"{ledger.crawl_id}.ledger.json", ledger.model_dump_json().encode())
    for folder in (tmp_path / "archive" / SLUG / "x.ledger.json", tmp_path / "landing" / SLUG / "x.manifest.json"):
        folder.mkdir(parents=True)
    _, output = call("--home", tmp_path, command)
    named = "x.manifest.json" if command == "load" else "x.ledger.json"
    assert f"{named}: expected the account of a crawl, got: Is a directory; restore it from a copy" in output


def with_damaged_bookkeeping(home: Path, table: str) -> Path:
    """Cut a file of bookkeeping; returns it."""
    file = home / "bookkeeping" / f"{table}.parquet"
    write_whole(file, b"PAR1 and no more")
    return file


def test_sql__reads_the_editions_own_where_bookkeeping_is_damaged(published: Path, tmp_path: Path) -> None:
    home = shutil.copytree(published, tmp_path / "home", symlinks=True)
    file = with_damaged_bookkeeping(home, "source_coverage")
    code, output = call("--home", home, "sql", "select state from source_coverage")
    assert code == 0, output
    assert "old" in output
    assert f"warning: {file}: expected a Parquet file" in output


def test_digest__reads_the_editions_own_where_bookkeeping_is_damaged(tmp_path: Path) -> None:
    publish(tmp_path, make_edition(tmp_path / "editions" / "e1", crowd=0))
    file = with_damaged_bookkeeping(tmp_path, "source_looks")
    code, output = call("--home", tmp_path, "digest", "--week", "2025-W04")
    assert code == 0, output
    assert f"warning: {file}: expected a Parquet file" in output


def test_the_end_of_a_run__is_told_also_where_bookkeeping_is_damaged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(tmp_path, make_edition(tmp_path / "editions" / "e1", crowd=0))
    with_damaged_bookkeeping(tmp_path, "source_coverage")
    assert print_report(Home(tmp_path), "run", None, (), replayed=True)
    assert "A question answered from it" in capsys.readouterr().out


def test_the_end_of_a_run__gives_a_command_that_runs_as_it_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(tmp_path, make_edition(tmp_path / "editions" / "e1", crowd=0))
    print_report(Home(tmp_path), "run", None, (), replayed=True)
    out = capsys.readouterr().out
    (ask,) = [line.removeprefix("Ask").strip() for line in out.splitlines() if line.startswith("Ask")]
    done = subprocess.run(ask, shell=True, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "us-eo-14110" in done.stdout
    assert "duckdb -readonly" not in out


def test_a_reader_that_has_seen_enough__is_no_fault_of_the_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(home: Home) -> list[str]:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    monkeypatch.setattr("pipelines.report.source_lines", broken)
    code, output = call("--home", tmp_path, "sources")
    assert (code, output) == (1, "")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (FileNotFoundError("manifest.json: expected it, found none; run: make install"), "run: make install"),
        (PermissionError(errno.EACCES, "Permission denied", "/elsewhere/file"), "/elsewhere/file: Permission denied"),
    ],
)
def test_a_file_outside_the_home__is_no_reason_for_another_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: OSError, told: str
) -> None:
    def raises(home: Home) -> list[str]:
        raise error

    monkeypatch.setattr("pipelines.report.source_lines", raises)
    code, output = call("--home", tmp_path, "sources")
    assert code == 1
    assert told in output
    assert "--home" not in output


def test_sql__lays_fresh_bookkeeping_over_the_edition(published: Path) -> None:
    assert "fresh" in call("--home", published, "sql", "select state from source_coverage")[1]


@pytest.mark.parametrize(
    "query",
    [
        "create table x as select 1",
        "insert into documents values (2)",
        "select * from read_text('/etc/passwd')",
        "attach '/tmp/other.duckdb' as other",
        "copy (select 1) to '{home}/bookkeeping/source_coverage.parquet' (format parquet)",
        "copy (select 1) to '{home}/out.csv'",
        "set enable_external_access = true",
        "install httpfs",
    ],
)
def test_sql__reads_the_edition_and_nothing_else(published: Path, query: str) -> None:
    before = {path: path.read_bytes() for path in sorted(published.rglob("*")) if path.is_file()}
    code, output = call("--home", published, "sql", query.format(home=published))
    assert code in (1, 2), output
    assert {path: path.read_bytes() for path in sorted(published.rglob("*")) if path.is_file()} == before


def test_parse__prints_a_document_a_line_and_names_refusals(capfd: pytest.CaptureFixture[str]) -> None:
    folder = FIXTURES / "us_federal_register"
    good = next(folder.glob("executive_order_2026.json"))
    bad = next(folder.glob("truncated.json"))
    with pytest.raises(SystemExit) as ended:
        main(["parse", "us_federal_register", str(good), str(bad)])
    out, err = capfd.readouterr()
    assert ended.value.code == 1
    assert [json.loads(line)["source_id"] for line in out.splitlines()] == ["us_federal_register"]
    assert err.splitlines()[0].startswith(f"{bad}: Truncated: ")


def test_commands__are_a_click_group_with_all_that_the_readme_names() -> None:
    assert isinstance(main, click.Group)
    assert {
        "run", "crawl", "parse", "samples", "sources", "replay", "load", "publish", "digest", "sql", "status",
    } <= set(main.commands)  # fmt: skip

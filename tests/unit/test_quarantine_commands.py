"""The quarantine desk on the command line: what is listed, shown and decided, and what is refused in words."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipelines.cli import main
from pipelines.home import Home
from pipelines.ops.state import bring_up_to_date
from pipelines.overrides.decisions import read_decisions
from pipelines.overrides.excerpts import excerpt
from pipelines.overrides.rows import keep_rows, read_rows
from pipelines.warehouse import open_warehouse, writer_lock
from scrapers.runtime.archive import ArchivedAnswer, WarcArchive
from tests.crawl_fixture import SLUG, T0, land
from tests.unit.overrides_fixture import MENDED, STATED, land_all, loaded, rows_by_kind

FILLER = ", ".join(f'"other_{number}": "0000-00-00"' for number in range(100))
BODY = f"""{{"results": [
    {{"id": "0000-00-00"}}, {{"id": "2026-20000", {FILLER}, "effective_on": "0000-00-00"}}, {{"id": "2026-30000"}},
    {{"title": "\x1b[31mred"}}]}}""".encode()
URL = "https://www.federalregister.gov/api/v1/documents.json"
WORDS = ("--author", "Ada", "--reason", "Seen on the page.")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Rows in quarantine whose answer lies in the archive."""
    monkeypatch.setattr("pipelines.cli.desk._now", lambda: datetime(2026, 10, 10, 12, tzinfo=UTC))
    home = Home(tmp_path)
    land_all(home)
    loaded(home)
    row = rows_by_kind(home)["record"]
    archive = WarcArchive(home.archive / SLUG / row.warc_file, "test")
    written = archive.write(URL, "GET", {}, b"", ArchivedAnswer(200, (), BODY), T0)
    archive.seal()
    with open_warehouse(home) as connection:
        connection.execute(
            "update raw.fetches set warc_offset = ?, payload_sha256 = ?", [written.offset, written.sha256]
        )
        keep_rows(home, read_rows(connection))
    return home


def run(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home.root), "quarantine", *arguments])


def test_rows__are_listed_and_filtered(home: Home) -> None:
    rows = rows_by_kind(home)
    assert all(row.record_key in run(home, "list").stdout for row in rows.values())
    only = run(home, "list", "--source", SLUG, "--reason", "TooFarAhead").stdout.splitlines()
    assert [line.split()[0] for line in only] == [rows["document"].record_key]
    assert run(home, "reject", rows["document"].record_key, *WORDS).exit_code == 0
    assert rows["document"].record_key not in run(home, "list", "--undecided").stdout
    assert "[reject by Ada]" in run(home, "list").stdout


def test_a_row__is_shown_with_its_bytes_and_no_character_that_a_terminal_obeys(home: Home) -> None:
    shown = run(home, "show", rows_by_kind(home)["record"].record_key[:8])
    assert shown.exit_code == 0
    assert "\x1b" not in shown.stdout
    assert 'what the source wrote of it:\n{"title": "\\x1b[31mred"}' in shown.stdout
    assert "expected:  expected a number" in shown.stdout
    assert "got:       \\x1b[31mnone" in shown.stdout
    assert shown.stdout.endswith('[the record at /results/3]\n{\n "title": "\\u001b[31mred"\n}\n')
    raw = run(home, "show", rows_by_kind(home)["record"].record_key, "--raw")
    assert raw.stdout_bytes == BODY
    assert hashlib.sha256(raw.stdout_bytes).hexdigest() == rows_by_kind(home)["record"].payload_sha256


def test_the_place_of_a_field__is_shown_in_its_own_record_with_the_name_that_a_correction_takes(home: Home) -> None:
    shown = run(home, "show", rows_by_kind(home)["field"].record_key).stdout
    assert "stated as: --set effective_date=..." in shown
    _, _, record = shown.partition("[the record at /results/1]\n")
    assert record.splitlines()[1:] == [' "effective_on": "0000-00-00"', "}"], "what stands before it is cut"


def test_a_document_that_was_read__is_shown_as_the_source_wrote_it(home: Home) -> None:
    shown = run(home, "show", rows_by_kind(home)["document"].record_key).stdout
    assert shown.endswith('[the record at /results/2]\n{\n "id": "2026-30000"\n}\n')


@pytest.mark.parametrize(
    ("body", "kind", "where", "shown"),
    [
        (b'{"hits": [{"id": 9}, {"id": 30000}]}', "document", "30000", '[the record at /hits/1]\n{\n "id": 30000\n}'),
        (b'[{"id": 9}]', "record", "/results/0", '[the record at /0]\n{\n "id": 9\n}'),
        (b'{"id": 9}', "record", "/results/0", '[the record at /]\n{\n "id": 9\n}'),
        (b"<a><b>30000</b></a>", "document", "30000", "[6 characters before]\n30000</b></a>"),
    ],
    ids=["a number as a name", "a list alone", "a record alone", "no JSON"],
)
def test_an_excerpt__holds_the_row_whatever_the_answer_is(
    home: Home, body: bytes, kind: str, where: str, shown: str
) -> None:
    row = replace(rows_by_kind(home)["record"], kind=kind, where_in_answer=where)
    assert excerpt(body, row) == shown


def test_rows__are_read_while_a_run_writes_and_a_correction_of_a_field_says_who_does(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.cli.desk.WAIT_SECONDS", 0.0)
    field = rows_by_kind(home)["field"].record_key
    bring_up_to_date(home)
    with writer_lock(home):
        assert field in run(home, "list").stdout
        assert run(home, "show", field).exit_code == 0
        done = run(home, "correct", field, "--set", "effective_on=2026-12-01", *WORDS)
    assert (done.exit_code, f"held by process {os.getpid()}" in done.output) == (1, True)
    (home.warehouse.parent / "quarantine.json").unlink()
    assert field in run(home, "list").stdout, "of a folder that was loaded before there were copies"


def test_a_field__may_be_called_as_its_source_calls_it(home: Home) -> None:
    assert run(home, "correct", rows_by_kind(home)["field"].record_key, "--set", "effective_on=2026-12-01", *WORDS)
    (decision,) = read_decisions(home)
    assert decision.fields == {"effective_date": "2026-12-01"}


def test_an_archive_that_lost_the_bytes__says_what_to_do(home: Home) -> None:
    (path,) = (home.archive / SLUG).glob("*.warc.gz")
    path.unlink()
    shown = run(home, "show", rows_by_kind(home)["record"].record_key)
    assert (shown.exit_code, "restore it from a copy" in shown.output) == (1, True)


def test_verdicts__are_written_down_and_taken_back(home: Home) -> None:
    rows = rows_by_kind(home)
    for arguments in (
        ("accept", rows["document"].record_key),
        ("correct", rows["field"].record_key, "--set", "effective_date=2026-12-01"),
        ("reject", rows["record"].record_key),
    ):
        done = run(home, *arguments, *WORDS)
        assert done.exit_code == 0, done.output
        assert "it takes effect with the next aipolicy run" in done.stdout
    assert sorted(one.verdict for one in read_decisions(home)) == ["accept", "correct", "reject"]
    again = run(home, "reject", rows["record"].record_key, *WORDS)
    assert (again.exit_code, "aipolicy quarantine undo" in again.output) == (1, True)


def test_several_keys__are_decided_together_and_each_is_told(home: Home) -> None:
    rows = rows_by_kind(home)
    keys = [rows["record"].record_key, rows["field"].record_key]
    wrong = run(home, "reject", *keys, "zz", *WORDS)
    assert (wrong.exit_code, "'zz': expected the beginning of one key" in wrong.output) == (1, True)
    refused = run(home, "accept", rows["document"].record_key, keys[0], *WORDS)
    assert (refused.exit_code, f"{keys[0]}: " in refused.output) == (1, True)
    assert read_decisions(home) == [], "all or none"
    done = run(home, "reject", *keys, keys[0][:8], *WORDS)
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [["reject", key] for key in keys]
    assert run(home, "accept", rows["document"].record_key, *WORDS).exit_code == 0


def test_what_its_source_has_mended__is_told_and_waits_no_more(home: Home) -> None:
    land(home.root, MENDED[1:], hours=24)
    loaded(home)
    key = rows_by_kind(home)["field"].record_key
    assert f"{key}  2026-10-09" in run(home, "list").stdout
    assert run(home, "list").stdout.count("[mended: read whole on 2026-10-10]") == 1
    assert "mended:    read whole on 2026-10-10" in run(home, "show", key).stdout
    assert key not in run(home, "list", "--undecided").stdout


def test_a_record__is_corrected_anew_under_its_own_id_before_a_load_has_taken_the_first_correction_back(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = rows_by_kind(home)["record"].record_key
    text = {name: value if isinstance(value, str) else json.dumps(value) for name, value in STATED.items()}
    settings = [f"--set={name}={value}" for name, value in text.items()]
    assert run(home, "correct", key, *settings, *WORDS).exit_code == 0
    loaded(home)
    monkeypatch.setattr("pipelines.cli.desk._now", lambda: datetime(2026, 10, 10, 13, tzinfo=UTC))
    assert run(home, "undo", key, *WORDS).exit_code == 0
    monkeypatch.setattr("pipelines.cli.desk._now", lambda: datetime(2026, 10, 10, 14, tzinfo=UTC))
    settings = [one.replace("A notice on", "Another notice on") for one in settings]
    done = run(home, "correct", key, *settings, *WORDS)
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "zz"), "expected the beginning of one key, got that of 0"),
        (("accept", "record", *WORDS), "cannot be represented"),
        (("correct", "field", *WORDS), "expected at least one --set"),
        (("correct", "field", "--set", "effective_date=soon", *WORDS), "effective_date"),
        (("correct", "record", "--set", "title=A", *WORDS), "document_id: Field required"),
        (("reject", "record", "--author", "A\x1b[2J", "--reason", "x"), "author: expected"),
        (("undo", "record", *WORDS), "expected the beginning of one key, got that of 0"),
    ],
)
def test_what_cannot_be__is_refused_in_words(home: Home, arguments: tuple[str, ...], words: str) -> None:
    rows = rows_by_kind(home)
    done = run(home, *(rows[one].record_key if one in rows else one for one in arguments))
    assert done.exit_code == 1
    assert words in done.output
    assert read_decisions(home) == []


def test_a_folder_without_a_warehouse__says_what_to_run(tmp_path: Path) -> None:
    done = run(Home(tmp_path), "list")
    assert (done.exit_code, "run: aipolicy run" in done.output) == (1, True)

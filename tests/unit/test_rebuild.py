"""A rebuild keeps what was until the new is good, and says what came out otherwise."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import duckdb
import orjson
import pytest
from click.testing import CliRunner

from pipelines.cli import main
from pipelines.home import Home
from pipelines.ops import rebuild as module
from pipelines.ops.rebuild import DAMAGED, NotRebuilt, rebuild, set_aside
from pipelines.publish.audit import AuditToken, write_token
from pipelines.publish.edition import current_edition, switch_current
from pipelines.publish.stage import StagedEdition, seal
from pipelines.warehouse import turn_lock
from scrapers.durable import write_whole


def publish(home: Home, name: str, *titles: str) -> None:
    folder = home.editions / name
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "policy.duckdb")) as connection:
        connection.execute("create table policies as select unnest(?) as title", [list(titles)])
    about = {"edition_id": name, "content_sha256": name, "input_fingerprint": name}
    write_whole(folder / "EDITION.json", orjson.dumps(about))
    package = {"resources": [{"name": "policies", "schema": {"primaryKey": ["title"]}}]}
    write_whole(folder / "datapackage.json", orjson.dumps(package))
    write_token(folder, AuditToken(edition_id=name, staged_sha256=seal(folder), expected=(), outcomes=()))
    switch_current(home, name)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    write_whole(home.warehouse, b"old")
    publish(home, "1", "kept", "gone")
    return home


def restage(monkeypatch: pytest.MonkeyPatch, content_sha256: str) -> None:
    monkeypatch.setattr(module, "stage", lambda home, inputs: StagedEdition(home.staged, inputs, content_sha256))


def test_the_same_content__is_said_to_be_the_same(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    restage(monkeypatch, "1")

    def replay() -> bool:
        assert not home.warehouse.exists(), "nothing of the old warehouse is read"
        write_whole(home.warehouse, b"new")
        return True

    made = rebuild(home, replay)
    assert (made.edition_id, made.before, made.changes) == ("1", "1", {})
    assert home.warehouse.read_bytes() == b"new"
    assert not set_aside(home).exists()


def test_other_content__is_counted_by_table(home: Home) -> None:
    made = rebuild(home, lambda: publish(home, "2", "kept", "new", "newer") or True)  # type: ignore[func-returns-value]
    assert (made.edition_id, made.before) == ("2", "1")
    assert made.changes == {("policies", "added"): 2, ("policies", "removed"): 1}


def test_a_replay_that_fails__leaves_what_was(home: Home) -> None:
    write_whole(home.warehouse.with_name("warehouse.duckdb.wal"), b"log")
    with pytest.raises(NotRebuilt, match="replay failed"):
        rebuild(home, lambda: write_whole(home.warehouse, b"half") or False)  # type: ignore[func-returns-value]
    assert home.warehouse.read_bytes() == b"old"
    assert home.warehouse.with_name("warehouse.duckdb.wal").read_bytes() == b"log"
    assert not set_aside(home).exists()


def test_other_content_of_the_same_inputs__is_a_fault(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    restage(monkeypatch, "other")
    with pytest.raises(NotRebuilt, match="from the same inputs"):
        rebuild(home, lambda: write_whole(home.warehouse, b"new") or True)  # type: ignore[func-returns-value]
    assert home.warehouse.read_bytes() == b"old"


def test_a_rebuild_that_breaks__leaves_what_was(home: Home) -> None:
    with pytest.raises(ZeroDivisionError):
        rebuild(home, lambda: write_whole(home.warehouse, b"half") or bool(1 / 0))  # type: ignore[func-returns-value]
    assert home.warehouse.read_bytes() == b"old"


def test_a_killed_rebuild__keeps_the_good_warehouse_for_the_next(home: Home) -> None:
    def killed() -> bool:
        write_whole(home.warehouse, b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(home, killed)
    with pytest.raises(NotRebuilt):
        rebuild(home, lambda: False)
    assert home.warehouse.read_bytes() == b"old"


def test_a_rebuild__waits_for_no_turn_and_names_who_has_it(home: Home) -> None:
    write_whole(home.archive / "any" / "1.ledger.json", b"{}")
    with turn_lock(home):
        call = CliRunner().invoke(main, ["--home", str(home.root), "rebuild"])
    assert (call.exit_code, f"held by process {os.getpid()}" in call.output) == (1, True), call.output
    assert home.warehouse.read_bytes() == b"old"


def test_a_rebuild_that_fails__puts_back_in_its_turn(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[Path] = []

    @contextmanager
    def turn(home: Home, wait_seconds: float = 0) -> Iterator[None]:
        turns.append(home.turn_lock)
        with turn_lock(home, wait_seconds):
            yield

    monkeypatch.setattr(module, "turn_lock", turn)
    with pytest.raises(NotRebuilt):
        rebuild(home, lambda: False)
    assert len(turns) == 2


def test_a_rebuild_that_fails__waits_not_for_long_and_says_where_the_warehouse_of_before_lies(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run takes the turn that the failed replay has given back."""
    monkeypatch.setattr(module, "PUT_BACK_SECONDS", 0.0)
    with ExitStack() as other:

        def replay() -> bool:
            write_whole(home.warehouse, b"half")
            other.enter_context(turn_lock(home))
            return False

        with pytest.raises(NotRebuilt, match=f"replay failed.*held by process {os.getpid()}.*{set_aside(home)}"):
            rebuild(home, replay)
    assert home.warehouse.read_bytes() == b"half"
    with pytest.raises(NotRebuilt, match="replay failed"):
        rebuild(home, lambda: False)
    assert home.warehouse.read_bytes() == b"old", "kept for the next"


def test_a_damaged_edition__makes_room(home: Home) -> None:
    (home.editions / "1" / "policy.duckdb").write_bytes(b"damaged")
    made = rebuild(home, lambda: publish(home, "1", "kept", "gone") or True)  # type: ignore[func-returns-value]
    assert (made.before, made.changes) == (None, {})
    assert current_edition(home).name == "1"
    assert (home.editions / f"{DAMAGED}1").exists()

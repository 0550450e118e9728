"""The settings of the Dagster instance, as the environment has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines import instance
from pipelines.home import Home, NotInstalled, SettingRefused
from pipelines.instance import (
    BROKER_VARIABLE,
    HISTORY_VARIABLE,
    RUNS_VARIABLE,
    WORKERS_VARIABLE,
    dagster_yaml,
    history_of_server,
    workers_of,
    write_settings,
)
from scrapers.locks import BUDGETS_VARIABLE, lock

POSTGRES = "postgres:host=/run/postgresql port=5433 dbname=dagster user=aipolicy"
CELERY = {
    HISTORY_VARIABLE: POSTGRES,
    WORKERS_VARIABLE: "celery",
    BROKER_VARIABLE: "redis://:secret-of-the-broker@broker:6379/0",
    BUDGETS_VARIABLE: "redis://:secret-of-the-budgets@broker:6379/1",
    "PGPASSWORD": "secret-of-the-history",
}


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the settings name stands beside the main lock, so it may be missing here."""
    monkeypatch.setattr(instance, "find_spec", lambda _: object())


def settings(home: Path, environment: dict[str, str]) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(dagster_yaml(Home(home), environment))
    return read


def test_without_a_word_all_is_on_this_machine(tmp_path: Path) -> None:
    told = settings(tmp_path, {HISTORY_VARIABLE: " ", WORKERS_VARIABLE: ""})
    assert told["event_log_storage"] == {
        "module": "pipelines.event_log",
        "class": "PooledEventLog",
        "config": {"base_dir": str(tmp_path / "dagster" / "history" / "runs")},
    }
    assert told["concurrency"]["runs"]["max_concurrent_runs"] == 4
    assert told["run_monitoring"]["start_timeout_seconds"] == 300
    assert not {"storage", "run_launcher"} & told.keys()


@pytest.mark.usefixtures("installed")
def test_the_history_is_where_the_variable_says(tmp_path: Path) -> None:
    told = settings(tmp_path, {HISTORY_VARIABLE: f" {POSTGRES} sslrootcert=/etc/100%.crt\n"})
    address = (
        "postgresql+psycopg2://?host=/run/postgresql&port=5433&dbname=dagster&user=aipolicy&sslrootcert=/etc/100%25.crt"
    )
    assert told["storage"] == {"postgres": {"postgres_url": address}}
    assert not {"event_log_storage", "run_launcher"} & told.keys()


@pytest.mark.parametrize(
    "address",
    [
        "dbname=dagster",
        "sqlite:///dagster.db",
        "postgres:",
        f"{POSTGRES} password=secret",
        f"{POSTGRES} passfile='secret'",
        "postgres:postgresql://me:secret@db/dagster",
    ],
)
@pytest.mark.usefixtures("installed")
def test_other_addresses_are_refused_and_never_repeated(address: str) -> None:
    with pytest.raises(SettingRefused, match="expected postgres: and words such as") as refused:
        history_of_server({HISTORY_VARIABLE: address})
    assert "secret" not in str(refused.value)


@pytest.mark.usefixtures("installed")
def test_runs_go_to_workers_and_no_password_into_the_settings(tmp_path: Path) -> None:
    told = settings(tmp_path, CELERY)
    assert told["run_launcher"]["class"] == "WorkerLauncher"
    assert told["run_launcher"]["config"]["broker"] == {"env": BROKER_VARIABLE}
    assert told["run_monitoring"]["poll_interval_seconds"] == 30
    assert "secret" not in dagster_yaml(Home(tmp_path), CELERY)
    assert told["concurrency"]["runs"]["max_concurrent_runs"] == 16
    assert settings(tmp_path, CELERY | {RUNS_VARIABLE: "3"})["concurrency"]["runs"]["max_concurrent_runs"] == 3


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({WORKERS_VARIABLE: "threads"}, "AIPOLICY_WORKERS: expected celery or kubernetes, got 'threads'"),
        ({BROKER_VARIABLE: ""}, "AIPOLICY_BROKER: expected the address of a Redis"),
        ({BUDGETS_VARIABLE: " "}, "AIPOLICY_WORKERS: expected AIPOLICY_HOST_BUDGETS beside it"),
        ({BROKER_VARIABLE: "redis://:secret/with-a-slash@broker"}, "AIPOLICY_BROKER: expected the address of a Redis"),
        ({BROKER_VARIABLE: "filesystem://secret"}, "AIPOLICY_BROKER: expected the address of a Redis"),
        ({HISTORY_VARIABLE: ""}, "expected AIPOLICY_DAGSTER beside it, got none; SQLite"),
    ],
)
@pytest.mark.usefixtures("installed")
def test_workers_without_what_they_need_are_refused(wrong: dict[str, str], said: str) -> None:
    with pytest.raises(SettingRefused, match=said) as refused:
        workers_of(CELERY | wrong)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("told", ["many", "0", "-1", "1e3"])
def test_a_number_of_runs_that_is_none_is_refused(told: str, tmp_path: Path) -> None:
    with pytest.raises(SettingRefused, match=f"{RUNS_VARIABLE}: expected a number of runs such as 4, got '{told}'"):
        dagster_yaml(Home(tmp_path), {RUNS_VARIABLE: told})


def test_what_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instance, "find_spec", lambda _: None)
    with pytest.raises(NotInstalled, match=r"AIPOLICY_DAGSTER: .* run: make scale-install"):
        history_of_server(CELERY)


@pytest.mark.usefixtures("installed")
def test_another_history_is_refused_while_the_ui_is_open(tmp_path: Path) -> None:
    home = Home(tmp_path)
    spread, alone = dagster_yaml(home, CELERY), dagster_yaml(home, {})
    write_settings(home, spread)
    with lock(home.ui_lock):
        write_settings(home, spread)
        with pytest.raises(SettingRefused, match=r"expected what the UI of .* was opened with"):
            write_settings(home, alone)
    assert (home.dagster / "dagster.yaml").read_text(encoding="utf-8") == spread
    write_settings(home, alone)
    assert (home.dagster / "dagster.yaml").read_text(encoding="utf-8") == alone

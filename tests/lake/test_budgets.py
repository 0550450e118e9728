"""One budget for each host in a Redis: turns and pauses hold for all, by its clock, and without it nobody is asked."""

from __future__ import annotations

import itertools
import json
import os
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from redis import Redis

from scrapers.contracts import CrawlLedger
from scrapers.locks import BUDGETS_VARIABLE
from scrapers.runtime.budget import LONGEST_HOLD_SECONDS, BudgetLost, HostBudget, RedisBudget, host_budget
from scrapers.samples.process import running_samples
from tests.e2e import world
from tests.e2e.proxy import Answer, edited
from tests.e2e.test_politeness import DELAY, as_if_real, assert_distance_is_kept
from tests.lake import redis_server

pytestmark = pytest.mark.lake

HOST, SHARED = "www.example.gov", "www.whitehouse.gov"
SLUGS = ("us_white_house", "us_omb_memos")
PASSWORD = "canary-of-a-password"
HAMMER = """\
import sys, time
from redis import Redis
from scrapers.runtime.budget import RedisBudget
address, delay, turns = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
budget, clock = RedisBudget(address), Redis.from_url(address)
moment = lambda: (lambda told: told[0] * 1_000_000 + told[1])(clock.time())
while turns:
    before = moment()
    wait = budget.take("www.example.gov", delay)
    if not wait:
        print(before, moment(), flush=True)
        turns -= 1
"""
"""Takes turns as fast as it gets them, and says between which two moments of Redis's clock it took each, in µs."""


@pytest.fixture(scope="module")
def server() -> Iterator[redis_server.Server]:
    with redis_server.running(password=PASSWORD) as started:
        yield started


@pytest.fixture
def redis(server: redis_server.Server) -> Redis:
    client = Redis.from_url(server.url)
    client.flushall()
    return client


@pytest.fixture
def budgets(
    server: redis_server.Server, redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[HostBudget, HostBudget]:
    """As two machines see it."""
    monkeypatch.setenv(BUDGETS_VARIABLE, server.url)
    return host_budget(tmp_path), host_budget(tmp_path)


def test_a_turn_is_taken_by_one_of_all(budgets: tuple[HostBudget, HostBudget]) -> None:
    mine, theirs = budgets
    assert isinstance(mine, RedisBudget)
    assert mine.take(HOST, 60.0) == 0
    assert 0 < theirs.take(HOST, 1.0) <= 60.001, "the distance is that of whoever asked before"
    assert theirs.take("www.example.org", 60.0) == 0


def test_a_turn_ends_by_itself(budgets: tuple[HostBudget, HostBudget], redis: Redis) -> None:
    mine, theirs = budgets
    assert mine.take(HOST, 3600.0) == 0
    (turn,) = redis.keys(f"aipolicy:host:*{HOST}")
    assert 3_590_000 < redis.pttl(turn) <= 3_600_000
    redis.delete(turn)
    assert theirs.take(HOST, 3600.0) == 0


@pytest.mark.parametrize("delay", [0.0, 0.2, 1.0, 3.6, 12.345])
def test_a_turn_lasts_as_long_as_the_contract_says(budgets: tuple[HostBudget, HostBudget], delay: float) -> None:
    mine, theirs = budgets
    assert mine.take(HOST, delay) == 0
    assert theirs.take(HOST, 100.0) <= max(delay, 0.001)
    assert theirs.take("www.example.org", delay) == 0


def test_a_pause_holds_for_all_and_is_never_shortened(budgets: tuple[HostBudget, HostBudget]) -> None:
    mine, theirs = budgets
    assert mine.take(HOST, 1.0) == 0
    mine.hold(HOST, 600.0)
    theirs.hold(HOST, 10.0)
    assert 500.0 < theirs.take(HOST, 1.0) <= 600.001


@pytest.mark.parametrize("seconds", [9e9, float("inf")])
def test_a_host_that_asks_for_years__is_asked_again_after_a_day(
    budgets: tuple[HostBudget, HostBudget], seconds: float
) -> None:
    mine, theirs = budgets
    mine.hold(HOST, seconds)
    assert LONGEST_HOLD_SECONDS - 100 < theirs.take(HOST, 1.0) <= LONGEST_HOLD_SECONDS + 0.001


def test_processes_that_hammer_a_host_keep_its_distance(server: redis_server.Server, redis: Redis) -> None:
    """Each turn was taken between two moments; were two too close, the outer ones of both would be."""
    delay, processes, turns = 0.05, 4, 15
    command = [sys.executable, "-c", HAMMER, server.url, str(delay), str(turns)]
    started = [
        subprocess.Popen(command, cwd=world.PROJECT, stdout=subprocess.PIPE, text=True) for _ in range(processes)
    ]
    taken = sorted(
        (int(before), int(after))
        for process in started
        for before, after in (line.split() for line in process.communicate(timeout=world.TIMEOUT)[0].splitlines())
    )
    assert [process.returncode for process in started] == [0] * processes
    assert len(taken) == processes * turns
    assert min(later[1] - earlier[0] for earlier, later in itertools.pairwise(taken)) >= delay * 1_000_000


def environment(address: str) -> dict[str, str]:
    return {**os.environ, BUDGETS_VARIABLE: address}


def ledger_of(home: Path, slug: str) -> CrawlLedger:
    (ledger,) = world.ledgers(home, slug)
    return ledger


def test_two_crawls_of_two_state_folders_share_the_budget_of_their_host(
    server: redis_server.Server, redis: Redis, tmp_path: Path
) -> None:
    """Two sources of one host, as on two machines: what the server sees keeps the distance of one."""
    log = tmp_path / "requests.jsonl"
    with running_samples(log=log, sources=SLUGS) as samples:
        processes = [
            subprocess.Popen(
                as_if_real(tmp_path / slug, samples[SHARED], DELAY, slug, SHARED),
                cwd=world.PROJECT,
                env=environment(server.url),
                stdout=subprocess.DEVNULL,
            )
            for slug in SLUGS
        ]
        assert [process.wait(world.TIMEOUT) for process in processes] == [0, 0]
    ledgers = [ledger_of(tmp_path / slug, slug) for slug in SLUGS]
    asked = [json.loads(line) for line in log.read_text().splitlines()]
    assert len(asked) == sum(len(ledger.fetches) for ledger in ledgers) >= 10
    first, second = ([fetch.started_at for fetch in ledger.fetches] for ledger in ledgers)
    assert max(first[0], second[0]) < min(first[-1], second[-1]), "they asked one after the other"
    assert_distance_is_kept(sorted(datetime.fromisoformat(line["at"]) for line in asked))
    assert not [*tmp_path.glob("*/locks/hosts")]


def test_a_pause_that_one_machine_was_told_of_holds_for_the_next(
    server: redis_server.Server, redis: Redis, tmp_path: Path
) -> None:
    def closed(path: str, answer: Answer) -> Answer:
        return answer if path == "/robots.txt" else Answer(429, answer.headers | {"Retry-After": "3600"}, b"")

    slug, other = SLUGS
    with running_samples(sources=SLUGS) as samples, edited(samples[SHARED], closed) as proxy:
        for one in SLUGS:
            command = as_if_real(tmp_path / one, proxy.url, 0.0, one, SHARED)
            subprocess.run(command, cwd=world.PROJECT, env=environment(server.url), check=True, timeout=world.TIMEOUT)
        assert len(proxy.asked) == 2, "one machine asked for robots.txt and once more, the other asked nothing"
    assert not ledger_of(tmp_path / slug, slug).is_good
    assert "has asked another crawl to be left alone" in ledger_of(tmp_path / other, other).faults[0]


@pytest.mark.parametrize("is_there", [False, True], ids=["nobody there", "wrong password"])
def test_without_redis_nothing_is_asked_and_the_ledger_says_so(
    is_there: bool, server: redis_server.Server, tmp_path: Path
) -> None:
    secret = "secret-of-another"
    place = server.url.rpartition("@")[2] if is_there else f"127.0.0.1:{redis_server.free_port()}/0"
    slug, log = SLUGS[0], tmp_path / "requests.jsonl"
    with running_samples(log=log, sources=SLUGS) as samples:
        done = subprocess.run(
            as_if_real(tmp_path, samples[SHARED], 0.0, slug, SHARED),
            cwd=world.PROJECT,
            env=environment(f"redis://:{secret}@{place}"),
            capture_output=True,
            text=True,
            check=True,
            timeout=world.TIMEOUT,
        )
        assert not log.exists() or not log.read_text()
    ledger = ledger_of(tmp_path, slug)
    assert not ledger.is_good
    assert len(ledger.faults) >= ledger.planned > 0
    assert all(
        f"cannot be had from the Redis of {BUDGETS_VARIABLE}" in fault for fault in ledger.faults[: ledger.planned]
    )
    told = [done.stdout, done.stderr, *(path.read_bytes().decode("latin-1") for path in tmp_path.rglob("*.json*"))]
    assert not [text for text in told if secret in text or PASSWORD in text]


def test_a_redis_that_takes_no_more_is_told_with_its_reason(
    budgets: tuple[HostBudget, HostBudget], redis: Redis
) -> None:
    redis.config_set("maxmemory", 1)
    try:
        with pytest.raises(BudgetLost, match=f"Redis of {BUDGETS_VARIABLE}: OutOfMemoryError: .*maxmemory"):
            budgets[0].take(HOST, 1.0)
    finally:
        redis.config_set("maxmemory", 0)


class Repeating(socketserver.StreamRequestHandler):
    """Answers every line as a server does that does not know the command in it."""

    def handle(self) -> None:
        for _ in self.rfile:
            self.wfile.write(f"-ERR unknown command 'AUTH', with args beginning with: '{PASSWORD}'\r\n".encode())


def test_an_error_that_repeats_the_password_is_told_without_it() -> None:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Repeating) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        budget = RedisBudget(f"redis://:{PASSWORD}@127.0.0.1:{server.server_address[1]}")
        with pytest.raises(BudgetLost, match="args beginning with: 'redacted'") as lost:
            budget.take(HOST, 1.0)
        server.shutdown()
    assert PASSWORD not in str(lost.value)
    assert lost.value.__cause__ is None

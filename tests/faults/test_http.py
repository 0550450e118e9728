"""Faults of time, size and framing, over the wire: real crawls of a server that misbehaves as scripted."""

from __future__ import annotations

import gzip
import itertools
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from email.utils import formatdate
from functools import cache, partial
from pathlib import Path

import brotli
import pyarrow as pa
import pytest

from scrapers.replay import replay_crawl
from tests.faults.crawling import AWARDS, AWARDS_HOST, AWARDS_PATH, MONTH, crawl, crawl_awards
from tests.faults.server import Asked, FaultServer, Reset, Step, Wait, answer, chunk, deaf_port, head
from tests.faults.verdict import Verdict

IMPATIENT = {"timeout_seconds": 2.0, "max_retries": 1}
GARBAGE = "as soon as you like"
PIECE = 16 * 1024 * 1024
"""A bomb is 64 of them: a GiB of zeros."""


def refuse(retry_after: Callable[[], str]) -> Callable[[Asked], Iterable[Step]]:
    """A 429 whose header is made when it is sent."""
    return lambda _: (answer(status="429 Too Many Requests", Retry_After=retry_after()),)


def is_list(asked: Asked) -> bool:
    return asked.path == AWARDS_PATH


def gaps(asked: list[Asked]) -> list[float]:
    return [later.at - earlier.at for earlier, later in itertools.pairwise(asked)]


def clean(home: Path, server: FaultServer) -> dict[str, str]:
    """What a crawl without faults reads; its questions are forgotten."""
    crawled = crawl_awards(home, server)
    assert crawled.ledger.is_good, crawled.ledger.faults
    server.asked.clear()
    return crawled.titles


def cut_in_half(server: FaultServer, encoded: Callable[[bytes], bytes], **headers: str) -> None:
    """Answer with half of what the source says, encoded."""

    def script(asked: Asked) -> Iterator[Step]:
        body = encoded(body_of(server.passed_on(asked)))
        yield answer(body[: len(body) // 2], **headers)

    server.when(is_list, script)


def body_of(said: bytes) -> bytes:
    return said.partition(b"\r\n\r\n")[2]


@pytest.mark.faults
@pytest.mark.fault("H1")
def test_retry_after_in_seconds_is_kept(awards: FaultServer, tmp_path: Path, verdict: Verdict) -> None:
    awards.when(is_list, refuse(lambda: "2"), times=1)
    crawled = crawl_awards(tmp_path, awards)
    first, second = awards.asked_for(AWARDS_PATH)
    assert first.target == second.target
    assert crawled.ledger.is_good, crawled.ledger.faults
    verdict.recovered((second.at - first.at) / 2)


@pytest.mark.faults
@pytest.mark.fault("H2")
def test_a_date_to_come_is_kept(awards: FaultServer, tmp_path: Path, verdict: Verdict) -> None:
    until = int(time.time()) + 5
    awards.when(is_list, refuse(lambda: formatdate(until, usegmt=True)), times=1)
    crawled = crawl_awards(tmp_path, awards)
    _, second = awards.asked_for(AWARDS_PATH)
    beyond = second.at + (time.time() - time.monotonic()) - until
    assert crawled.ledger.is_good, crawled.ledger.faults
    assert beyond >= 0
    verdict.recovered(beyond)


@pytest.mark.fault("H2")
@pytest.mark.parametrize("date", ["Thu, 01 Jan 2015 00:00:00 GMT", GARBAGE], ids=["past", "garbage"])
def test_a_date_that_is_none_gives_way_to_back_off(
    awards: FaultServer, tmp_path: Path, verdict: Verdict, date: str
) -> None:
    awards.when(is_list, refuse(lambda: date), times=1)
    crawled = crawl_awards(tmp_path, awards, as_if_real=True, delay_seconds=0.2)
    (waited,) = gaps(awards.asked_for(AWARDS_PATH))
    assert crawled.ledger.is_good, crawled.ledger.faults
    assert waited >= 0.4
    verdict.recovered(waited - 0.4)


@pytest.mark.fault("H2")
def test_a_date_beyond_the_cap_ends_the_crawl_of_the_host(
    awards: FaultServer, tmp_path: Path, verdict: Verdict
) -> None:
    awards.when(is_list, refuse(lambda: "Thu, 01 Jan 2099 00:00:00 GMT"))
    crawled = crawl_awards(tmp_path, awards)
    assert len(awards.asked_for(AWARDS_PATH)) == 1
    crawled.assert_gap_shown("over our cap")
    verdict.gap_shown(0)


@pytest.mark.fault("H3")
def test_each_attempt_waits_longer(awards: FaultServer, tmp_path: Path, verdict: Verdict) -> None:
    awards.on(AWARDS_PATH, answer(status="503 Service Unavailable"), times=3)
    crawled = crawl_awards(tmp_path, awards, as_if_real=True, delay_seconds=0.1)
    asked = awards.asked_for(AWARDS_PATH)
    assert crawled.ledger.is_good, crawled.ledger.faults
    assert all(gap >= least for gap, least in zip(gaps(asked), (0.2, 0.4, 0.8), strict=True)), gaps(asked)
    verdict.recovered(len(asked))


@pytest.mark.fault("H3")
@pytest.mark.parametrize("step", [answer(status="502 Bad Gateway"), Reset()], ids=["502", "reset"])
def test_whatever_is_asked_again_is_asked_later(
    awards: FaultServer, tmp_path: Path, verdict: Verdict, step: Step
) -> None:
    awards.on(AWARDS_PATH, step, times=2)
    crawled = crawl_awards(tmp_path, awards, as_if_real=True, delay_seconds=0.1)
    asked = awards.asked_for(AWARDS_PATH)
    assert crawled.ledger.is_good, crawled.ledger.faults
    assert all(gap >= least for gap, least in zip(gaps(asked), (0.2, 0.4), strict=True)), gaps(asked)
    verdict.recovered(len(asked))


@pytest.mark.faults
@pytest.mark.fault("H4")
def test_a_connection_that_is_never_accepted_has_a_deadline(tmp_path: Path, verdict: Verdict) -> None:
    with deaf_port() as url:
        crawled = crawl(tmp_path, AWARDS, {AWARDS_HOST: url}, *MONTH, **IMPATIENT)
    crawled.assert_gap_shown("robots.txt could not be fetched", "timeout")
    verdict.gap_shown(crawled.seconds)


def endless_headers() -> Iterator[Step]:
    yield b"HTTP/1.1 200 OK\r\n"
    for number in itertools.count():
        yield b"X-Filler-%d: a\r\n" % number
        yield Wait(0.001)


def slowly(body: bytes) -> Iterator[Step]:
    yield head(Content_Length=str(len(body)))
    for byte in body:
        yield bytes([byte])
        yield Wait(0.5)


@pytest.mark.faults
@pytest.mark.parametrize(
    "script",
    [
        pytest.param(endless_headers, marks=pytest.mark.fault("H5")),
        pytest.param(partial(slowly, b"{" + b" " * 1000), marks=pytest.mark.fault("H6")),
    ],
    ids=["headers", "body"],
)
def test_a_whole_answer_has_a_deadline(
    awards: FaultServer, tmp_path: Path, verdict: Verdict, script: Callable[[], Iterator[Step]]
) -> None:
    awards.when(is_list, lambda _: script())
    crawled = crawl_awards(tmp_path, awards, **IMPATIENT)
    crawled.assert_gap_shown("took longer than 2.0 seconds")
    assert len(awards.asked_for(AWARDS_PATH)) == 2
    verdict.gap_shown(crawled.seconds)


@pytest.mark.fault("H5")
def test_a_header_line_without_end_is_given_up(awards: FaultServer, tmp_path: Path, verdict: Verdict) -> None:
    awards.when(is_list, lambda _: itertools.chain([b"HTTP/1.1 200 OK\r\nX-Filler: "], itertools.repeat(b"a" * 1000)))
    crawled = crawl_awards(tmp_path, awards, **IMPATIENT)
    crawled.assert_gap_shown()
    verdict.gap_shown(crawled.seconds)


@pytest.mark.fault("H7")
def test_half_a_body_is_asked_for_again(awards: FaultServer, tmp_path: Path, verdict: Verdict) -> None:
    expected = clean(tmp_path / "clean", awards)

    def half(asked: Asked) -> Iterator[Step]:
        said = awards.passed_on(asked)
        yield said[: len(said) - len(body_of(said)) // 2]

    awards.when(is_list, half, times=1)
    crawled = crawl_awards(tmp_path / "home", awards)
    assert len(awards.asked_for(AWARDS_PATH)) == 2
    assert (crawled.ledger.is_good, crawled.titles) == (True, expected)
    verdict.recovered(0)


def half_with_its_length(said: bytes) -> bytes:
    return said[: len(said) - len(body_of(said)) // 2]


def half_without_a_length(said: bytes) -> bytes:
    body = body_of(said)
    return head(Content_Type="application/json") + body[: len(body) // 2]


def half_of_what_two_lengths_say(said: bytes) -> bytes:
    body = body_of(said)
    return answer(body, Content_Length=f"{len(body)}\r\nContent-Length: {len(body) // 2}")


def chunked(*chunks: bytes) -> bytes:
    return head(Transfer_Encoding="chunked") + b"".join(chunks)


def chunk_without_a_size(said: bytes) -> bytes:
    return chunked(chunk(body_of(said)[:-20]), b"size\r\n", body_of(said)[-20:], b"\r\n0\r\n\r\n")


def last_chunk_missing(said: bytes) -> bytes:
    return chunked(chunk(body_of(said)))


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(half_with_its_length, marks=pytest.mark.fault("H7")),
        pytest.param(half_without_a_length, marks=pytest.mark.fault("H8")),
        pytest.param(half_of_what_two_lengths_say, marks=pytest.mark.fault("H10")),
        pytest.param(chunk_without_a_size, marks=pytest.mark.fault("H10")),
        pytest.param(last_chunk_missing, marks=pytest.mark.fault("H10")),
    ],
)
def test_a_body_that_is_not_whole_is_never_read(
    awards: FaultServer, tmp_path: Path, verdict: Verdict, damaged: Callable[[bytes], bytes]
) -> None:
    awards.when(is_list, lambda asked: (damaged(awards.passed_on(asked)),))
    crawled = crawl_awards(tmp_path, awards, max_retries=1)
    crawled.assert_gap_shown()
    verdict.gap_shown(len(crawled.landed))


@pytest.mark.fault("H7")
def test_a_part_that_was_not_asked_for_is_never_read(awards: FaultServer, tmp_path: Path, verdict: Verdict) -> None:
    whole = {"Content_Type": "application/json", "Content_Range": "bytes 0-9/20"}
    awards.when(is_list, lambda asked: (answer(body_of(awards.passed_on(asked)), "206 Partial Content", **whole),))
    crawled = crawl_awards(tmp_path, awards, max_retries=1)
    assert len(awards.asked_for(AWARDS_PATH)) == 2
    crawled.assert_gap_shown("got HTTP 206")
    again = replay_crawl(tmp_path, crawled.ledger)
    assert not again.is_good
    verdict.gap_shown(len(crawled.landed) + again.landing.records)


ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": partial(pa.compress, codec="zstd", asbytes=True),
}


@pytest.mark.fault("H9")
@pytest.mark.parametrize("encoding", ENCODERS)
def test_half_of_a_compressed_body_is_never_read(
    awards: FaultServer, tmp_path: Path, verdict: Verdict, encoding: str
) -> None:
    cut_in_half(awards, ENCODERS[encoding], Content_Encoding=encoding)
    crawled = crawl_awards(tmp_path, awards, max_retries=1)
    crawled.assert_gap_shown(encoding)
    verdict.gap_shown(len(crawled.landed))


@cache
def bomb(encoding: str) -> bytes:
    """A GiB of zeros; of twice compressed ones, its outer layer."""
    zeros = bytes(PIECE)
    match encoding:
        case "gzip, gzip":
            return gzip.compress(bomb("gzip"))
        case "deflate":
            stream = zlib.compressobj(1)
            return b"".join(stream.compress(zeros) for _ in range(64)) + stream.flush()
        case "br":
            stream = brotli.Compressor(quality=1)
            return b"".join(stream.process(zeros) for _ in range(64)) + stream.finish()
        case _:
            return ENCODERS[encoding](zeros) * 64


@pytest.mark.faults
@pytest.mark.fault("H11")
@pytest.mark.parametrize("encoding", [*ENCODERS, "gzip, gzip"])
def test_a_bomb_does_not_grow(awards: FaultServer, tmp_path: Path, verdict: Verdict, encoding: str) -> None:
    awards.on(AWARDS_PATH, answer(bomb(encoding), Content_Encoding=encoding))
    crawled = crawl_awards(tmp_path, awards, max_retries=1)
    crawled.assert_gap_shown(encoding)
    verdict.gap_shown(crawled.peak_mb)


@pytest.mark.fault("H12")
def test_a_body_without_end_is_given_up(awards: FaultServer, tmp_path: Path, verdict: Verdict) -> None:
    endless = itertools.chain([head(Transfer_Encoding="chunked")], itertools.repeat(chunk(bytes(100_000))))
    awards.when(is_list, lambda _: endless)
    crawled = crawl_awards(tmp_path, awards, max_retries=1)
    crawled.assert_gap_shown()
    verdict.gap_shown(max(asked.sent for asked in awards.asked))

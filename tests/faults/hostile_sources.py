"""Sources that send what lies in `hostile/`, and what must become of it.

Each file is a record as its source writes it, byte for byte; of GOV.UK it is what stands otherwise on one of its pages.
Beside it lies what the edition must say. Belongs here: reading both, and serving the records among those of the
samples. Does not belong here: looking at the edition.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from tests.faults.server import Asked, FaultServer, answer, fault_server

FOLDER = Path(__file__).with_name("hostile")
SUFFIX = ".expected.yml"
REGISTER, AWARDS, PAGES = "us_federal_register", "us_nsf_awards", "uk_govuk"
SOURCES = (PAGES, REGISTER, "us_govinfo_fr", AWARDS)
"""The third has texts of what the second lists, under the same ids."""
SINCE, UNTIL = "2024-01-22", "2024-02-11"
_RECORDS = (PAGES, REGISTER, AWARDS)
DAY, WEEK = "2024-02-06", "2024-W06"
GROWS = b"@"
"""What stands in a file for a text that is too long to be kept."""


class Quarantined(BaseModel):
    """A row of quarantine: its error, and what it shows of the source's own words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    error: str
    raw: str


class Expected(BaseModel):
    """What the edition must say of a record."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fault: str
    document: str | None
    """Its id; none where it has none."""
    is_set_aside: bool = False
    """Whether it is no document of the edition."""
    says: dict[str, Any] = {}
    """Columns of its document."""
    flags: list[str] = []
    quarantine: list[Quarantined] = []
    amounts: list[dict[str, str | None]] | None = None
    """All of them, by some of their columns."""
    events: list[tuple[str, str]] = []
    relations: list[dict[str, str]] = []
    status: str | None = None
    page: str | None = None
    """The page of GOV.UK that it changes."""
    times: int = 1
    grows: int = 0
    """How many characters stand for `GROWS`."""


@dataclass(frozen=True)
class Case:
    """A hostile record."""

    slug: str
    path: Path

    def __str__(self) -> str:
        return f"{self.slug}/{self.path.stem}"

    @cached_property
    def expected(self) -> Expected:
        """What must become of it."""
        return Expected.model_validate(_beside(self.path))

    @cached_property
    def body(self) -> bytes:
        """The record."""
        body = self.path.read_bytes()
        return body.replace(GROWS, b"x" * self.expected.grows) if self.expected.grows else body

    @property
    def is_filing(self) -> bool:
        """Whether it is no publication but a filing ahead of it."""
        return b'"filed_at"' in self.body


class Refusal(BaseModel):
    """What the ledger must say of an answer that is not read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fault: str
    says: str


@dataclass(frozen=True)
class Refused:
    """An answer that no parser may read."""

    path: Path

    def __str__(self) -> str:
        return self.path.stem

    @cached_property
    def expected(self) -> Refusal:
        """What must become of it."""
        return Refusal.model_validate(_beside(self.path))


def refused(form: str) -> list[Refused]:
    """Those in XML, or in JSON."""
    return [Refused(path) for path in sorted((FOLDER / "answers").glob(f"*.{form}"))]


def cases(*slugs: str) -> list[Case]:
    """The records of all sources, or of one."""
    return [Case(slug, path) for slug in slugs or _RECORDS for path in sorted((FOLDER / slug).glob("*.json"))]


def _beside(path: Path) -> Any:
    return yaml.safe_load(path.with_name(f"{path.stem}{SUFFIX}").read_bytes())


@contextmanager
def hostile_sources(samples: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The sample sources, host -> base URL, with the hostile records among theirs."""
    with ExitStack() as stack:
        changed = {}
        for host, prepare in _CHANGED.items():
            server = stack.enter_context(fault_server(samples[host]))
            prepare(server)
            changed[host] = server.url
        yield {**samples, **changed}


def _change_register(server: FaultServer) -> None:
    published = [case for case in cases(REGISTER) if not case.is_filing]
    filed = [case for case in cases(REGISTER) if case.is_filing]
    counted = sum((case.expected.document or "").endswith(f":{DAY}") for case in published)

    def count(asked: Asked) -> tuple[bytes]:
        counts = json.loads(_body(server, asked))
        counts[DAY]["count"] += counted
        return (answer(json.dumps(counts).encode()),)

    def listed(records: list[Case]) -> Callable[[Asked], tuple[bytes]]:
        bodies = [case.body for case in records for _ in range(case.expected.times)]
        return lambda asked: (answer(_with_records(_body(server, asked), bodies)),)

    server.when(lambda asked: asked.path.endswith("/documents/facets/daily"), count)
    server.when(
        lambda asked: asked.path.endswith("/documents.json") and "=2024-02-01" in asked.target, listed(published)
    )
    server.when(lambda asked: asked.path.endswith("/public-inspection-documents.json"), listed(filed))


def _is_of_february(asked: Asked) -> bool:
    return "=2024-02-01" in asked.target


def _with_records(body: bytes, records: list[bytes]) -> bytes:
    before, after = body.split(b'"results":[', 1)
    others = [after] if after.startswith(b"]") else [b",", after]
    return b"".join((before, b'"results":[', b",".join(records), *others))


def _change_awards(server: FaultServer) -> None:
    """Nothing but the hostile ones in February."""
    awards = [case.body for case in cases(AWARDS)]
    february = b'{"response":{"metadata":{"totalCount":%d},"award":[%b]}}' % (len(awards), b",".join(awards))
    server.when(lambda asked: "dateStart=02" in asked.target, lambda _: (answer(february),))


def _change_pages(server: FaultServer) -> None:
    for case in cases(PAGES):
        _change_page(server, case)


def _change_page(server: FaultServer, case: Case) -> None:
    def page(asked: Asked) -> tuple[bytes]:
        return (answer(json.dumps({**json.loads(_body(server, asked)), **json.loads(case.body)}).encode()),)

    server.when(lambda asked: asked.path == f"/api/content{case.expected.page}", page)


def _body(server: FaultServer, asked: Asked) -> bytes:
    """What the sample source would have said."""
    return server.passed_on(asked).partition(b"\r\n\r\n")[2]


_CHANGED: dict[str, Callable[[FaultServer], None]] = {
    "www.federalregister.gov": _change_register,
    "api.nsf.gov": _change_awards,
    "www.gov.uk": _change_pages,
}

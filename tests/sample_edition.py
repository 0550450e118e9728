"""A published edition of the sample data for tests that read one: crawled over HTTP, loaded, enriched, built by dbt.

Belongs here: the path without Dagster, without dbt's tests and without the audit, whose token is left empty; that makes
it quick. Does not belong here: anything about whether these steps are right; other tests say that.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType

from pipelines.digest.feeds import last_digest_sheet, write_feeds
from pipelines.enrich.run import enrich
from pipelines.home import WAREHOUSE_VARIABLE, Home
from pipelines.load import load
from pipelines.publish.audit import AuditToken, write_token
from pipelines.publish.complete import complete
from pipelines.publish.edition import publish
from pipelines.publish.stage import seal, stage
from pipelines.site.build import build_site
from pipelines.warehouse import open_warehouse
from scrapers.registry import sources
from scrapers.samples.process import running_samples

DBT = Path(__file__).parents[1] / "dbt"
WINDOWS = {
    "us_federal_register": ("2019-02-01", "2026-10-09"),
    "uk_govuk": ("2019-02-01", "2026-10-09"),
    "us_grants_gov": ("2026-10-01", "2026-10-09"),
    "us_govinfo_fr": ("2023-11-01", "2024-02-02"),
}
"""All of the story; of the daily issues, which take a request each, one season."""
SIDE_BY_SIDE = 4


def publish_samples(home: Home, windows: Mapping[str, tuple[str, str]] = MappingProxyType(WINDOWS)) -> None:
    """Crawl the sample sources into a new state folder and publish what follows."""
    crawl_samples(home, windows)
    with open_warehouse(home) as connection:
        assert load(home, connection).crawls == len(windows)
        enrich(connection)
    _build_marts(home)
    staged = stage(home, "samples")
    complete(home.staged, home.dbt_target / "manifest.json", more_sheets=[last_digest_sheet(home.staged)])
    write_feeds(home.staged, home.staged / "feeds")
    build_site(home.staged)
    token = AuditToken(edition_id=staged.edition_id, staged_sha256=seal(home.staged), expected=(), outcomes=())
    write_token(home.staged, token)
    publish(home, required=())


def crawl_samples(home: Home, windows: Mapping[str, tuple[str, str]] = MappingProxyType(WINDOWS)) -> None:
    """Crawl sample sources into a state folder."""
    with running_samples() as where, ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        crawls = {slug: pool.submit(_crawl, slug, windows[slug], home, where) for slug in windows}
        assert {slug: crawl.result() for slug, crawl in crawls.items()} == dict.fromkeys(windows, 0)


def _crawl(slug: str, window: tuple[str, str], home: Home, where: dict[str, str]) -> int:
    """The exit code of a crawl."""
    since, until = window
    command = [
        sys.executable,
        "-m",
        "scrapers.crawl",
        slug,
        "--since",
        since,
        "--until",
        until,
        "--home",
        str(home.root),
    ]
    for host, base in where.items():
        command += ["--base-url", f"{host}={base}"]
    keys = {config.key.variable: "sample" for config in sources().values() if config.key}
    return subprocess.run(command, stdout=subprocess.DEVNULL, env={**os.environ, **keys}, check=False).returncode


def _build_marts(home: Home) -> None:
    dbt = str(Path(sys.executable).with_name("dbt"))
    home.dbt_target.mkdir(parents=True)
    shutil.copy(DBT / "target" / "partial_parse.msgpack", home.dbt_target)
    left_out = [f"--exclude-resource-type={kind}" for kind in ("test", "unit_test")]
    places = ["--project-dir", str(DBT), "--profiles-dir", str(DBT), "--target-path", str(home.dbt_target)]
    subprocess.run(
        [dbt, "--quiet", "build", *left_out, *places, "--log-path", str(home.root / "dbt-log")],
        env={**os.environ, WAREHOUSE_VARIABLE: str(home.warehouse)},
        check=True,
    )

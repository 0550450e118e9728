"""An edition with a site over the handmade data, and over hostile values in every place that a page shows.

Belongs here: the edition and a server over it on loopback. Does not belong here: what pages must be like.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from pipelines.publish.search_index import write_search_index
from pipelines.site.build import build_site
from pipelines.site.quality import DATA, PAGE
from pipelines.site.server import HOST, server
from tests.unit.edition_fixture import HOSTILE, make_edition

EVIL_URL = "javascript:alert(document.domain)"
HOSTILE_POLICY = 'us-x-"><script>'
CHANGED = "Version-2"
LONG_BODY = "\n".join(f"Paragraph {number} of a long text that says nothing new at all." for number in range(400))


def make_site(folder: Path, *, is_sample: bool = False) -> Path:
    """An edition's folder with its site and its index."""
    make_edition(folder, crowd=3, is_sample=is_sample)
    with duckdb.connect(str(folder / "policy.duckdb")) as connection:
        _be_hostile(connection)
        _tell_changes(connection)
        write_search_index(connection, folder)
    (folder / "csv").mkdir()
    (folder / "csv" / "policies.csv").write_text("policy_id\n", encoding="utf-8")
    build_site(folder)
    for name in (PAGE, DATA):  # the audit, which comes after the site, writes them
        (folder / name).write_text("", encoding="utf-8")
    return folder


def _be_hostile(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "insert into evidence (evidence_id, source_id, quote, payload_sha256, source_url, warc_file, fetched_at) "
        "values ('evil', ?, ?, ?, ?, ?, '2026-10-05')",
        [HOSTILE, HOSTILE, HOSTILE, EVIL_URL, HOSTILE],
    )
    connection.execute(
        "insert into policy_events (event_id, policy_id, document_id, event, event_date, quote, confidence, "
        "evidence_id) values (?, ?, 'fr:hostile', 'effective', '2027-01-01', ?, 'stated', 'evil')",
        [HOSTILE, HOSTILE_POLICY, HOSTILE],
    )
    connection.execute(
        "insert into obligations (obligation_id, policy_id, document_id, section, actor, action, due_date, quote, "
        "evidence_id) values (?, ?, 'fr:hostile', ?, ?, ?, '2027-06-01', ?, 'evil')",
        [HOSTILE, HOSTILE_POLICY, HOSTILE, HOSTILE, HOSTILE, HOSTILE],
    )
    connection.execute("insert into policy_aliases values (?, ?, ?)", [HOSTILE, HOSTILE_POLICY, HOSTILE])
    connection.execute(
        "update policies set topics = [?], parties = [{'code': ?, 'name': ?}] where policy_id = ?",
        [HOSTILE, HOSTILE, HOSTILE, HOSTILE_POLICY],
    )
    connection.execute(
        "insert into sources (source_id, title, page, licence, publisher, cadence, verified) values (?, ?, ?, ?, ?, ?, "
        "'documented')",
        [HOSTILE, HOSTILE, EVIL_URL, HOSTILE, HOSTILE, HOSTILE],
    )
    connection.execute(
        "insert into source_coverage values (?, '2026-11-01', 'could_not_look', 1, 1, 0, null, '2026-11-01', ?)",
        [HOSTILE, HOSTILE],
    )
    _add_version(
        connection, "fr:hostile", HOSTILE, [("title", HOSTILE, f"{HOSTILE} more"), ("identifiers", None, HOSTILE)]
    )


def _tell_changes(connection: duckdb.DuckDBPyConnection) -> None:
    """A changed text, and a duty that its instrument's end made void."""
    document = "fr:2026-20100:2026-09-30"
    _add_version(
        connection,
        document,
        CHANGED,
        [("body", "5 characters", "6 characters"), ("title", "On clusters", "On Clusters")],
    )
    after = LONG_BODY.replace("Paragraph 200 of a long text", "Paragraph 200 of a longer text")
    connection.execute(
        "insert into policy_relations by name select 'by-a-speech' as relation_id, 'govuk_content:crowd-1' as "
        "from_identifier, 'cites' as relation, 'us-eo-14110' as to_policy_id, 'stated' as confidence"
    )
    connection.execute(
        "insert into policy_relations by name select 'of-a-section' as relation_id, 'us-eo-14148' as from_policy_id, "
        "'revokes' as relation, true as is_partial, 'us-eo-14434' as to_policy_id, 'section 4' as provision, "
        "date '2026-10-12' as relation_date, timestamptz '2026-10-12 09:00:00+00' as known_from, "
        "'stated' as confidence, 'evil' as evidence_id"
    )
    connection.execute("update documents set native_id = 'crowd-1' where document_id = 'govuk:crowd-001'")
    connection.execute("insert into text_changes values (?, ?, 'body', ?, ?)", [CHANGED, document, LONG_BODY, after])
    connection.execute(
        "insert into obligations (obligation_id, policy_id, document_id, section, actor, action, due_date, void_from, "
        "void_by_policy_id, evidence_id) values "
        "('void-duty', 'us-eo-14110', 'fr:2023-24283:2023-11-01', '2', 'Secretary of Commerce', 'report', "
        "'2026-12-01', '2025-01-20', 'us-eo-14148', 'evil'),"
        "('lost-duty', 'us-eo-14434', 'fr:2026-20321:2026-10-02', '4(b)', 'Secretary of Labor', 'report', "
        "'2026-12-08', '2026-10-12', 'us-eo-14148', 'evil'),"
        "('live-duty', 'us-eo-14434', 'fr:2026-20321:2026-10-02', '5', 'Secretary of State', 'write a plan', ?, "
        "null, null, 'evil')",
        [date(2026, 12, 15)],
    )


def _add_version(
    connection: duckdb.DuckDBPyConnection, document: str, version: str, diff: list[tuple[str, str | None, str | None]]
) -> None:
    fields = [{"field": name, "before": before, "after": after} for name, before, after in diff]
    connection.execute(
        "insert into document_versions (source_id, document_id, version_no, version_id, change_origin, is_news, "
        "changed_fields, field_diff, change_kind, title, first_seen_at, evidence_id) values "
        "('us_federal_register', ?, 2, ?, 'source', false, ?, ?, 'substantive', ?, '2026-10-20 09:00:00+00', 'evil')",
        [document, version, [name for name, _, _ in diff], json.dumps(fields), HOSTILE],
    )


@contextmanager
def served(edition: Callable[[], Path]) -> Iterator[int]:
    """The server over an edition on a free port of loopback."""
    with socket.create_server((HOST, 0)) as listening:
        running = server(edition)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            running.should_exit = True
            thread.join()

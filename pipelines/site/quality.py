"""The quality report of an edition: `quality.html` for people, `quality.json` for programs, from the audit's outcomes.

Belongs here: what the report holds, its two forms, and the short history of audits that its trend is drawn from. Does
not belong here: what is checked, or whether an edition may be published (pipelines.publish.audit).

The report is written into the staged edition before it is sealed, so SHA256SUMS and the audit's token cover it, and
kept in `audits/` of the state folder, also of an edition that was refused. It knows no clock: the same outcomes over
the same tables after the same audits are the same bytes. Its history is that of the state folder, and is no part of
the content that an edition's id names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import orjson
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipelines.digest import wording
from pipelines.digest.charts import FIRST, INK, QUIET, RULE, SECOND, WIDTH, finish, plain
from pipelines.home import Home
from pipelines.publish.audit import AuditToken, CheckOutcome
from pipelines.publish.stage import read_about
from scrapers.contracts import utc_text
from scrapers.durable import write_whole

if TYPE_CHECKING:
    from pipelines.digest.charts import Drawing

PAGE, DATA = "quality.html", "quality.json"
KEPT = 30
"""Reports of audits that the state folder keeps, by the newest editions."""
SHOWN = 12
"""Earlier audits in the trend, and crawls of a source."""
_SOURCES = f"""
    with crawls as (
        select
            source_id, crawl_id, ended_at, is_good, not_asked, found_total, faults,
            coalesce(official_total, (
                select sum(official) from raw.source_days as days where days.crawl_id = crawls.crawl_id
            )) as official
        from raw.crawls as crawls
        qualify row_number() over (partition by source_id order by crawl_id desc) <= {SHOWN}
    )

    select
        source_id, arg_max(ended_at, crawl_id) as ended_at, arg_max(is_good, crawl_id) as is_good,
        max_by(not_asked, crawl_id) as not_asked, arg_max(found_total, crawl_id) as found,
        max_by(official, crawl_id) as official, arg_max(faults, crawl_id) as faults,
        list(found_total order by crawl_id) as found_before
    from crawls group by source_id order by source_id
"""  # noqa: S608  constants


def write_report(home: Home, folder: Path, audit: AuditToken, warehouse: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Write the report of an audit into the edition's folder and into the state folder; returns what it holds."""
    report = quality_report(read_about(folder), audit, _sources(warehouse), history(home, audit.edition_id))
    data = orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    page = render(report).encode()
    home.audits.mkdir(parents=True, exist_ok=True)
    for path, content in (
        (folder / DATA, data),
        (folder / PAGE, page),
        (home.audits / f"{audit.edition_id}.json", data),
        (home.audits / f"{audit.edition_id}.html", page),
    ):
        write_whole(path, content)
    for old in sorted(home.audits.glob("*.json"))[:-KEPT]:
        old.unlink()
        old.with_suffix(".html").unlink(missing_ok=True)
    return report


def page_of(home: Home, edition_id: str) -> Path:
    """Where the state folder keeps the page of an audit."""
    return home.audits / f"{edition_id}.html"


def quality_report(
    about: Mapping[str, Any],
    audit: AuditToken,
    sources: Sequence[Mapping[str, Any]],
    earlier: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """What the report holds, as JSON takes it."""
    faults = audit.faults()
    counts = _counts(audit)
    summary = {
        "edition_id": audit.edition_id,
        "as_of": about["as_of"],
        "verdict": "refused" if faults else "passed",
        "counts": counts,
        "documents": about["tables"].get("documents", {}).get("rows", 0),
        "policies": about["tables"].get("policies", {}).get("rows", 0),
    }
    return {
        "summary": summary,
        "is_sample": about["is_sample"],
        "faults": faults,
        "tables": _tables(about, audit.outcomes),
        "sources": list(sources),
        "history": [*earlier, summary],
    }


def history(home: Home, edition_id: str) -> list[dict[str, Any]]:
    """The summaries of the last audits of earlier editions, the oldest first; one that cannot be read is left out."""
    found = []
    for path in sorted(home.audits.glob("*.json")):
        if path.stem >= edition_id:
            continue
        try:
            found.append(orjson.loads(path.read_bytes())["summary"])
        except (orjson.JSONDecodeError, KeyError, TypeError):
            continue
    return found[-SHOWN:]


def _counts(audit: AuditToken) -> dict[str, int]:
    """How many checks ended how; what is expected and missing did not run."""
    ends = {"passed": 0, "warned": 0, "failed": 0, "not_run": 0}
    for outcome in audit.outcomes:
        ends[_end(outcome)] += 1
    ends["not_run"] += len(set(audit.expected) - {outcome.check for outcome in audit.outcomes})
    return ends


def _end(outcome: CheckOutcome) -> str:
    if outcome.outcome in ("broken", "not_run"):
        return "not_run"
    if outcome.outcome == "passed":
        return "passed"
    return "failed" if outcome.severity == "error" else "warned"


def _tables(about: Mapping[str, Any], outcomes: Sequence[CheckOutcome]) -> list[dict[str, Any]]:
    rows = {name: table["rows"] for name, table in about["tables"].items()}
    names = sorted({outcome.table for outcome in outcomes}, key=lambda name: ("." in name, name))
    return [
        {
            "table": name,
            "rows": rows.get(name),
            "checks": [
                {**outcome.model_dump(mode="json", exclude={"table", "outcome"}), "ended": _end(outcome)}
                for outcome in sorted(outcomes, key=lambda one: one.check)
                if outcome.table == name
            ],
        }
        for name in names
    ]


def _sources(warehouse: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    found = warehouse.execute(_SOURCES)
    names = [column[0] for column in found.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return [
        {
            "source_id": row["source_id"],
            "ended_at": utc_text(row["ended_at"]),
            "ended": "not asked" if row["not_asked"] else "good" if row["is_good"] else "withheld",
            "why": row["not_asked"] or next(iter(row["faults"]), None),
            "found": row["found"],
            "official": None if row["official"] is None else int(row["official"]),
            "found_before": row["found_before"],
        }
        for row in rows
    ]


def render(report: Mapping[str, Any]) -> str:
    """The page, whole in one file: texts of sources are escaped, and nothing is loaded or run."""
    environment = Environment(
        loader=PackageLoader("pipelines.site", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(number="{:,}".format, plain=_plain)
    checks = [{**check, "table": table["table"]} for table in report["tables"] for check in table["checks"]]
    worst = {"not_run": 0, "failed": 1, "warned": 2}
    wrong = sorted((check for check in checks if check["ended"] != "passed"), key=lambda one: worst[one["ended"]])
    return environment.get_template("quality.html.j2").render(
        report=report,
        summary=report["summary"],
        wrong=wrong,
        number_of_checks=len(checks),
        trend=_trend(report["history"]) if len(report["history"]) > 1 else None,
        spark=_spark,
        style=Markup(_style()),  # noqa: S704  files of ours
        notice=wording.SAMPLE_NOTICE if report["is_sample"] else None,
    )


def _style() -> str:
    """The digest's style sheet and what this page adds: one visual language, kept in one place."""
    digest = (files("pipelines.digest") / "templates" / "digest.css").read_text(encoding="utf-8")
    return digest + (files("pipelines.site") / "templates" / "quality.css").read_text(encoding="utf-8")


def _plain(value: object) -> str:
    return "null" if value is None else wording.plain(str(value), 400)


def _spark(counts: Sequence[int]) -> list[dict[str, float]]:
    """Bars of a small chart of 100 by 20, one a crawl; the last ones stand at the right."""
    most = max([*counts, 1])
    width = 100 / SHOWN
    first = SHOWN - len(counts)
    return [
        {"x": round((first + place) * width, 2), "height": round(max(20 * count / most, 0.6), 2)}
        for place, count in enumerate(counts)
    ]


def _trend(summaries: Sequence[Mapping[str, Any]]) -> Markup:
    """Checks that did not pass, by audit: those that stop an edition, and those that warn."""
    told = [
        f"{one['as_of'][:10]}: {_stops(one)} that stop the edition, {one['counts']['warned']} warnings"
        for one in summaries
    ]
    return finish(_trend_spec(summaries), 150, "chart-trend", "Checks that did not pass", f"{'; '.join(told)}.")


def _stops(summary: Mapping[str, Any]) -> int:
    return int(summary["counts"]["failed"] + summary["counts"]["not_run"])


def _trend_spec(summaries: Sequence[Mapping[str, Any]]) -> Drawing:
    import altair as alt

    places = [f"{place:02}" for place in range(len(summaries))]
    bars = [
        {"audit": audit, "kind": kind, "place": place, "number": number}
        for audit, one in zip(places, summaries, strict=True)
        for place, (kind, number) in enumerate((("stops", _stops(one)), ("warns", one["counts"]["warned"])))
        if number
    ]
    totals = [_stops(one) + int(one["counts"]["warned"]) for one in summaries]
    tops = [
        {"audit": audit, "number": total, "told": f"{total:,}"} for audit, total in zip(places, totals, strict=True)
    ]
    days = [{"audit": audit, "day": one["as_of"][5:10]} for audit, one in zip(places, summaries, strict=True)]
    highest = max([*totals, 1])
    x = alt.X("audit:N", sort=places, axis=None)
    scale = alt.Scale(domain=[0, highest * 1.25], nice=False)
    drawn = (
        alt.Chart(alt.InlineData(values=bars))
        .mark_bar()
        .encode(
            x=x,
            y=alt.Y("number:Q", stack="zero", scale=scale, axis=None),
            order="place:Q",
            color=alt.Color("kind:N", scale=alt.Scale(domain=["stops", "warns"], range=[FIRST, SECOND]), legend=None),
        )
    )
    numbers = (
        alt.Chart(alt.InlineData(values=tops))
        .mark_text(dy=-7, fontSize=12, color=INK)
        .encode(x=x, y=alt.Y("number:Q", scale=scale, axis=None), text="told:N")
    )
    names = (
        alt.Chart(alt.InlineData(values=days))
        .mark_text(fontSize=10, color=QUIET, baseline="top", dy=6)
        .encode(x=x, y=alt.value(120), text="day:N")
    )
    floor = alt.Chart(alt.InlineData(values=[{}])).mark_rule(color=RULE).encode(y=alt.value(120))
    return plain(alt.layer(drawn, numbers, names, floor).properties(width=WIDTH, height=120))

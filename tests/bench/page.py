"""docs/performance.md: the tables and the chart of what was measured, between the words that people wrote.

Belongs here: how figures are shown. Does not belong here: any figure, and what follows from them.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tests.bench.ingest import WAYS
from tests.bench.measure import ROOT
from tests.bench.readers import ASKED
from tests.bench.step import STEPS

PAGE = ROOT / "docs" / "performance.md"
FIGURES = ROOT / "docs" / "performance.json"
CHART = ROOT / "docs" / "images" / "performance.svg"
WAITED = {
    "aipolicy --help": 0.3,
    "refresh of five days, nothing new": 10,
    "first run on the samples": 60,
    "digest": 5,
    "test suite": 720,
}
"""Seconds that each may take."""
READ = {"queries": "documented query: ", "search": "search: ", "pages": "page of the site: ", "other": ""}
"""Kinds of things that readers ask for, and how their names begin in the table."""
APART = "making and publishing the edition"
A_MILLION = 1_000_000
FAR = (10_000_000, 100_000_000)
"""Sizes that are too large to be measured."""
Figures = dict[str, Any]


def figures() -> Figures:
    """What was measured last of each part."""
    return json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}


def write() -> None:
    """Put the figures into the page, each table between its marks, and draw the chart."""
    held = figures()
    text = PAGE.read_text(encoding="utf-8")
    for name, table in TABLES.items():
        begins, ends = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        before, begun, rest = text.partition(begins)
        _, ended, after = rest.partition(ends)
        if not (begun and ended):
            raise ValueError(f"{PAGE.name}: expected the marks <!-- {name} --> and {ends}, got none")
        text = "".join((before, begins, "\n".join(table(held)), "\n", ends, after))
    PAGE.write_text(text, encoding="utf-8")
    _draw(held)


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    aligned = ["---", *("---:" for _ in head[1:])]
    return ["", *(f"| {' | '.join(map(str, row))} |" for row in (head, aligned, *rows)), ""]


def _runs(one: Figures) -> str:
    return f"{one['runs']} run{'' if one['runs'] == 1 else 's'}"


def _by_size(held: Figures, part: str) -> list[Figures]:
    """What was measured of a part at each size, the smallest first."""
    return sorted((one for name, one in held.items() if name.startswith(f"{part}_")), key=lambda one: one["documents"])


def _goals(held: Figures) -> Iterator[str]:
    """What was wanted beside what was measured, at the largest size of each part; what was wanted of a million
    documents is told of fewer without a verdict.
    """
    rows: list[list[object]] = []

    def row(what: str, wanted: str, got: str, runs: int, *, met: bool | None) -> None:
        rows.append([what, wanted, got, runs, "–" if met is None else "yes" if met else "**no**"])

    for one in _by_size(held, "ingest"):
        of, rate = f"{one['documents']:,} list documents", one["documents_per_second"]["ours"]
        share, replay = one["ratio_to_bare"]["ours"], one["crawl_seconds"] / one["replay_seconds"]
        if "dlt_tuned" in one["seconds"]:
            times = one["seconds"]["dlt_tuned"] / one["seconds"]["ours"]
            row(f"{of}, times tuned dlt", "2", f"{times:.2f}", one["runs"], met=times >= 2)
        row(f"{of}, share of the bare limit", "0.33", f"{share:.2f}", one["runs"], met=share >= 1 / 3)
        row(f"{of}, documents/s", "3,000", f"{rate:,}", one["runs"], met=rate >= 3_000)
        row(f"{of}, replay against crawl", "5 x", f"{replay:.1f} x", one["runs"], met=replay >= 5)
    if pages := held.get("pages"):
        rate = pages["pages_per_second"]
        row("pages of 50 KB, a second", "250", f"{rate:,}", pages["runs"], met=rate >= 250)
    sizes = _by_size(held, "size")
    for one in sizes[-1:]:
        _size_goals(one, sizes[0], row)
    for what, one in _waited_for(held).items():
        if most := WAITED.get(what):
            row(f"{what}, s", f"{most:g}", f"{one['seconds']:.2f}", one["runs"], met=one["seconds"] <= most)
    if rows:
        yield from _table(["what", "wanted", "measured", "runs", "met"], rows)


def _size_goals(one: Figures, least: Figures, row: Callable[..., None]) -> None:
    of, is_wanted = f"{one['documents']:,} documents", one["documents"] >= A_MILLION

    def goal(what: str, most: float, got: float, form: str = ",.1f", *, runs: int = one["runs"]) -> None:
        row(what, f"{most:,g}", f"{got:{form}}", runs, met=got <= most if is_wanted else None)

    goal(f"first build of {of}, s", 600, one["first_build_seconds"], ",.0f", runs=1)
    together = max(stage["together_mib"] for stage in one["first_build"].values())
    goal(f"first build of {of}, MiB of all processes together", 4_096, together, ",.0f", runs=1)
    goal(f"10,000 more into {of}, s", 0.5, one["upsert_10k_seconds"], ".2f")
    if least is not one:
        times = _flat(one) / _flat(least)
        goal(f"a day's news on {of}, {APART} apart, times that on {least['documents']:,}", 1.5, times)
    for kind, what, most in (("queries", "documented query", 100), ("search", "search", 100), ("pages", "page", 50)):
        slowest = [cell["p95"] for cell in one["readers"][kind].values()]
        if slowest:
            goal(f"slowest {what} over {of}, p95 in ms", most, max(slowest), runs=ASKED)
    opened = one["readers"]["other"]["opening the edition"]["p95"]
    goal(f"opening an edition of {of}, p95 in ms", 50, opened, runs=ASKED)
    beside = statistics.median(_beside(one).values())
    goal(f"readers of {of} beside a publish, times alone (median)", 1.1, beside, runs=1)


def _beside(one: Figures) -> dict[str, float]:
    """How many times as long things take at the median while another edition is made."""
    beside = one["readers_beside_a_publish"]
    return {
        asked: beside[kind][asked]["p50"] / max(alone["p50"], 0.1)
        for kind in READ
        for asked, alone in one["readers"][kind].items()
    }


def _flat(one: Figures) -> float:
    """Seconds of a day's news, making and publishing the edition apart."""
    return sum(seconds for step, seconds in one["news"].items() if step not in ("stage", "publish"))


def _growth(held: Figures) -> Iterator[str]:
    """What a document more costs at the largest sizes, and what that makes at sizes that were not measured."""
    sizes = _by_size(held, "size")
    if len(sizes) < 2:
        return
    small, large = sizes[-2:]
    more = large["documents"] - small["documents"]
    rows = []
    for step in STEPS:
        before, after = small["first_build"][step], large["first_build"][step]
        slope = (after["seconds"] - before["seconds"]) / more
        memory = (after["peak_mib"] - before["peak_mib"]) / more
        rows.append(
            [
                step,
                f"{slope * 1e6:,.0f}",
                *(f"{(after['seconds'] + slope * (to - large['documents'])) / 3600:.1f} h" for to in FAR),
                f"{memory * 1e6:,.0f}",
                *(f"{(after['peak_mib'] + memory * (to - large['documents'])) / 1024:.0f} GiB" for to in FAR),
            ]
        )
    head = ["stage", "microseconds/document", *(f"*{to:,}*" for to in FAR)]
    yield from _table([*head, "MiB/million", *(f"*{to:,}*" for to in FAR)], rows)
    parts = [
        [
            part,
            f"{size / large['documents']:,.0f}",
            *(f"{size / large['documents'] * to / 2**30:,.0f} GiB" for to in FAR),
        ]
        for part, size in large["bytes"].items()
    ]
    yield from _table(["part of the state folder", "bytes/document", *(f"*{to:,}*" for to in FAR)], parts)


def _ingest(held: Figures) -> Iterator[str]:
    ingests = _by_size(held, "ingest")
    if ingests:
        yield f"\n![documents a second of each way](images/{CHART.name})\n"
    for one in ingests:
        rows = [
            [
                name,
                f"{one['documents_per_second'][way]:,}",
                f"{one['ratio_to_bare'][way]:.2f}",
                f"{one['cpu_seconds'][way]:.1f}",
                f"{one['peak_mib'][way]:,.0f}",
                does,
            ]
            for way, (name, does) in WAYS.items()
            if way in one["seconds"]
        ]
        yield f"{one['documents']:,} list documents, median of {_runs(one)}, whole processes:"
        yield from _table(["way", "documents/s", "of the limit", "CPU s", "peak MiB", "does"], rows)
        replay, crawl = one["replay_seconds"], one["crawl_seconds"]
        yield (
            f"A replay of the archive reads {one['documents'] / replay:,.0f} documents a second, in {replay:.1f} s; "
            f"the crawl took {crawl:.1f} s: {crawl / replay:.1f} x.\n"
        )
    if pages := held.get("pages"):
        yield (
            f"Pages of 50 KB, {pages['pages']:,} of them, asked for one after the other, archived, read and loaded: "
            f"{pages['pages_per_second']:,} a second, median of {_runs(pages)}."
        )


def _build(held: Figures) -> Iterator[str]:
    sizes = _by_size(held, "size")
    if not sizes:
        return

    def cell(stage: Figures) -> str:
        return f"{stage['seconds']:.1f} s, {stage['peak_mib']:,.0f} / {stage['together_mib']:,.0f} MiB"

    rows = [[step, *(cell(one["first_build"][step]) for one in sizes)] for step in STEPS]
    rows.append(["all", *(f"**{one['first_build_seconds']:.0f} s**" for one in sizes)])
    yield from _table(["stage", *(f"{one['documents']:,}" for one in sizes)], rows)


def _news(held: Figures) -> Iterator[str]:
    sizes = _by_size(held, "size")
    if not sizes:
        return
    least = sizes[0]
    rows = [
        [
            step,
            *(f"{one['news'][step]:.1f} s" for one in sizes),
            f"{sizes[-1]['news'][step] / max(least['news'][step], 0.001):.1f}",
        ]
        for step in STEPS
    ]
    totals = [sum(one["news"].values()) for one in sizes]
    rows.append(["all", *(f"**{total:.0f} s**" for total in totals), f"**{totals[-1] / totals[0]:.1f}**"])
    flat = [_flat(one) for one in sizes]
    rows.append([f"{APART} apart", *(f"{total:.0f} s" for total in flat), f"{flat[-1] / flat[0]:.1f}"])
    rows.append(["10,000 more loaded", *(f"{one['upsert_10k_seconds']:.2f} s" for one in sizes), ""])
    yield from _table(["stage", *(f"on {one['documents']:,}" for one in sizes), "largest to smallest"], rows)
    yield f"Medians of {', '.join(str(one['runs']) for one in sizes)} runs."


def _readers(held: Figures) -> Iterator[str]:
    sizes = _by_size(held, "size")
    if not sizes:
        return

    def cell(one: Figures, kind: str, asked: str) -> str:
        took = one["readers"][kind].get(asked)
        return f"{took['p50']:.0f} / {took['p95']:.0f}" if took else ""

    rows = [
        [f"{title}{asked}", *(cell(one, kind, asked) for one in sizes), sizes[-1]["readers"]["rows"].get(asked, "")]
        for kind, title in READ.items()
        for asked in sizes[-1]["readers"][kind]
    ]
    yield from _table(["ms, p50 / p95, warm", *(f"{one['documents']:,}" for one in sizes), "rows"], rows)
    yield "While another edition is staged, audited and published beside them, they take at the median:\n"
    for one in sizes:
        times = _beside(one)
        worst = max(times, key=lambda asked: times[asked])
        yield (
            f"- over {one['documents']:,} documents {statistics.median(times.values()):.1f} times as long; at worst "
            f"{times[worst]:.1f} times ({worst})"
        )


def _waited_for(held: Figures) -> Figures:
    return {
        name: one | {"runs": held[part]["runs"]}
        for part in ("overheads", "suite")
        if part in held
        for name, one in held[part]["figures"].items()
    }


def _overheads(held: Figures) -> Iterator[str]:
    measured = _waited_for(held)
    rows = [
        [name, f"{one['seconds']:.2f}", f"{one['cpu_seconds']:.2f}", f"{one['peak_mib']:,.0f}", one.get("requests", "")]
        for name, one in measured.items()
    ]
    if rows:
        yield from _table(["what", "s", "CPU s", "peak MiB", "requests"], rows)


def _workers(held: Figures) -> Iterator[str]:
    if (one := held.get("workers")) is None:
        return
    alone, *_ = one["seconds"].values()
    measured = [
        [
            workers,
            f"{seconds:.1f}",
            ", ".join(f"{run:.1f}" for run in one["seconds_runs"][workers]),
            f"{alone / seconds:.2f}",
            "",
        ]
        for workers, seconds in one["seconds"].items()
    ]
    reckoned = [
        [workers, "", "", "", f"{times:.2f}"]
        for workers, times in sorted(one["reckoned"].items(), key=lambda reckoned: int(reckoned[0]))
    ]
    yield from _table(["workers", "s", "runs", "times as fast", "reckoned"], [*measured, *reckoned])
    yield f"- documents: {one['documents']:,}; {_runs(one)}"
    yield f"- a share beside another worker takes {one['slower_beside_another']:.2f} times as long as alone"
    yield f"- the catalog's server took {one['catalog_cores']:.2f} of a core meanwhile"


def _machine(held: Figures) -> Iterator[str]:
    for name, one in sorted(held.items()):
        told = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in one["machine"].items())
        yield f"- `{name}`, {one['at']}, {_runs(one)}, commit {one['commit']}: {told}"


TABLES: dict[str, Callable[[Figures], Iterator[str]]] = {
    "goals": _goals,
    "ingest": _ingest,
    "build": _build,
    "news": _news,
    "readers": _readers,
    "overheads": _overheads,
    "growth": _growth,
    "workers": _workers,
    "machine": _machine,
}


def _draw(held: Figures) -> None:
    """Documents a second of each way, as bars."""
    import altair as alt

    rows = [
        {"way": WAYS[way][0].strip("*"), "documents a second": rate, "size": f"{one['documents']:,} documents"}
        for one in _by_size(held, "ingest")
        for way, rate in one["documents_per_second"].items()
    ]
    if not rows:
        return
    order = [name.strip("*") for name, _ in WAYS.values()]
    bars = (
        alt.Chart({"values": rows})
        .mark_bar()
        .encode(
            x=alt.X("documents a second:Q"),
            y=alt.Y("way:N", sort=order, title=None),
            row=alt.Row("size:N", title=None, sort="descending"),
            color=alt.condition(alt.datum.way == "AI policy tracker", alt.value("#1a6e5a"), alt.value("#9aa5b1")),
        )
    )
    bars.properties(width=520).save(str(CHART))

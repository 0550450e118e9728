"""Charts of a digest as inline SVG: how much the last weeks brought, and the money of the year so far.

Belongs here: drawing, and what makes a drawing fit to stand in a page: it is described in words, takes its colours
from the page's style sheet (so it follows dark mode and print), and holds nothing but shapes and text. Does not belong
here: what is counted (queries.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree
from markupsafe import Markup

from pipelines.digest import wording
from pipelines.digest.model import Digest, MoneyRun, WeekCount

if TYPE_CHECKING:
    import altair as alt

    Drawing = alt.LayerChart | alt.FacetChart

WIDTH = 360
INK, QUIET, RULE, FIRST, SECOND = "#000001", "#000002", "#000003", "#000004", "#000005"
_CLASSES = {
    INK: "chart-ink",
    QUIET: "chart-quiet",
    RULE: "chart-rule",
    FIRST: "chart-first",
    SECOND: "chart-second",
}
"""Colours that stand for a class of the style sheet; no drawing keeps a colour of its own."""
_TAGS = {"g", "path", "line", "text"}
_ATTRIBUTES = {"transform", "d", "x2", "y2", "text-anchor", "font-size"}
_SVG = "http://www.w3.org/2000/svg"
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_NO_AXIS: dict[str, Any] = {"title": None, "grid": False, "ticks": False}
_LABELS: dict[str, Any] = {"labelFontSize": 12, "labelColor": QUIET, "domainColor": RULE, "labelOverlap": False}


@dataclass(frozen=True)
class Chart:
    """A drawing with its title, its key, the note that says how to read it, and the same numbers as a table."""

    key: str
    title: str
    note: str
    marks: tuple[tuple[str, str], ...]
    """Class and meaning of each colour; empty where the drawing names its bars."""
    svg: Markup
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def charts(digest: Digest) -> tuple[Chart, ...]:
    """The charts of an issue; one that would show nothing is left out."""
    drawn = []
    if any(count.new or count.changed for count in digest.run):
        drawn.append(_run_chart(digest.run))
    if digest.year_money:
        drawn.append(_money_chart(digest.year_money, digest.week.until.year))
    return tuple(drawn)


def _run_chart(run: Sequence[WeekCount]) -> Chart:
    title = f"The last {len(run)} weeks"
    unseen = [count.week for count in run if not count.is_seen]
    note = (
        "Policies about AI by the week of their first act, or, where no day of one is known, that in which they were "
        "first seen, and those that were acted on: amended, revoked and so on."
    )
    if unseen:
        note += " –: no source was looked at for a day of that week."
    told = [f"week {_number(count)}: {_told(count)}" for count in run]
    return Chart(
        key="chart-run",
        title=title,
        note=note,
        marks=(("chart-first", "new"), ("chart-second", "changed")),
        svg=finish(_run_spec(run), 150, "chart-run", title, f"{'; '.join(told)}."),
        columns=("Week", "New", "Changed"),
        rows=tuple(
            (count.week, *((f"{count.new:,}", f"{count.changed:,}") if _has_told(count) else ("–", "–")))
            for count in run
        ),
    )


def _number(count: WeekCount) -> int:
    return int(count.week[-2:])


def _has_told(count: WeekCount) -> bool:
    """Whether a week's numbers say something: what came from elsewhere counts, also of a week not looked at."""
    return count.is_seen or bool(count.new or count.changed)


def _told(count: WeekCount) -> str:
    return f"{count.new:,} new, {count.changed:,} changed" if _has_told(count) else "not looked at"


def _run_spec(run: Sequence[WeekCount]) -> Drawing:
    import altair as alt

    weeks = [f"W{_number(count):02}" for count in run]
    bars = [
        {"week": week, "kind": kind, "place": place, "number": getattr(count, kind)}
        for week, count in zip(weeks, run, strict=True)
        for place, kind in enumerate(("new", "changed"))
        if getattr(count, kind)
    ]
    tops = [
        {"week": week, "number": count.new + count.changed, "told": f"{count.new + count.changed:,}"}
        if _has_told(count)
        else {"week": week, "number": 0, "told": "–"}
        for week, count in zip(weeks, run, strict=True)
    ]
    highest = max(top["number"] for top in tops if isinstance(top["number"], int))
    x = alt.X("week:N", sort=weeks, axis=alt.Axis(**_NO_AXIS, **{**_LABELS, "labelFontSize": 10.5}, labelAngle=0))
    scale = alt.Scale(domain=[0, highest * 1.2], nice=False)
    drawn = (
        alt.Chart(alt.InlineData(values=bars))
        .mark_bar()
        .encode(
            x=x,
            y=alt.Y("number:Q", stack="zero", scale=scale, axis=None),
            order="place:Q",
            color=alt.Color("kind:N", scale=alt.Scale(domain=["new", "changed"], range=[FIRST, SECOND]), legend=None),
        )
    )
    labels = (
        alt.Chart(alt.InlineData(values=tops))
        .mark_text(dy=-7, fontSize=12, color=INK)
        .encode(x=x, y=alt.Y("number:Q", scale=scale, axis=None), text="told:N")
    )
    return plain(alt.layer(drawn, labels).properties(width=WIDTH, height=120))


def _money_chart(sums: Sequence[MoneyRun], year: int) -> Chart:
    currency = sums[0].currency
    title = f"Money of {year} so far, {currency}"
    rows = tuple(
        (wording.amount_heading(one.kind), wording.money(one.year.total, one.currency), f"{one.year.documents:,}")
        for one in sums
    )
    told = [f"{kind}: {total}, policies or documents: {count}" for kind, total, count in rows]
    return Chart(
        key="chart-money",
        title=title,
        note="Of documents about AI published this year, as their money fields state it, in the currency that most of "
        "them name. One kind may hold the money of another: what was available is obligated and awarded later.",
        marks=(),
        svg=finish(_money_spec(rows, sums), 42 * len(rows), "chart-money", title, f"{'; '.join(told)}."),
        columns=("Kind", "Amount", "Policies or documents"),
        rows=rows,
    )


def _money_spec(rows: Sequence[tuple[str, str, str]], sums: Sequence[MoneyRun]) -> Drawing:
    import altair as alt

    bars = [
        {"kind": kind, "number": float(one.year.total), "told": told}
        for (kind, told, _), one in zip(rows, sums, strict=True)
    ]
    base = alt.Chart(alt.InlineData(values=bars)).encode(
        y=alt.Y(
            "kind:N",
            sort=[kind for kind, _, _ in rows],
            axis=None,
            scale=alt.Scale(paddingInner=0.62, paddingOuter=0.4),
        ),
        x=alt.X(
            "number:Q",
            axis=None,
            scale=alt.Scale(domain=[0, max(float(one.year.total) for one in sums) or 1.0], nice=False),
        ),
    )
    lift: dict[str, Any] = {"dy": -15, "fontSize": 12, "baseline": "middle"}
    return plain(
        alt.layer(
            base.mark_bar(color=FIRST),
            base.mark_text(**lift, align="left", color=QUIET).encode(x=alt.value(0), text="kind:N"),
            base.mark_text(**lift, align="right", color=INK).encode(x=alt.value(WIDTH), text="told:N"),
        ).properties(width=WIDTH, height=42 * len(rows))
    )


def plain(chart: Drawing) -> Drawing:
    """Sizes are fixed, so that a drawing does not hang on the fonts of the machine that makes it."""
    fixed: Drawing = chart.properties(autosize={"type": "none"}, padding=0).configure_view(stroke=None)
    return fixed


def finish(chart: Drawing, height: int, key: str, title: str, told: str) -> Markup:
    """The drawing as one SVG element that a page can hold: described, without colours, links, scripts or styles."""
    import vl_convert

    drawn = etree.fromstring(vl_convert.vegalite_to_svg(chart.to_dict()).encode())
    figure = etree.Element(
        "svg",
        {"viewBox": f"0 0 {WIDTH} {height}", "role": "img", "aria-labelledby": f"{key}-title {key}-told"},
    )
    for tag, text in (("title", title), ("desc", told)):
        etree.SubElement(figure, tag, {"id": f"{key}-{'title' if tag == 'title' else 'told'}"}).text = text
    for child in drawn:
        _copy(child, figure)
    return Markup(etree.tostring(figure, encoding="unicode"))  # noqa: S704  # built above from an allow-list


def _copy(element: Any, into: Any) -> None:
    """Copy what is drawn; a group or shape that shows nothing is left out, and so is whatever is not in the lists."""
    tag = etree.QName(element).localname
    if tag not in _TAGS or element.get("display") == "none" or not _is_shown(element, tag):
        return
    colour = _CLASSES.get(element.get("fill")) or _CLASSES.get(element.get("stroke"))
    held = {name: _LONG_NUMBER.sub(_short, value) for name, value in element.attrib.items() if name in _ATTRIBUTES}
    made = etree.SubElement(into, tag, {**held, **({"class": colour} if colour else {})})
    made.text = element.text if tag == "text" else None
    for child in element:
        _copy(child, made)


def _is_shown(element: Any, tag: str) -> bool:
    if tag == "g":
        return any(
            etree.QName(child).localname in _TAGS and _is_shown(child, etree.QName(child).localname)
            for child in element
        )
    if tag == "text":
        return bool(element.text)
    return element.get("fill") in _CLASSES or element.get("stroke") in _CLASSES


def _short(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")

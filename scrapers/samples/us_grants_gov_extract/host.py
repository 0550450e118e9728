"""The bucket of daily extracts: a zip file with one XML file, every opportunity in it, synopses before forecasts.

Days are MMDDYYYY, amounts are text, descriptions are escaped once more than XML needs. Every day that is asked for has
the extract of the day the samples end, with what was posted by then.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from xml.sax.saxutils import escape

from aiohttp import web

from scrapers.samples.answers import text_answer
from scrapers.samples.host import SampleHost
from scrapers.samples.us_grants_gov.records import Opportunity

HOST = "prod-grants-gov-chatbot.s3.amazonaws.com"
NAMESPACE = "http://apply.grants.gov/system/OpportunityDetail-V1.0"
NO_SUCH_KEY = """<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>"""
_NAME = re.compile(r"GrantsDBExtract(\d{4})(\d{2})(\d{2})v2\.zip")


def sample_host(opportunities: Iterable[Opportunity]) -> SampleHost:
    """The host's answers; it has no rules for robots."""
    known = sorted(opportunities, key=lambda one: (one.doc_type == "forecast", one.id))

    async def extract(request: web.Request) -> web.Response:
        day = _day_of(request.match_info["name"])
        if day is None:
            return text_answer(NO_SUCH_KEY, status=404, content_type="application/xml")
        posted = [one for one in known if one.posted <= day]
        return web.Response(body=extract_file(posted, day), content_type="binary/octet-stream")

    async def no_such_key(_: web.Request) -> web.Response:
        return text_answer(NO_SUCH_KEY, status=404, content_type="application/xml")

    return SampleHost([web.get("/extracts/{name}", extract), web.get("/{rest:.*}", no_such_key)], robots=None)


def extract_file(opportunities: Iterable[Opportunity], day: date) -> bytes:
    """The zip file of a day; the same bytes for the same opportunities."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        entry = zipfile.ZipInfo(f"GrantsDBExtract{day:%Y%m%d}v2.xml", (day.year, day.month, day.day, 3, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, "".join(_document(opportunities)))
    return stream.getvalue()


def _document(opportunities: Iterable[Opportunity]) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<Grants xmlns="{NAMESPACE}">\n'
    for one in opportunities:
        kind = "Forecast" if one.doc_type == "forecast" else "Synopsis"
        tag = f"Opportunity{kind}Detail_1_0"
        fields = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in _fields(one, kind) if value)
        yield f"<{tag}>{fields}</{tag}>\n"
    yield "</Grants>"


def _fields(one: Opportunity, kind: str) -> Iterator[tuple[str, str]]:
    closes = "CloseDate" if kind == "Synopsis" else "EstimatedSynopsisCloseDate"
    updated = max((one.posted, *(revision["day"] for revision in one.revisions)))
    yield from (
        ("OpportunityID", str(one.id)),
        ("OpportunityTitle", one.title),
        ("OpportunityNumber", one.number),
        ("OpportunityCategory", "D"),
        ("FundingInstrumentType", one.instrument[0]),
        ("CategoryOfFundingActivity", one.category[0]),
    )
    yield from (("CFDANumbers", number) for number, _ in one.cfdas)
    yield from (
        ("EligibleApplicants", "99"),
        ("AgencyCode", one.agency_code),
        ("AgencyName", one.agency),
        ("PostDate", _digits(one.posted)),
        (closes, _digits(one.closes)),
        (f"{closes}Explanation", one.closes_note),
        ("LastUpdatedDate", _digits(updated)),
        ("AwardCeiling", one.ceiling or ""),
        ("AwardFloor", one.floor or ""),
        ("EstimatedTotalProgramFunding", one.estimated or ""),
        ("ExpectedNumberOfAwards", one.awards or ""),
        ("Description", one.description),
        ("Version", f"{kind} {len(one.revisions) + 1}"),
        ("CostSharingOrMatchingRequirement", "No"),
        ("ArchiveDate", _digits(one.archives)),
        ("FiscalYear", str(one.fiscal_year or "")),
        ("GrantorContactEmail", "sample@example.invalid"),
    )


def _digits(day: date | None) -> str:
    return "" if day is None else f"{day:%m%d%Y}"


def _day_of(name: str) -> date | None:
    match = _NAME.fullmatch(name)
    try:
        return match and date(*map(int, match.groups()))
    except ValueError:
        return None

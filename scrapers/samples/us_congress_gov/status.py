"""One BILLSTATUS file of schema 3.0.0, as govinfo gives it."""

from __future__ import annotations

from xml.sax.saxutils import escape

from scrapers.samples.us_congress_gov.records import Action, Bill


def write_status(bill: Bill) -> str:
    """The file of a bill; every third summary stands inside an element named cdata."""
    touched = f"{bill.updated:%Y-%m-%dT%H:%M:%SZ}"
    actions = "".join(_action(action) for action in reversed(bill.actions))
    law = f"<laws><item><type>Public Law</type><number>{bill.law}</number></item></laws>" if bill.law else ""
    subjects = "".join(f"<item><name>{escape(name)}</name></item>" for name in bill.subjects)
    html = f"<p><strong>{escape(bill.title)}</strong></p> <p>{escape(bill.summary)}</p>"
    text = f"<text><![CDATA[{html}]]></text>"
    if bill.number % 3 == 0:
        text = f"<cdata><text>{escape(html)}</text></cdata>"
    latest = bill.actions[-1]
    return f"""<?xml version="1.0" encoding="utf-8" standalone="no"?>
<billStatus>
  <version>3.0.0</version>
  <bill>
    <number>{bill.number}</number>
    <updateDate>{touched}</updateDate>
    <updateDateIncludingText>{touched}</updateDateIncludingText>
    <originChamber>{bill.chamber}</originChamber>
    <originChamberCode>{bill.chamber[0]}</originChamberCode>
    <type>{bill.kind}</type>
    <introducedDate>{bill.introduced}</introducedDate>
    <congress>{bill.congress}</congress>
    {_related(bill)}
    <actions>{actions}<item><type>Floor</type><actionCode>17000</actionCode><sourceSystem><code>9</code>\
<name>Library of Congress</name></sourceSystem></item></actions>
    {law}
    <policyArea><name>{escape(bill.area)}</name></policyArea>
    <subjects><legislativeSubjects>{subjects}</legislativeSubjects>\
<policyArea><name>{escape(bill.area)}</name></policyArea></subjects>
    <summaries><summary><versionCode>00</versionCode><actionDate>{bill.introduced}</actionDate>\
<actionDesc>Introduced in {bill.chamber}</actionDesc><updateDate>{touched}</updateDate>{text}</summary></summaries>
    <title>{escape(bill.title)}</title>
    <titles><item><titleType>Display Title</titleType><title>{escape(bill.title)}</title></item>\
<item><titleType>Official Title as Introduced</titleType><title>{escape(bill.official)}</title></item></titles>
    {_texts(bill)}
    <latestAction><actionDate>{latest.day}</actionDate><text>{escape(latest.text)}</text></latestAction>
  </bill>
  <dublinCore xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:format>text/xml</dc:format><dc:language>EN</dc:language>\
</dublinCore>
</billStatus>
"""


def _action(action: Action) -> str:
    hour = f"<actionTime>{action.hour}</actionTime>" if action.hour else ""
    code = f"<actionCode>{action.code}</actionCode>" if action.code else ""
    number, name = action.system
    system = (f"<code>{number}</code>" if number else "") + f"<name>{name}</name>"
    return (
        f"<item><actionDate>{action.day}</actionDate>{hour}<text>{escape(action.text)}</text><type>{action.kind}</type>"
        f"{code}<sourceSystem>{system}</sourceSystem></item>"
    )


def _related(bill: Bill) -> str:
    items = "".join(
        f"<item><title>{escape(title)}</title><congress>{congress}</congress><number>{number}</number>"
        f"<type>{kind}</type><relationshipDetails><item><type>Related bill</type><identifiedBy>CRS</identifiedBy>"
        "</item></relationshipDetails></item>"
        for congress, kind, number, title in bill.related
    )
    return f"<relatedBills>{items}</relatedBills>" if items else ""


def _texts(bill: Bill) -> str:
    """The printings: of a law the enrolled one, which has no day."""
    stem = f"BILLS-{bill.congress}{bill.kind.lower()}{bill.number}"
    code = "ih" if bill.chamber == "House" else "is"
    made = [(f"Introduced in {bill.chamber}", f"<date>{bill.introduced}T04:00:00Z</date>", stem + code)]
    if bill.law:
        made.insert(0, ("Enrolled Bill", "<date/>", f"{stem}enr"))
    items = "".join(
        f"<item><type>{name}</type>{day}<formats><item>"
        f"<url>https://www.govinfo.gov/content/pkg/{package}/xml/{package}.xml</url></item></formats></item>"
        for name, day, package in made
    )
    return f"<textVersions>{items}</textVersions>"

"""Sentences of our own in the styles that duties come in, and near misses: who, period, anchor, day and rhythm.

A row's duties are written "actor | period | anchor | due date | rhythm", an empty field for none.
"""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.enrich.obligations import TextDates, find_obligations

DATES = TextDates(signed=date(2031, 1, 31), published=date(2031, 2, 3), effective=date(2031, 3, 1))


def told(text: str, dates: TextDates = DATES) -> list[str]:
    return [
        f"{one.actor or ''} | {one.period or ''} | {one.anchor or ''} | {one.due_date or ''} | {one.recurring}"
        for one in find_obligations(text, dates)
    ]


ORDERS = [
    (
        "Within 60 days of the date of this order the Director shall issue a report.",
        "Director | P60D | order_date | 2031-04-01 | none",
    ),
    (
        "Within 120 days of this order agencies shall name a lead.",
        "agencies | P120D | order_date | 2031-05-31 | none",
    ),
    (
        "Sec. 3. Lists. Within 90 days of the date of this order:\n(a) the Secretary of Clocks shall list them; and\n"
        "(b) the Director of TIME shall count them.",
        "Secretary of Clocks; Director of TIME | P90D | order_date | 2031-05-01 | none",
    ),
    (
        "Thirty days after the date of this order, the Attorney General shall report to me.",
        "Attorney General | P30D | order_date | 2031-03-02 | none",
    ),
    (
        "The Attorney General shall, 90 days after the date of this order, report to me.",
        "Attorney General | P90D | order_date | 2031-05-01 | none",
    ),
    (
        "The Secretary of Labor shall submit, no later than 45 days from the date hereof, a plan to the President.",
        "Secretary of Labor | P45D | order_date | 2031-03-17 | none",
    ),
    (
        "The Secretary of Education shall, within 30 days of the date of this order and semiannually thereafter, "
        "publish the tally.",
        "Secretary of Education | P30D | order_date | 2031-03-02 | other",
    ),
    (
        "The Task Force shall complete its plan as soon as possible, but in no event later than 14 days after the "
        "date of this order.",
        "Task Force | P14D | order_date | 2031-02-14 | none",
    ),
    (
        "Agencies (except for the Department of Clocks; and the Board) shall report within 30 days of the date of "
        "this order.",
        "Agencies (except for the Department of Clocks, and the Board) | P30D | order_date | 2031-03-02 | none",
    ),
    (
        "The Secretary of State (or the Secretary's designee) and the Secretary of Clocks (through the Office of "
        "Dials and the Office of Hands) shall meet within 30 days of this order.",
        "Secretary of State; Secretary of Clocks | P30D | order_date | 2031-03-02 | none",
    ),
    (
        "The Administrator shall report annually to the President and, within 30 days of any change of the plan, tell "
        "the Board.",
        "Administrator | P1Y |  |  | annual",
        "Administrator | P30D | prior_action:any change of the plan |  | none",
    ),
    (
        "By April 15th, 2031, the Director shall publish the list.",
        "Director |  | fixed_date | 2031-04-15 | none",
    ),
    (
        "Not later than Dec. 1, 2031, the Council shall vote on it.",
        "Council |  | fixed_date | 2031-12-01 | none",
    ),
    (
        "The Council shall vote on it on or before 11/30/2031.",
        "Council |  | fixed_date | 2031-11-30 | none",
    ),
    (
        "The Council shall vote on it on or before 12/01/2031.",
        "Council |  | prior_action:12/01/2031 |  | none",
    ),
    (
        "Within 45 days of receiving the report described in section 3 of this order, the Director shall answer it.",
        "Director | P45D | prior_action:receiving the report described in section 3 of this order |  | none",
    ),
    (
        "Each agency shall submit to the Director of TIME a list within 30 days of the date of this "
        "order; within 90 days of the date of this order, the Director of TIME shall publish it.",
        "agencies | P30D | order_date | 2031-03-02 | none",
        "Director of TIME | P90D | order_date | 2031-05-01 | none",
    ),
]
MEMOS = [
    (
        "Agencies must:\n\na. within 60 days of the date of this memorandum, designate an officer;\n"
        "b. within 90 days of the date of this memorandum, convene a board.",
        "Agencies | P60D | order_date | 2031-04-01 | none",
        "Agencies | P90D | order_date | 2031-05-01 | none",
    ),
    (
        "Each agency must:\n- within 60 days of the issuance of this memorandum, name an officer;\n"
        "- by no later than December 1, 2031, publish a plan.",
        "agencies | P60D | order_date | 2031-04-01 | none",
        "agencies |  | fixed_date | 2031-12-01 | none",
    ),
    (
        "Agencies have 60 days from the issuance of this memorandum to submit a plan.",
        "Agencies | P60D | order_date | 2031-04-01 | none",
    ),
    (
        "The CAIO must update the list semiannually.",
        "CAIO | P6M |  |  | other",
    ),
    (
        "The Office shall submit a semi-annual report to the Council.",
        "Office | P6M |  |  | other",
    ),
    (
        "Each agency must review its waivers biannually.",
        "agencies | P6M |  |  | other",
    ),
    (
        "A report is due from each agency no later than 100 days after the issuance of this memorandum.",
        "agencies | P100D | order_date | 2031-05-11 | none",
    ),
    (
        "Effective 180 days after the issuance of this memorandum, agencies must use the form.",
        "agencies | P180D | order_date | 2031-07-30 | none",
    ),
    (
        "Beginning March 31, 2032, and annually thereafter, agencies must post an inventory.",
        "agencies |  | fixed_date | 2032-03-31 | annual",
    ),
    (
        "Agencies are responsible for posting the inventory by 30 September 2031.",
        "Agencies |  | fixed_date | 2031-09-30 | none",
    ),
    (
        "No later than 270 days following the issuance of this memorandum and every two years thereafter until 2036, "
        "each agency must send its plan to OMB.",
        "agencies | P270D | order_date | 2031-10-28 | other",
    ),
    (
        "Agencies must notify OMB within 30 days of granting a waiver, and must report annually on all waivers.",
        "Agencies | P30D | prior_action:granting a waiver |  | none",
        "Agencies | P1Y |  |  | annual",
    ),
    (
        "Each agency, other than a clock of the Crown, must post its plan within 90 days of the issuance "
        "of this memorandum.",
        "agencies | P90D | order_date | 2031-05-01 | none",
    ),
    (
        "Agencies must send their plans within 180 days of the issuance of this memorandum, and every two "
        "years thereafter until 2036.",
        "Agencies | P180D | order_date | 2031-07-30 | other",
    ),
    (
        "Beginning on October 1, 2031, agencies must include the terms in every contract.",
        "agencies |  | fixed_date | 2031-10-01 | none",
    ),
    (
        "Within 14 calendar days of the end of each quarter, contractors must report the incidents to the "
        "contracting officer.",
        "contractors | P14D | prior_action:the end of each quarter |  | quarterly",
    ),
]
STATUTES = [
    (
        "Not later than 90 days after the date of enactment of this Act the Secretary shall publish a notice.",
        "Secretary | P90D | order_date | 2031-05-01 | none",
    ),
    (
        "SEC. 4. LISTS.\n(a) In General.--Not later than 90 days after the date of enactment of this Act--\n"
        "(1) the Secretary shall make a list; and\n(2) the Director of the Bureau shall print it.",
        "Secretary; Director of the Bureau | P90D | order_date | 2031-05-01 | none",
    ),
    (
        "The Administrator shall:\n(1) not later than 30 days after the date of the enactment of this Act, begin; and\n"
        "(2) not later than 1 year after such date of enactment, end.",
        "Administrator | P30D | order_date | 2031-03-02 | none",
        "Administrator | P1Y | order_date | 2032-01-31 | none",
    ),
    (
        "The Secretary of Defense shall submit to the congressional defense committees a report not later than "
        "July 1, 2031, and on July 1 of each year thereafter.",
        "Secretary of Defense |  | fixed_date | 2031-07-01 | annual",
    ),
    (
        "Not later than March 1 of each of fiscal years 2032 through 2035, the Under Secretary shall brief them.",
        "Under Secretary | P1Y | fixed_date |  | annual",
    ),
    (
        "Not later than 30 days after the end of each fiscal quarter, the Comptroller shall publish the sums.",
        "Comptroller | P30D | prior_action:the end of each fiscal quarter |  | quarterly",
    ),
    (
        "Not later than 180 days after the date of enactment of the Clocks Act of 2019, the Bureau shall act.",
        "Bureau | P180D | prior_action:the date of enactment of the Clocks Act of 2019 |  | none",
    ),
    (
        "Beginning 2 years after the date of enactment of this Act, each covered entity shall file a return.",
        "covered entities | P2Y | order_date | 2033-01-31 | none",
    ),
    (
        "The Inspector General shall, not less frequently than once every 180 days, audit the fund.",
        "Inspector General | P180D |  |  | other",
    ),
    (
        "Not later than 15 days before awarding a grant, the Secretary shall notify the Committee.",
        "Secretary | P15D | before:awarding a grant |  | none",
    ),
    (
        "Within 28 days of receipt of the notice the provider must respond.",
        "provider | P28D | prior_action:receipt of the notice |  | none",
    ),
    (
        "Not later than 30 days after the Secretary approves the plan the Commissioner of Dials shall publish it.",
        "Commissioner of Dials | P30D | prior_action:the Secretary approves the plan |  | none",
    ),
    (
        "A developer shall report an incident to the Office within 15 days of the incident, or within 24 hours if it "
        "endangers life.",
        "developer | P15D | prior_action:the incident |  | none",
        "developer | PT24H | prior_action:it endangers life |  | none",
    ),
    (
        "The deployer shall retain the log for not less than six months.",
        "deployer | P6M |  |  | none",
    ),
    (
        "Commencing January 1, 2032, a large developer shall, on an annual basis, retain an auditor.",
        "large developer | P1Y | fixed_date |  | annual",
    ),
    (
        "No later than the 30th day after receiving the notice, the developer shall mend the clock.",
        "developer | P30D | prior_action:receiving the notice |  | none",
    ),
    (
        "Not later than 180 days after the date of the enactment of this Act, and every 180 days "
        "thereafter until December 31, 2035, the Secretary of Defense, in coordination with the Director "
        "of National Clocks, shall give the appropriate committees a briefing.",
        "Secretary of Defense | P180D | order_date | 2031-07-30 | other",
    ),
    (
        "The Director shall, as soon as practicable but not later than the end of the 2-year period "
        "beginning on the date of enactment of this Act, issue standards.",
        "Director | P2Y | order_date | 2033-01-31 | none",
    ),
    (
        "Not later than two years after the effective date of this Act, and every two years thereafter, "
        "the department shall report to the legislature.",
        "department | P2Y | effective_date | 2033-03-01 | other",
    ),
]
UNITED_KINGDOM = [
    (
        "The Secretary of State must, before the end of the period of 28 days beginning with the day on which this "
        "Act is passed, publish a statement.",
        "Secretary of State | P28D | order_date | 2031-02-27 | none",
    ),
    (
        "OFCOM must publish the report no later than the end of the period of 6 months beginning with the day on "
        "which the request is received.",
        "OFCOM | P6M | prior_action:the day on which the request is received |  | none",
    ),
    (
        "Within 12 months of this section coming into force, the Secretary of State must lay a report before "
        "Parliament.",
        "Secretary of State | P12M | effective_date |  | none",
    ),
    (
        "The Secretary of State must lay a report before Parliament within 12 months of the day on which this Act "
        "comes into force.",
        "Secretary of State | P12M | effective_date | 2032-03-01 | none",
    ),
    (
        "The Authority must publish a code before the end of the period of 18 months beginning with the coming into "
        "force of section 12.",
        "Authority | P18M | prior_action:the coming into force of section 12 |  | none",
    ),
    (
        "By 1 March 2032 the Secretary of State must publish guidance.",
        "Secretary of State |  | fixed_date | 2032-03-01 | none",
    ),
    (
        "The Commissioner must publish guidance by 30th September 2031.",
        "Commissioner |  | fixed_date | 2031-09-30 | none",
    ),
    (
        "The regulator must publish its strategy on or before the 1st of May 2031.",
        "regulator |  | fixed_date | 2031-05-01 | none",
    ),
    (
        "The Minister must lay the order within five sitting days.",
        "Minister | P5D |  |  | none",
    ),
    (
        "The Board must send its accounts to the Auditor General by no later than 31 March each year.",
        "Board | P1Y | fixed_date |  | annual",
    ),
    (
        "The Commissioner must prepare a report as soon as practicable after the end of each financial year.",
        "Commissioner | P1Y |  |  | annual",
    ),
    (
        "The provider must give the notice within the period of 14 days beginning with the day on which the breach "
        "is found.",
        "provider | P14D | prior_action:the day on which the breach is found |  | none",
    ),
    (
        "The Authority must publish a revised list at least once in every period of 3 years.",
        "Authority | P3Y |  |  | other",
    ),
    (
        "Subsequent reports must be published by the Board at intervals not exceeding five years.",
        "Board | P5Y |  |  | other",
    ),
    (
        "Within 14 days beginning with the day on which the order is made, it must be laid before "
        "Parliament by the Minister.",
        "Minister | P14D | prior_action:the day on which the order is made |  | none",
    ),
    (
        "The Board must review the code at least once every two years and, within 3 months of each "
        "review, publish the outcome.",
        "Board | P2Y |  |  | other",
        "Board | P3M | prior_action:each review |  | none",
    ),
    (
        "Where OFCOM give a notice, the provider must, before the end of the period of 10 working days "
        "beginning with the day on which the notice is given, comply with it.",
        "provider | P10D | prior_action:the day on which the notice is given |  | none",
    ),
]
UNION = [
    (
        "By 2 August 2032, the Commission shall assess the need and shall report on it.",
        "Commission |  | fixed_date | 2032-08-02 | none",
    ),
    (
        "By 2 August 2032 and every four years thereafter, the Commission shall submit a report to Parliament.",
        "Commission |  | fixed_date | 2032-08-02 | other",
    ),
    (
        "From 2 August 2031, providers must label it.",
        "providers |  | fixed_date | 2031-08-02 | none",
    ),
    (
        "The provider shall, for a period ending 10 years after the system has been placed on the market, keep the "
        "file at the disposal of the authorities.",
        "provider | P10Y | prior_action:the system has been placed on the market |  | none",
    ),
    (
        "Member States shall, no later than 24 months after the entry into force of this Regulation, name an "
        "authority.",
        "Member States | P24M | effective_date | 2033-03-01 | none",
    ),
    (
        "Providers of models placed on the market before 2 August 2031 shall take the steps needed by 2 August 2033.",
        "Providers of models placed on the market before 2 August 2031 |  | fixed_date | 2033-08-02 | none",
    ),
    (
        "Providers shall notify the Commission without delay and in any event within two weeks after that "
        "requirement is met.",
        "Providers | P2W | prior_action:that requirement is met |  | none",
    ),
    (
        "The Commission shall evaluate the list once a year.",
        "Commission | P1Y |  |  | annual",
    ),
    (
        "The market surveillance authority shall report to the Commission at least once every 3 years.",
        "market surveillance authority | P3Y |  |  | other",
    ),
    (
        "Member States shall report on their means at the latest on 2 August 2031 and every two years thereafter.",
        "Member States |  | fixed_date | 2031-08-02 | other",
    ),
    (
        "Member States shall ensure that their authorities set up at least one sandbox, which shall be "
        "operational by 2 August 2032.",
        "Member States |  | fixed_date | 2032-08-02 | none",
    ),
    (
        "Importers shall keep, for a period of 10 years after the system has been placed on the market, a "
        "copy of the file.",
        "Importers | P10Y | prior_action:the system has been placed on the market |  | none",
    ),
    (
        "By 2 February 2032 and every year thereafter, the Commission shall evaluate the list.",
        "Commission |  | fixed_date | 2032-02-02 | annual",
    ),
]
GUIDANCE = [
    (
        "Deputy heads are responsible for:\n\n6.1.1 completing the assessment within 90 days of the issuance of this "
        "directive.",
        "Deputy heads | P90D | order_date | 2031-05-01 | none",
    ),
    (
        "Institutions must review the assessment every 18 months.",
        "Institutions | P18M |  |  | other",
    ),
    (
        "The Department will publish its response by 30 June 2031.",
        "Department |  | fixed_date | 2031-06-30 | none",
    ),
    (
        "Departments should submit the return at quarterly intervals.",
        "Departments | P3M |  |  | quarterly",
    ),
    (
        "\u2022 Each department shall publish a record by 1 October 2031.\n\u2022 Each agency shall review it "
        "each year.",
        "departments |  | fixed_date | 2031-10-01 | none",
        "agencies | P1Y |  |  | annual",
    ),
    (
        "This directive will be reviewed by the Clocks Board Secretariat every two years.",
        "Clocks Board Secretariat | P2Y |  |  | other",
    ),
    (
        "The list must be published by the Secretary of Clocks by 1 May 2031.",
        "Secretary of Clocks |  | fixed_date | 2031-05-01 | none",
    ),
    (
        "Suppliers must report any incident to the buyer within 2 working days.",
        "Suppliers | P2D |  |  | none",
    ),
]
NOTHING = [
    "On May 5, 2031, the Committee will meet in the hall.",
    "GDP will grow by 2 percent annually.",
    "China will lead in AI by 2035.",
    "The market should double within 5 years.",
    "AI will be used in every hospital within 10 years.",
    "Companies will spend twice as much by 2035.",
    "The agency will likely grow by 3 percent each year.",
    "Comments must be submitted by March 15, 2031.",
    "Requests to speak must be submitted by March 15, 2031.",
    "Written comments on the proposal must be due 30 days after publication in the Federal Register.",
    "Interested parties should submit comments by March 15, 2031.",
    "Comments are due by March 15, 2031.",
    "Applications must be received by 5 May 2031.",
    "The Secretary may, within 60 days of the date of this order, extend it.",
    "If the Secretary has not decided within 30 days, the application shall be deemed granted.",
    "This Act shall take effect 180 days after the date of enactment of this Act.",
    "The applicant shall have 30 days from receipt of the notice to appeal.",
    "Since March 2030 the Board has met monthly.",
    "The report that was due by March 1, 2031 told of clocks.",
    "Prices rose within 90 days of the date of this order.",
    "The Office received 300 comments within 30 days.",
    "The amendments made by this section shall apply to years beginning after December 31, 2031.",
    "From 2 August 2031, the old form is gone.",
    "Experts expect that the sector will reach $1 trillion by 2035.",
    "In the previous 12 months, the Board should have met.",
    "The Director is authorized to act within 30 days of this order.",
    "The Secretary shall award not more than 5 grants each fiscal year.",
    "Analysts say data centers will use 9 percent of power by 2035.",
    "Codes of practice shall be ready at the latest by 2 May 2032.",
    "The Director shall update any plan that was completed by 1 May 2031.",
    "Responses should be emailed by 5 May 2031.",
    "The term of office of each member shall be 3 years.",
    "Funds shall remain available until September 30, 2032.",
    "No person shall be held for more than 30 days.",
    "This Regulation shall apply from 2 August 2032.",
    "An application not decided within 60 days shall be deemed approved.",
]


@pytest.mark.parametrize("row", [*ORDERS, *MEMOS, *STATUTES, *UNITED_KINGDOM, *UNION, *GUIDANCE])
def test_duties__are_read_in_every_style(row: tuple[str, ...]) -> None:
    assert told(row[0]) == list(row[1:])


@pytest.mark.parametrize("text", NOTHING)
def test_forecasts_comment_periods_and_leave__are_no_duties(text: str) -> None:
    assert told(text) == []


def test_unknown_days__leave_the_due_date_open() -> None:
    unknown = TextDates()
    assert told("By 1 May 2031 the Board must act.", unknown) == ["Board |  | fixed_date | 2031-05-01 | none"]
    for text in (
        "Within 12 months of this section coming into force, the Board must act.",
        "Within 90 days of the date of this order the Board shall act.",
    ):
        assert [row.split(" | ")[3] for row in told(text, unknown)] == [""]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Within two years of Royal Assent, the Secretary of State shall publish a report on barns.",
            "Secretary of State | P2Y | order_date | 2033-01-31 | none",
        ),
        (
            "The Secretary of State must lay a report on barns within 3 years after Royal Assent.",
            "Secretary of State | P3Y | order_date | 2034-01-31 | none",
        ),
        (
            "Not later than 18 months after enactment, the Secretary shall submit a plan for barns.",
            "Secretary | P18M | order_date | 2032-07-31 | none",
        ),
        (
            "Not later than 18 months after enactment of the Hay Act, the Secretary shall submit a plan.",
            "Secretary | P18M | prior_action:enactment of the Hay Act |  | none",
        ),
        (
            "The report is due to Congress no later than 100 days after the date of this order.",
            " | P100D | order_date | 2031-05-11 | none",
        ),
        (
            "A compliance plan is due within 180 days of the issuance of this memorandum.",
            " | P180D | order_date | 2031-07-30 | none",
        ),
        ("Reports are due annually on March 1.", " | P1Y |  |  | annual"),
        (
            "The Board shall write a report on barns. The report is due within 30 days of the date of this order.",
            "Board | P30D | order_date | 2031-03-02 | none",
        ),
        ("The agency must publish a plan by September 2032.", "agency |  | fixed_date |  | none"),
        ("The agency must publish a plan by the end of 2032.", "agency |  | fixed_date | 2032-12-31 | none"),
        ("By spring 2032, the agency must publish a plan.", "agency |  | fixed_date |  | none"),
        ("The Board shall fine the owner. The fine shall be paid within 30 days.", " | P30D |  |  | none"),
    ],
)
def test_open_anchors_and_things_that_are_due(text: str, expected: str) -> None:
    assert told(text)[-1] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Exports shall reach record levels by 2040.",
        "Inflation shall average 2 percent annually.",
        "Agencies will save $2 billion annually.",
        "Agencies will save an estimated 400 hours annually.",
        "The United States will lead the world in hay by 2040.",
        "Congress finds that every agency must modernise its barns within 5 years.",
        "It is the sense of Congress that each agency should repair its barns within 5 years.",
        "The Secretary shall have the authority to inspect barns within 30 days of a complaint.",
        "The Board shall have full discretion to close a barn within 30 days.",
        "Comments are due by May 5, 2031.",
        "The rent is due annually on March 1.",
    ],
)
def test_forecasts_findings_and_powers__are_no_duties(text: str) -> None:
    assert told(text) == []

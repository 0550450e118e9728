"""Duties in the wordings of orders, memoranda, statutes, codes of States and laws of Europe, in sentences of our own.

A row's duties are written "actor | period | anchor | due date | rhythm", an empty field for none.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pipelines.enrich.anchors import own_names
from pipelines.enrich.obligations import TextDates, find_obligations

DATES = TextDates(signed=date(2031, 1, 31), published=date(2031, 2, 3), effective=date(2031, 3, 1))


def told(text: str, dates: TextDates = DATES) -> list[str]:
    return [
        f"{one.actor or ''} | {one.period or ''} | {one.anchor or ''} | {one.due_date or ''} | {one.recurring}"
        for one in find_obligations(text, dates)
    ]


DUTIES = [
    *(
        (f"The grantee shall file the report {wording} June 14, 2032.", "grantee |  | fixed_date | 2032-06-14 | none")
        for wording in (
            "no later than 5:00 p.m. local time on",
            "by 5 p.m. EST on",
            "by 5 p.m. Eastern Time on",
            "by 5:00 p.m. (Eastern Time) on Monday,",
            "by 11:59 pm ET,",
            "not later than midnight Eastern Daylight Time (EDT) on",
            "by noon, Pacific time, on",
            "by 17:00 Brussels time on",
        )
    ),
    *(
        (f"The agency shall brief the Board on {wording} basis.", f"agency | {period} |  |  | {rhythm}")
        for wording, period, rhythm in (
            ("at least a quarterly", "P3M", "quarterly"),
            ("at least an annual", "P1Y", "annual"),
            ("at least a semi-annual", "P6M", "other"),
            ("no less than a monthly", "P1M", "monthly"),
            ("a biennial", "P2Y", "other"),
            ("a weekly", "P1W", "other"),
        )
    ),
    *(
        (
            f"{says} that each facility {must} report by March 31 of each year.",
            "facilities | P1Y | fixed_date |  | annual",
        )
        for says in ("The EPA proposes", "EPA is proposing", "The agency is proposing to require", "The rule requires")
        for must in ("must", "would be required to")
    ),
    (
        "BIS proposes that U.S. clock providers must report within 15 days.",
        "U.S. clock providers | P15D |  |  | none",
    ),
    (
        "Six months after this Regulation enters into force, the Commission shall report.",
        "Commission | P6M | effective_date | 2031-09-01 | none",
    ),
    *(
        (f"{duty} the Director to report to Congress annually.", "Director | P1Y |  |  | annual")
        for duty in ("It shall be the duty of", "It is the responsibility of", "It is also the duty of")
    ),
    ("The Director is under a duty to report annually.", "Director | P1Y |  |  | annual"),
    ("The Director has a duty to report annually.", "Director | P1Y |  |  | annual"),
    *(
        (
            f"Within 30 days of the date of this order, the {who} shall report.",
            f"{who} | P30D | order_date | 2031-03-02 | none",
        )
        for who in (
            "registrant",
            "awardee",
            "sponsor",
            "petitioner",
            "permittee",
            "subrecipient",
            "assignee",
            "consignee",
            "taxpayer",
            "employee",
            "servicer",
            "ministry",
            "undertaking",
            "beneficiary",
            "custodian",
            "transferee",
        )
    ),
    (
        "If the Board considers it necessary, it shall, within two months of receipt of the notice, adopt a decision.",
        "Board | P2M | prior_action:receipt of the notice |  | none",
    ),
    (
        "Where a provider of clocks finds that a bell is broken, it shall within 15 days inform the buyer.",
        "provider of clocks | P15D |  |  | none",
    ),
    (
        "Annually, beginning on January 1, 2032, a large developer shall publish a summary.",
        "large developer |  | fixed_date | 2032-01-01 | annual",
    ),
    (
        "Beginning not later than 90 days after the date of enactment of this Act, the Director of "
        "the Bureau shall run a prize contest.",
        "Director of the Bureau | P90D | order_date | 2031-05-01 | none",
    ),
    (
        "Commencing no later than 1 year after the date of the enactment of this Act, and annually "
        "thereafter, the Secretary of Energy shall brief the committees.",
        "Secretary of Energy | P1Y | order_date | 2032-01-31 | annual",
    ),
    (
        "Starting not later than January 1, 2032, the Administrator shall publish the logs.",
        "Administrator |  | fixed_date | 2032-01-01 | none",
    ),
    (
        "By 180 days after the date of this order, agencies shall comply with section 2.",
        "agencies | P180D | order_date | 2031-07-30 | none",
    ),
    (
        "Agencies shall, by 45 days from the date of this order, name a lead.",
        "Agencies | P45D | order_date | 2031-03-17 | none",
    ),
    (
        "By the date that is 120 days after the date of this order, the Secretary of Labor shall post a list.",
        "Secretary of Labor | P120D | order_date | 2031-05-31 | none",
    ),
    (
        "No later than the date that is 1 year after the date of enactment of this Act, the "
        "Commission shall adopt rules.",
        "Commission | P1Y | order_date | 2032-01-31 | none",
    ),
    (
        "On or before the 90th day after the effective date of this Act, the department shall adopt rules.",
        "department | P90D | effective_date | 2031-05-30 | none",
    ),
    (
        "Not later than the 60th day after the date of the hearing, the council shall send a summary to the governor.",
        "council | P60D | prior_action:the date of the hearing |  | none",
    ),
    (
        "On or before 60 days after the date of enactment of this Act, the Comptroller General shall start the study.",
        "Comptroller General | P60D | order_date | 2031-04-01 | none",
    ),
    (
        "Prior to 30 days after the date of this order, the Attorney General shall name a task force.",
        "Attorney General | P30D | order_date | 2031-03-02 | none",
    ),
    (
        "Accordingly, I direct that the Secretary of Energy complete the review within 120 days of "
        "the date of this order.",
        "Secretary of Energy | P120D | order_date | 2031-05-31 | none",
    ),
    (
        "I further direct that all agency heads review their rules within 60 days of the date of this order.",
        "agency heads | P60D | order_date | 2031-04-01 | none",
    ),
    (
        "I hereby order that each agency submit its plan no later than May 1, 2031.",
        "agencies |  | fixed_date | 2031-05-01 | none",
    ),
    (
        "I require that, within 30 days of the date of this memorandum, the Director of the Office "
        "of Clocks report to me.",
        "Director of the Office of Clocks | P30D | order_date | 2031-03-02 | none",
    ),
    (
        "It is further ordered that the State Auditor deliver the inventory within 90 days of the date of this order.",
        "State Auditor | P90D | order_date | 2031-05-01 | none",
    ),
    (
        "This memorandum directs the Secretary of Defense to publish a plan within 150 days of its date.",
        "Secretary of Defense | P150D | prior_action:its date |  | none",
    ),
    (
        "This order requires that the heads of executive departments and agencies designate an "
        "officer by June 1, 2031.",
        "heads of executive departments and agencies |  | fixed_date | 2031-06-01 | none",
    ),
    (
        "I am directing the Secretary of Commerce, within 90 days of the date of this memorandum, to propose rules.",
        "Secretary of Commerce | P90D | order_date | 2031-05-01 | none",
    ),
    (
        "The Secretary of State is hereby directed to publish this memorandum within 10 days of its signature.",
        "Secretary of State | P10D | prior_action:its signature |  | none",
    ),
    (
        "The Governor shall, on or before the first day of October of each year, transmit a report.",
        "Governor | P1Y | fixed_date |  | annual",
    ),
    (
        "Not later than October 1 of each year, the Board shall file its accounts.",
        "Board | P1Y | fixed_date |  | annual",
    ),
    (
        "By the fifteenth day of March each year the office shall post the tally.",
        "office | P1Y | fixed_date |  | annual",
    ),
    (
        "The agency shall submit the list annually, on or before January 31.",
        "agency | P1Y | fixed_date |  | annual",
    ),
    (
        "By December 31, 2031, and each December 31 thereafter, the department shall publish a register.",
        "department |  | fixed_date | 2031-12-31 | annual",
    ),
    (
        "Not later than March 1, 2032, and each year thereafter, the Secretary of Energy shall report.",
        "Secretary of Energy |  | fixed_date | 2032-03-01 | annual",
    ),
    (
        "On or before July 1, 2032, and every July 1 thereafter, the agency shall report.",
        "agency |  | fixed_date | 2032-07-01 | annual",
    ),
    (
        "On or before January 1, 2032, and on January 1 of every odd-numbered year thereafter, the "
        "office shall report.",
        "office |  | fixed_date | 2032-01-01 | other",
    ),
    (
        "The contractor shall report on or before the 10th day of each month.",
        "contractor | P1M | fixed_date |  | monthly",
    ),
    (
        "By the end of fiscal year 2032, the Secretary of Energy shall open three centers.",
        "Secretary of Energy |  | fixed_date | 2032-09-30 | none",
    ),
    (
        "Not later than the end of calendar year 2031, the Director shall complete the review.",
        "Director |  | fixed_date | 2031-12-31 | none",
    ),
    (
        "Before the end of 2031, the Council shall publish a plan.",
        "Council |  | fixed_date | 2031-12-31 | none",
    ),
    (
        "The Commission shall adopt guidelines by the end of March 2032.",
        "Commission |  | fixed_date | 2032-03-31 | none",
    ),
    (
        "Agencies must retire such systems no later than the end of FY 2033.",
        "Agencies |  | fixed_date | 2033-09-30 | none",
    ),
    (
        "The Director shall, by the end of the second quarter of fiscal year 2032, publish the results.",
        "Director |  | fixed_date | 2032-03-31 | none",
    ),
    (
        "We will set out our response by spring 2032.",
        "We |  | fixed_date |  | none",
    ),
    (
        "The Secretary shall report by 2034.",
        "Secretary |  | fixed_date |  | none",
    ),
    (
        "Within 150 days of the date of this order, the Secretary of Clocks, acting through the "
        "Director of Dials; the Secretary of Energy; and the Director of the National Hand "
        "Foundation (NHF) shall each fund research.",
        "Secretary of Clocks; Secretary of Energy; Director of the National Hand Foundation (NHF) | "
        "P150D | order_date | 2031-06-30 | none",
    ),
    (
        "The Secretary of Clocks; the Secretary of Labor, in consultation with the Chair of the "
        "Board; and the Administrator of General Services shall, within 60 days of the date of this "
        "order, meet.",
        "Secretary of Clocks; Secretary of Labor; Administrator of General Services | P60D | "
        "order_date | 2031-04-01 | none",
    ),
    (
        "The Director shall issue a list; and the Board shall approve it within 30 days of its issue.",
        "Board | P30D | prior_action:its issue |  | none",
    ),
    (
        "The report referred to in paragraph 1 shall be made not later than 15 days after the "
        "provider or, where applicable, the deployer, becomes aware of the incident.",
        "provider; deployer | P15D | prior_action:the provider or, where applicable, the deployer, "
        "becomes aware of the incident |  | none",
    ),
    (
        "The notification shall be made within 72 hours after the operator discovers the breach.",
        "operator | PT72H | prior_action:the operator discovers the breach |  | none",
    ),
    (
        "The council shall meet not fewer than 4 times per year.",
        "council | P3M |  |  | quarterly",
    ),
    (
        "The task force shall meet at least three times a year.",
        "task force | P4M |  |  | other",
    ),
    (
        "The board shall meet at least four times annually.",
        "board | P3M |  |  | quarterly",
    ),
    (
        "The committee shall convene no fewer than twice each calendar year.",
        "committee | P6M |  |  | other",
    ),
    (
        "The Secretary shall update the list at least once every 24 months.",
        "Secretary | P24M |  |  | other",
    ),
    (
        "Beginning January 1, 2032, the office shall annually produce a report.",
        "office | P1Y | fixed_date |  | annual",
    ),
    (
        "Commencing on July 1, 2031, and on a quarterly basis thereafter, contractors shall report.",
        "contractors |  | fixed_date | 2031-07-01 | quarterly",
    ),
    (
        "SEC. 2. Section 11546 is added, to read:\n22999.1. On or before January 1, 2033, and "
        "annually thereafter, the Department of Dials shall assess it.\n11999.8. (g) On or before "
        "January 1, 2032, the Agency of Hands shall submit a report to the Legislature.\n(h) This "
        "section shall remain in effect only until January 1, 2034.",
        "Department of Dials |  | fixed_date | 2033-01-01 | annual",
        "Agency of Hands |  | fixed_date | 2032-01-01 | none",
    ),
    (
        "22999.1. (a) A developer shall post a policy. 22999.2. (b) On or before January 1, 2032, "
        "the Agency of Hands shall report.",
        "Agency of Hands |  | fixed_date | 2032-01-01 | none",
    ),
    (
        "6-1-1899. Duties. (1) On and after June 1, 2032, a developer shall notify the attorney "
        "general no later than ninety days after the discovery.",
        "developer | P90D | prior_action:the discovery |  | none",
    ),
    (
        "SECTION 1. SHORT TITLE.\nThis Act may be cited as the \u201cClocks in Elections Act of 2031\u201d.\n"
        "SEC. 2. REPORTS.\nNot later than 90 days after the date of enactment of the Clocks in "
        "Elections Act of 2031, the Commission shall report.",
        "Commission | P90D | order_date | 2031-05-01 | none",
    ),
    (
        "Not later than 90 days after the date of enactment of the Dials Act of 2019, the Commission shall report.",
        "Commission | P90D | prior_action:the date of enactment of the Dials Act of 2019 |  | none",
    ),
    (
        "This title may be cited as the ``Hands Act''. Not later than 1 year after the date of the "
        "enactment of the Hands Act, the Board shall publish it.",
        "Board | P1Y | order_date | 2032-01-31 | none",
    ),
    (
        "This memorandum sets rules. Agencies should update any existing principles by no later than "
        "270 days after issuance.",
        "Agencies | P270D | order_date | 2031-10-28 | none",
    ),
    (
        "135 Assessment\n(1) The Secretary of State must, before the end of the period of 9 months "
        "beginning with the day on which this Act is passed\u2014\n(a) prepare a list, and\n(b) publish it.\n"
        "136 Offence\n(1) OFCOM must publish a report within the period of 18 months beginning with "
        "the day on which section 1 comes into force.\n(2) A person commits an offence if the person "
        "fails to answer within 14 days.",
        "Secretary of State | P9M | order_date | 2031-10-30 | none",
        "OFCOM | P18M | prior_action:the day on which section 1 comes into force |  | none",
    ),
    (
        "The Secretary of State must from time to time, and at least once in every period of 3 years, lay a report.",
        "Secretary of State | P3Y |  |  | other",
    ),
    (
        "The regulator must, by the end of 31 March 2032, publish its strategy.",
        "regulator |  | fixed_date | 2032-03-31 | none",
    ),
    (
        "The Secretary of State must, no later than 12 months after the day on which this Act is "
        "passed, lay a report before Parliament.",
        "Secretary of State | P12M | order_date | 2032-01-31 | none",
    ),
    (
        "The Commission shall, by 2 August 2031 and every three years thereafter, evaluate this Regulation.",
        "Commission |  | fixed_date | 2031-08-02 | other",
    ),
    (
        "Within three months of the entry into force of this Regulation, each Member State shall "
        "notify the Commission of the authorities.",
        "Member State | P3M | effective_date | 2031-06-01 | none",
    ),
    (
        "Providers shall inform the authority without undue delay and in any event within 10 days of "
        "becoming aware of the risk.",
        "Providers | P10D | prior_action:becoming aware of the risk |  | none",
    ),
    (
        "By no later than 12 months from the date of application of this Regulation, the Board shall issue an opinion.",
        "Board | P12M | prior_action:the date of application of this Regulation |  | none",
    ),
    (
        "Sec. 3. (a) Within 30 days of the date of this order, the Assistant to the President for "
        "Dials (APD), in coordination with the Adviser for Clocks, shall submit to the President a "
        "list of towers.",
        "Assistant to the President for Dials (APD) | P30D | order_date | 2031-03-02 | none",
    ),
    (
        "Within 60 days of submission of the list described in subsection (a) of this section, the "
        "Secretary shall review it and return a longer one.",
        "Secretary | P60D | prior_action:submission of the list described in subsection (a) of this section |  | none",
    ),
    (
        "(e) Within 270 days of the date of this order, the Secretary shall seek to show that the "
        "tower works, and shall report annually thereafter to the President.",
        "Secretary | P270D | order_date | 2031-10-28 | none",
        "Secretary | P1Y |  |  | annual",
    ),
    (
        "Within 1 year of the date of this order, and on an annual basis thereafter, the Secretary "
        "shall submit a report to the President.",
        "Secretary | P1Y | order_date | 2032-01-31 | annual",
    ),
    (
        "To that end, no later than 90 days from the date of this order, the Administrator of the "
        "Small Business Administration shall assess the relevant programs.",
        "Administrator of the Small Business Administration | P90D | order_date | 2031-05-01 | none",
    ),
    (
        "Upon completion of the review, and in any event within 45 days of the date of this order, "
        "the Director of OMB shall revise the memoranda.",
        "Director of OMB | P45D | order_date | 2031-03-17 | none",
    ),
    (
        "The Secretaries of Commerce, Energy, and Labor shall each, within 90 days of the date of "
        "this order, name three towers.",
        "Secretary of Commerce; Secretary of Energy; Secretary of Labor | P90D | order_date | 2031-05-01 | none",
    ),
    (
        "Each agency head shall, within 15 days of the date of this order, designate a senior official.",
        "agency heads | P15D | order_date | 2031-02-15 | none",
    ),
    (
        "The Attorney General, the Secretary of Homeland Security, and the Director of National "
        "Intelligence shall jointly submit, not later than 6 months after the date of this order, a "
        "threat assessment.",
        "Attorney General; Secretary of Homeland Security; Director of National Intelligence | P6M | "
        "order_date | 2031-07-31 | none",
    ),
    (
        "The Secretary of the Interior shall, no later than February 28, 2031, select at least two sites.",
        "Secretary of the Interior |  | fixed_date | 2031-02-28 | none",
    ),
    (
        "By March 31, 2031, the Secretary of Defense and the Secretary of Energy shall each issue solicitations.",
        "Secretary of Defense; Secretary of Energy |  | fixed_date | 2031-03-31 | none",
    ),
    (
        "Within 180 days of the date of this order and after public notice, the FCC shall decide on the petition.",
        "FCC | P180D | order_date | 2031-07-30 | none",
    ),
    (
        "This order directs the Secretary of Commerce to publish, within 90 days of the date of this "
        "order, a list of bells.",
        "Secretary of Commerce | P90D | order_date | 2031-05-01 | none",
    ),
    (
        "1. Within 180 days of the issuance of this memorandum, agencies must revise their "
        "procedures.\n2. Within 270 days of the issuance of this memorandum, GSA will develop a "
        "repository.",
        "agencies | P180D | order_date | 2031-07-30 | none",
        "GSA | P270D | order_date | 2031-10-28 | none",
    ),
    (
        "By no later than 200 days after the issuance of this memorandum, GSA, in collaboration with "
        "OMB, will publish guides.",
        "GSA | P200D | order_date | 2031-08-19 | none",
    ),
    (
        "Agencies must report such waivers to OMB within 30 days of granting or revoking them.",
        "Agencies | P30D | prior_action:granting or revoking them |  | none",
    ),
    (
        "Agencies' Chief Information Officers must review the inventory at least once per quarter.",
        "Agencies' Chief Information Officers | P3M |  |  | quarterly",
    ),
    (
        "Agencies must submit the report to OMB no later than 5:00 p.m. on March 14, 2031.",
        "Agencies |  | fixed_date | 2031-03-14 | none",
    ),
    (
        "OMB will provide instructions within 60 days and agencies must follow them within 120 days of receiving them.",
        "OMB | P60D |  |  | none",
        "agencies | P120D | prior_action:receiving them |  | none",
    ),
    (
        "Not later than 1 year after the date of enactment of this Act, and not less frequently than "
        "once every 2 years thereafter for 6 years, the Director of NIST shall update the standards.",
        "Director of NIST | P1Y | order_date | 2032-01-31 | other",
    ),
    (
        "The Secretary of Commerce shall establish the program not later than 1 year after the date "
        "on which amounts are first appropriated.",
        "Secretary of Commerce | P1Y | prior_action:the date on which amounts are first appropriated |  | none",
    ),
    (
        "Not later than 30 days after the end of each fiscal year, the Inspector General shall certify the count.",
        "Inspector General | P30D | prior_action:the end of each fiscal year |  | annual",
    ),
    (
        "Not later than 2 years after such date of enactment, the Comptroller General of the United "
        "States shall submit to Congress a report.",
        "Comptroller General of the United States | P2Y | order_date | 2033-01-31 | none",
    ),
    (
        "Not later than 14 days before the date on which the Secretary intends to obligate funds, "
        "the Secretary shall notify the committees.",
        "Secretary | P14D | before:the date on which the Secretary intends to obligate funds |  | none",
    ),
    (
        "A covered platform shall take down the dial as soon as possible, but not later than 48 "
        "hours after receiving a valid request.",
        "covered platform | PT48H | prior_action:receiving a valid request |  | none",
    ),
    (
        "Not later than 1 year after the date of enactment of this Act, a covered platform shall establish a process.",
        "covered platform | P1Y | order_date | 2032-01-31 | none",
    ),
    (
        "The Commission shall complete any action within 180 days of the filing of the petition.",
        "Commission | P180D | prior_action:the filing of the petition |  | none",
    ),
    (
        "The Center shall meet not less than semiannually and report to Congress every 180 days "
        "until the date that is 5 years after enactment.",
        "Center | P6M |  |  | other",
    ),
    (
        "Members of the Commission shall be appointed not later than 60 days after the date of the "
        "enactment of this Act.",
        "Members of the Commission | P60D | order_date | 2031-04-01 | none",
    ),
    (
        "(1) On or before June 30, 2032, and by June 30 of each year thereafter, the department of "
        "regulatory agencies shall report to the joint committee.",
        "department of regulatory agencies |  | fixed_date | 2032-06-30 | annual",
    ),
    (
        "A deployer shall, no later than ninety days after the effective date of this section, "
        "implement a risk policy.",
        "deployer | P90D | effective_date |  | none",
    ),
    (
        "The Attorney General shall publish the form on its Internet web site by no later than July 1, 2032.",
        "Attorney General |  | fixed_date | 2032-07-01 | none",
    ),
    (
        "An employer shall provide notice to the employee at least 30 days before the tool is used.",
        "employer | P30D | before:the tool is used |  | none",
    ),
    (
        "Within seventy-two hours of learning of the safety incident, the large developer shall "
        "disclose it to the division.",
        "large developer | PT72H | prior_action:learning of the safety incident |  | none",
    ),
    (
        "The consortium shall convene its first meeting within 30 days after all appointments are "
        "made, and shall submit a final report by the thirty-first day of December 2032.",
        "consortium | P30D | prior_action:all appointments are made |  | none",
        "consortium |  | fixed_date | 2032-12-31 | none",
    ),
    (
        "The office shall submit the plan to the governor on December first of each year.",
        "office | P1Y | fixed_date |  | annual",
    ),
    (
        "Not later than December 1 of each even-numbered year, the council shall submit to the legislature a report.",
        "council | P2Y | fixed_date |  | other",
    ),
    (
        "Every state agency shall, by July 1, 2032, and biennially thereafter, file an inventory with the director.",
        "state agencies |  | fixed_date | 2032-07-01 | other",
    ),
    (
        "The Secretary of State must publish a statement before the end of the period of 12 months "
        "beginning with Royal Assent.",
        "Secretary of State | P12M | order_date | 2032-01-30 | none",
    ),
    (
        "The first report must be published within the period of 2 years beginning with the day on "
        "which this section comes into force.",
        " | P2Y | effective_date |  | none",
    ),
    (
        "(4) The regulator must lay the code before both Houses of Parliament not later than 40 days after it is made.",
        "regulator | P40D | prior_action:it is made |  | none",
    ),
    (
        "The Secretary of State must carry out a review of these Regulations before 1st April 2034 "
        "and at intervals of not more than five years thereafter.",
        "Secretary of State |  | fixed_date | 2034-04-01 | other",
    ),
    (
        "An authorised person must notify the Commissioner within 28 days beginning with the day "
        "after the day of the change.",
        "authorised person | P28D | prior_action:the day after the day of the change |  | none",
    ),
    (
        "The government will publish its response within 12 weeks of the consultation closing.",
        "government | P12W | prior_action:the consultation closing |  | none",
    ),
    (
        "Member States shall lay down the rules on penalties by 2 August 2031 and shall notify the "
        "Commission of them without delay.",
        "Member States |  | fixed_date | 2031-08-02 | none",
    ),
    (
        "The provider shall keep the logs for a period of at least six months.",
        "provider | P6M |  |  | none",
    ),
    (
        "The Board shall adopt its rules of procedure within three months of its first meeting.",
        "Board | P3M | prior_action:its first meeting |  | none",
    ),
    (
        "By 2 February 2032 and every two years thereafter, the Commission shall submit a report on "
        "the review to the European Parliament.",
        "Commission |  | fixed_date | 2032-02-02 | other",
    ),
    (
        "Providers of such models placed on the market before 2 August 2031 shall take the necessary "
        "steps by 2 August 2033.",
        "Providers of such models placed on the market before 2 August 2031 |  | fixed_date | 2033-08-02 | none",
    ),
    (
        "The notified body shall inform the authority of the withdrawal within five working days.",
        "notified body | P5D |  |  | none",
    ),
    (
        "Each Member State shall draw up, no later than 12 months after the entry into force of this "
        "Regulation, a national plan.",
        "Member State | P12M | effective_date | 2032-03-01 | none",
    ),
    (
        "The Committee directs the Secretary of Energy to submit a report to it not later than March 1, 2032.",
        "Secretary of Energy |  | fixed_date | 2032-03-01 | none",
    ),
    (
        "Therefore, the committee directs the Director of Dials, in coordination with the Secretary of Labor, to brief "
        "the House Committee on Clocks within 90 days of enactment of this Act.",
        "Director of Dials | P90D | order_date |  | none",
    ),
    (
        "The House Committee on Clocks and Bells directs that the Bureau publish its plan no later than June 1, 2032.",
        "Bureau |  | fixed_date | 2032-06-01 | none",
    ),
    (
        "The conferees direct the Secretary of the Navy to submit, not later than 60 days after the enactment of this "
        "Act, a list.",
        "Secretary of the Navy | P60D | order_date |  | none",
    ),
    (
        "The Committee is concerned by delays and directs the Department to provide quarterly updates.",
        "Department | P3M |  |  | quarterly",
    ),
    (
        "The Committee requires each agency to report within 45 days of the date of this report.",
        "agencies | P45D | order_date | 2031-03-17 | none",
    ),
    (
        "The Commission directs NERC to study the matter within 12 months of the issuance of this action.",
        "NERC | P12M | prior_action:the issuance of this action |  | none",
    ),
    (
        "The Task Force shall terminate on September 30, 2033.",
        "Task Force |  | fixed_date | 2033-09-30 | none",
    ),
    (
        "The Task Force will terminate on July 4, 2033, unless extended by the President.",
        "Task Force |  | fixed_date | 2033-07-04 | none",
    ),
    (
        "The Board shall cease to exist one year after the date of this order.",
        "Board | P1Y | order_date | 2032-01-31 | none",
    ),
    (
        "The Board shall cease to exist on June 30, 2035.",
        "Board |  | fixed_date | 2035-06-30 | none",
    ),
    (
        "The records must be retained by the provider for five years from the date of sale.",
        "provider | P5Y | prior_action:the date of sale |  | none",
    ),
    (
        "Records shall be maintained by each operator for a period of 3 years.",
        "operators | P3Y |  |  | none",
    ),
    (
        "Such records must be kept for at least 3 years after the date of the transaction.",
        " | P3Y | prior_action:the date of the transaction |  | none",
    ),
    (
        "The logs shall be kept for a period appropriate to their purpose, of at least six months, unless the law of "
        "the Union provides otherwise.",
        " | P6M |  |  | none",
    ),
    (
        "Deployers shall keep the logs, to the extent such logs are under their control, for a period appropriate to "
        "the intended purpose of the system, of at least six months.",
        "Deployers | P6M |  |  | none",
    ),
    (
        "All documentation shall be retained until 3 years after final payment.",
        " | P3Y | prior_action:final payment |  | none",
    ),
    (
        "The file shall be held at the disposal of the authorities for ten years after the dial was sold.",
        " | P10Y | prior_action:the dial was sold |  | none",
    ),
    (
        "There is established in the Department of Dials a Council of Hands, which shall meet at least semiannually.",
        "Council of Hands | P6M |  |  | other",
    ),
    (
        "The Secretary shall appoint a panel in the Department of Dials, which shall report annually to Congress.",
        "panel in the Department of Dials | P1Y |  |  | annual",
    ),
    (
        "The Task Force shall advise the President. The first meeting shall be held within 60 days after the date of "
        "this order.",
        "Task Force | P60D | order_date | 2031-04-01 | none",
    ),
    (
        "The first meeting of the Council shall be held not later than 60 days after the enactment of this Act.",
        "Council | P60D | order_date | 2031-04-01 | none",
    ),
    (
        "Meetings of the Board shall be held at least quarterly.",
        "Board | P3M |  |  | quarterly",
    ),
    (
        "Beginning January 1, 2032, a provider shall, within 96 hours of discovering an incident, notify the Office.",
        "provider | PT96H | prior_action:discovering an incident |  | none",
    ),
    (
        "Beginning 180 days after the date of enactment of this Act, operators must report within 10 days of a change.",
        "operators | P10D | prior_action:a change |  | none",
    ),
    (
        "Beginning January 1, 2032, a provider shall post its policy, and shall report within 15 days of any change.",
        "provider |  | fixed_date | 2032-01-01 | none",
        "provider | P15D | prior_action:any change |  | none",
    ),
    (
        "(a) Consultation. the Secretary of Dials shall, within 30 days of the date of this order, consult the Board.",
        "Secretary of Dials | P30D | order_date | 2031-03-02 | none",
    ),
    (
        "Recordkeeping.The lender shall retain the form for five years after settlement.",
        "lender | P5Y | prior_action:settlement |  | none",
    ),
    (
        "21Every national bank must file its report within 30 days of the date of this order.",
        "national banks | P30D | order_date | 2031-03-02 | none",
    ),
    (
        "Publication of the list; the Administrator shall publish it within 30 days of the date of this order.",
        "Administrator | P30D | order_date | 2031-03-02 | none",
    ),
    (
        "The Secretary shall submit:\n(A) not later than 30 days after the date of enactment of this Act, a plan; and\n"
        "(B) annually, a report on the number of dials.",
        "Secretary | P30D | order_date | 2031-03-02 | none",
        "Secretary | P1Y |  |  | annual",
    ),
]
"""Each with all that it binds to."""
NONE = [
    "Petitioners must submit comments within 30 days.",
    "FDA recommends that sponsors should report within 15 days of the event.",
    "If the plan is late, it shall include a reason and be read annually by nobody.",
    "A person commits an offence if the person fails to answer within 21 days.",
    "A developer is in breach where it has not answered the notice within 30 days.",
    "The Secretary shall revoke the licence if the holder does not pay within 30 days of the notice.",
    "The President shall read the findings, and within 45 days may recommend a change.",
    "The open call shall require that each bid be sent no later than 60 days after the call is issued.",
    "An operator that fails to report within 15 days is liable to a penalty of $5,000.",
    "A civil penalty shall be imposed on a developer who fails to submit the report within 30 days.",
    "If the Board has not decided within 60 days, the applicant may appeal.",
    "The agreement shall terminate within 30 days if either party gives notice.",
    "For solicitations issued on or after October 1, 2031, agencies must include the terms.",
    "The authority under this section shall terminate on the date that is 5 years after the date of "
    "enactment of this Act.",
    "A large developer shall retain an unredacted copy of the protocol for as long as the model is "
    "deployed plus five years.",
    "The authority of the Commission under this section shall terminate on June 30, 2035.",
    "The terms of the members of the Commission shall expire on June 30, 2035.",
    "This order shall terminate 2 years after the date of this order.",
    "The pressure shall be maintained for 24 hours.",
    "The office of Chair shall be held, for a period of one year, by each Party.",
    "The data must not be retained for more than 30 days.",
    "Meetings will be held at least quarterly.",
    "It is the policy of the United States that within 10 years the Nation shall lead in clocks.",
    "It shall be the policy of the executive branch that agencies shall retire such dials by 2035.",
    "The Committee encourages the Department to brief the Committee within 30 days of enactment.",
    "The Committee expects the Department to brief the Committee within 30 days of enactment.",
    "The agreement requires the parties to report within 30 days.",
    "The report shall include:\n(A) the amount of taxes paid on an annual basis; and\n(B) the number of staff.",
]
"""Times that bind nobody to do anything by them."""


@pytest.mark.parametrize("row", DUTIES, ids=lambda row: row[0][:60])
def test_duty__is_read_in_official_wordings(row: tuple[str, ...]) -> None:
    text, *expected = row
    assert told(text) == expected


@pytest.mark.parametrize("text", NONE, ids=lambda text: text[:60])
def test_time_that_binds_nobody__makes_no_duty(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("jurisdiction", "wording", "due"),
    [
        (None, "fiscal year 2032", "2032-09-30"),
        ("US", "FY 2032", "2032-09-30"),
        ("US", "the first quarter of fiscal year 2032", "2031-12-31"),
        ("US", "Q3 2032", "2032-09-30"),
        ("US-CA", "fiscal year 2032", ""),
        ("GB", "financial year 2032", ""),
        ("GB", "the 2031 to 2032 financial year", "2032-03-31"),
        ("AU", "the 2031-32 financial year", "2032-06-30"),
        (None, "the 2031 to 2032 financial year", ""),
        ("GB", "February 2032", "2032-02-29"),
    ],
)
def test_end_of_a_year__is_a_day_where_the_year_is_known(jurisdiction: str | None, wording: str, due: str) -> None:
    dates = replace(DATES, jurisdiction=jurisdiction)
    assert told(f"The agency shall publish it by the end of {wording}.", dates) == [
        f"agency |  | fixed_date | {due} | none"
    ]


@pytest.mark.parametrize(
    ("title", "anchor"),
    [
        ("S.77 - Clocks Act of 2031", "order_date"),
        ("Clocks Act of 2031", "order_date"),
        ("Amendments to the Clocks Act of 2031", "prior_action:the date of enactment of the Clocks Act of 2031"),
    ],
)
def test_enactment_of_a_named_act__is_its_own_where_the_title_names_it(title: str, anchor: str) -> None:
    text = "Not later than 90 days after the date of enactment of the Clocks Act of 2031, the Board shall report."
    (one,) = find_obligations(text, replace(DATES, names=own_names("", title)))
    assert one.anchor == anchor


def test_issuance_alone__is_that_of_a_memorandum() -> None:
    duty = "Agencies must report within 30 days of issuance."
    assert told(f"This memorandum sets rules. {duty}") == ["Agencies | P30D | order_date | 2031-03-02 | none"]
    assert told(duty) == ["Agencies | P30D | prior_action:issuance |  | none"]


def test_those_whom_an_office_consults__are_not_bound() -> None:
    text = (
        "Within 180 days of the date of this order, the Director of Dials, in consultation with the Secretary of "
        "State; the Secretary of Labor; and the heads of other agencies, shall issue guidance."
    )
    assert told(text) == ["Director of Dials | P180D | order_date | 2031-07-30 | none"]


PUT_IN = (
    "{0}(C) Not later than 180 days after the date of enactment of this subsection, the Secretary shall submit to "
    "Congress a report.{1}",
    "{0}(c) Reports.\u2014Not later than 180 days after the date of enactment of this subsection, the Secretary shall "
    "submit to Congress a report.{1}.",
    "{0}SEC. 12. REPORTS.\n{0}The Secretary shall, not later than 180 days after the date of enactment of this "
    "section, report.{1}",
    "{0}(c) Reports.\u2014The Secretary shall\u2014\n{0}(1) not later than 180 days after the date of enactment of "
    "this subsection, publish a plan; and\n{0}(2) act on it.{1}.",
)


@pytest.mark.parametrize("text", PUT_IN)
@pytest.mark.parametrize("before", ["\n", " "])
@pytest.mark.parametrize("marks", ['""', "\u201c\u201d", ("``", "''"), ("\u2018\u2018", "\u2019\u2019"), ("", "")])
def test_text_put_into_another_act__is_read_alike_in_every_print(
    text: str, before: str, marks: tuple[str, str]
) -> None:
    said = f"Section 5 is amended by adding at the end the following:{before}{text.format(*marks)}"
    (one,) = find_obligations(said, DATES)
    assert (one.actor, one.period, str(one.due_date)) == ("Secretary", "P180D", "2031-07-30")
    assert said[one.start :].startswith(one.quote)


def test_text_put_in__does_not_count_among_the_acts_own_paragraphs() -> None:
    text = (
        "(a) Section 5 is amended by striking (c) and inserting:\n\u201c(b) The Board shall report within "
        "5 days.\n\u201c(c) The Council shall report within 6 days.\u201d;\n(b) the Office shall report within 7 days."
    )
    assert [(one.section, one.actor) for one in find_obligations(text)] == [
        ("(b)", "Board"),
        ("(c)", "Council"),
        ("(b)", "Office"),
    ]


def test_paragraph_put_in_without_an_end__reaches_to_its_line() -> None:
    text = 'It is amended:\n"(b) The Board shall report within 5 days.\n(b) The Office shall report within 7 days.'
    assert [one.actor for one in find_obligations(text)] == ["Board", "Office"]

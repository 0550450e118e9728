"""Kinds of amounts, with their ends, in the wordings of statutes, calls, rules and press; sentences of our own."""

from __future__ import annotations

import pytest

from pipelines.enrich.money import find_amounts

CASES = [
    (
        "There are authorized to be appropriated-- (1) $10,000,000 for fiscal year 2034; (2) $15,000,000 for "
        "fiscal year 2035; and (3) $20,000,000 for fiscal year 2036.",
        "US",
        "10000000..10000000 authorised; 15000000..15000000 authorised; 20000000..20000000 authorised",
    ),
    (
        "To carry out this Act, there are authorized to be appropriated to the Under Secretary-\n(1) for "
        "clocks, $4,000,000; and\n(2) for the repair of bells and chimes in all States, $5,500,000.",
        "US",
        "4000000..4000000 authorised; 5500000..5500000 authorised",
    ),
    (
        "There is hereby authorized to be appropriated such sums as may be necessary, not to exceed "
        "$5,000,000, for each of fiscal years 2034 through 2038.",
        "US",
        "..5000000 authorised",
    ),
    (
        "Of the amounts authorized to be appropriated to the Department for fiscal year 2034, $7,500,000 "
        "shall be for clock research.",
        "US",
        "7500000..7500000 authorised",
    ),
    (
        "AUTHORIZATION OF APPROPRIATIONS.—For the purpose of this section, $3,000,000 is authorized for "
        "fiscal year 2034.",
        "US",
        "3000000..3000000 authorised",
    ),
    (
        "The Act authorizes appropriations of $200 million over five years for the Institute.",
        "US",
        "200000000..200000000 authorised",
    ),
    (
        "For necessary expenses of the Clock Office, $1,060,000,000, to remain available until September 30, 2036.",
        "US",
        "1060000000..1060000000 appropriated",
    ),
    (
        "There is appropriated, out of any money in the Treasury not otherwise appropriated, $50,000,000 to "
        "the Secretary.",
        "US",
        "50000000..50000000 appropriated",
    ),
    (
        "Provided, That of the amounts made available under this heading, not less than $30,000,000 shall be "
        "for clock towers:",
        "US",
        "30000000.. appropriated",
    ),
    (
        "Provided further, That not to exceed $25,000 shall be available under this heading for official reception.",
        "US",
        "..25000 appropriated",
    ),
    (
        "The following sums are hereby appropriated from the general fund: $1,250,000 to the office of clocks.",
        "US",
        "1250000..1250000 appropriated",
    ),
    (
        "Congress appropriated roughly $1.1 billion for the programme in 2033.",
        "US",
        "1100000000..1100000000 appropriated",
    ),
    ("Estimated Total Program Funding: $12,000,000", "US", "12000000..12000000 available"),
    ("Estimated Total Program Funding: USD 12,000,000", "US", "12000000..12000000 available"),
    ("Award Ceiling: $1,500,000. Award Floor: $250,000.", "US", "..1500000 available; 250000.. available"),
    ("Award Ceiling $900,000", "US", "..900000 available"),
    ("Maximum award: $500,000", "US", "..500000 available"),
    ("Maximum Award Amount: $2,000,000", "US", "..2000000 available"),
    ("Minimum award: $20,000", "US", "20000.. available"),
    (
        "The minimum amount of each award is $100,000 and the maximum amount is $500,000.",
        "US",
        "100000.. available; ..500000 available",
    ),
    (
        "NSF anticipates funding amount of $20,000,000 to $30,000,000, subject to the availability of funds.",
        "US",
        "20000000..30000000 available",
    ),
    (
        "It expects to make 10 to 15 awards, with an anticipated funding amount of $2,000,000 to $3,000,000.",
        "US",
        "2000000..3000000 available",
    ),
    (
        "The Board may make grants under this section in an amount not to exceed $50,000 per award.",
        "US",
        "..50000 available",
    ),
    ("The Director may award grants of not more than $750,000 each.", "US", "..750000 available"),
    (
        "Applicants may request between $100,000 and $300,000 for a period of up to three years.",
        "US",
        "100000..300000 available",
    ),
    (
        "Approximately $10 million is expected to be available to fund five cooperative agreements.",
        "US",
        "10000000..10000000 available",
    ),
    ("Grants of between £50,000 and £100,000 are open to small firms.", "GB", "50000..100000 available"),
    (
        "Your project's total costs must be between £100,000 and £500,000 to apply to this competition.",
        "GB",
        "100000..500000 available",
    ),
    (
        "The estimated EU contribution per project is between EUR 4.00 and 5.00 million.",
        "EU",
        "4000000..5000000 available",
    ),
    (
        "The Commission estimates that an EU contribution of between EUR 5 and 7.5 million would allow these outcomes.",
        "EU",
        "5000000..7500000 available",
    ),
    ("The total indicative budget for the topic is EUR 45.00 million.", "EU", "45000000..45000000 available"),
    (
        "The prize pool is £1 million, and the winner takes £500,000.",
        "GB",
        "1000000..1000000 available; 500000..500000 available",
    ),
    ("Program Ceiling: $4,000,000 per State", "US", "..4000000 available"),
    ("Anticipated Total Funding: $8.2 million", "US", "8200000..8200000 available"),
    ("Expected award amount: $300,000 - $500,000", "US", "300000..500000 available"),
    ("Awards will range from $150,000 to $400,000.", "US", "150000..400000 available"),
    ("Individual awards may be up to $600,000 per year.", "US", "..600000 available"),
    ("NIST anticipates that up to $70 million may be available for this competition.", "US", "..70000000 available"),
    ("Funding requests must not exceed $1 million.", "US", "..1000000 available"),
    ("The maximum funding per project is £50,000.", "GB", "..50000 available"),
    ("UKRI will fund 80% of a full economic cost of up to £1.25 million.", "GB", "..1250000 available"),
    ("Innovate UK will make up to £5 million available to firms.", "GB", "..5000000 available"),
    ("You can apply for a grant worth up to £25,000.", "GB", "..25000 available"),
    (
        "The Secretary shall establish a fund of $3 billion from which grants are made.",
        "US",
        "3000000000..3000000000 available",
    ),
    ("The Minister may make a contribution of up to $5 million per applicant.", "CA", "..5000000 available"),
    (
        "Total budget: EUR 30 million. Maximum grant: EUR 3 million.",
        "EU",
        "30000000..30000000 available; ..3000000 available",
    ),
    ("Each grant shall be at least $250,000.", "US", "250000.. available"),
    (
        "The Department announced up to $6.6 billion in proposed direct funding for two factories.",
        "US",
        "..6600000000 announced",
    ),
    ("Budget 2034 announced a $2.4 billion package of measures for compute.", "CA", "2400000000..2400000000 announced"),
    (
        "Budget 2034 proposes to provide $50 million over five years to the Institute.",
        "CA",
        "50000000..50000000 announced",
    ),
    (
        "The Chancellor has pledged an extra £800 million for the new supercomputer.",
        "GB",
        "800000000..800000000 announced",
    ),
    ("The government will invest more than £100m in nine new research hubs.", "GB", "100000000.. announced"),
    (
        "The Commission will mobilise €20 billion for up to five gigafactories.",
        "EU",
        "20000000000..20000000000 announced",
    ),
    (
        "Today the Prime Minister unveiled a £2bn programme to expand public compute.",
        "GB",
        "2000000000..2000000000 announced",
    ),
    (
        "The company committed to invest $40 billion in data centres in the country.",
        "US",
        "40000000000..40000000000 announced",
    ),
    ("Ministers set out a £7 million boost to help regulators.", "GB", "7000000..7000000 announced"),
    (
        "President X announced a new investment of $90 billion by private firms.",
        "US",
        "90000000000..90000000000 announced",
    ),
    (
        "The White House announced $140 million in funding to launch seven institutes.",
        "US",
        "140000000..140000000 announced",
    ),
    ("The Prime Minister announced a new £100 million taskforce.", "GB", "100000000..100000000 announced"),
    ("Minister Smith today announced an investment of up to $240 million in a firm.", "CA", "..240000000 announced"),
    (
        "The President of the Commission announced a plan to mobilise EUR 200 billion.",
        "EU",
        "200000000000..200000000000 announced",
    ),
    ("Two firms plan to invest £12 billion in a data centre.", "GB", "12000000000..12000000000 announced"),
    ("It follows the £1 billion committed at the Spending Review.", "GB", "1000000000..1000000000 announced"),
    ("Canada is committing $700 million to build data centres.", "CA", "700000000..700000000 announced"),
    ("will receive a share of £3.4 million announced today", "GB", "3400000..3400000 announced"),
    ("In fiscal year 2033 the agency obligated $4.5 million under the contract.", "US", "4500000..4500000 obligated"),
    (
        "Total obligations of $312 million were recorded, with outlays of $280 million.",
        "US",
        "312000000..312000000 obligated; 280000000..280000000 obligated",
    ),
    ("The Service has disbursed £4.2 million so far.", "GB", "4200000..4200000 obligated"),
    (
        "To date, $19 million has been obligated and $7 million expended.",
        "US",
        "19000000..19000000 obligated; 7000000..7000000 obligated",
    ),
    ("The modification brings total obligated funds to $45,200,310.", "US", "45200310..45200310 obligated"),
    ("The Institute awarded $6 million to a university to establish a joint centre.", "US", "6000000..6000000 awarded"),
    ("A contract worth £1.3 million was awarded to a clockmaker.", "GB", "1300000..1300000 awarded"),
    ("The firm won a $200 million contract from the Department.", "US", "200000000..200000000 awarded"),
    ("The University of X received a grant of $1,999,999 under the programme.", "US", "1999999..1999999 awarded"),
    ("The contract has a $200 million ceiling and was awarded to one bidder.", "US", "..200000000 awarded"),
    (
        "X Corp., was awarded a $99,000,000 firm-fixed-price contract for clock systems.",
        "US",
        "99000000..99000000 awarded",
    ),
    ("The company has been selected for a $10 million cooperative agreement.", "US", "10000000..10000000 awarded"),
    ("Eight projects share £11 million of awards.", "GB", "11000000..11000000 awarded"),
    ("The beneficiary received EUR 1.5 million from the programme.", "EU", "1500000..1500000 awarded"),
    ("a civil penalty of not less than $500 nor more than $5,000 for each violation", "US", "500..5000 penalty"),
    ("shall be fined not less than $2,000 nor more than $10,000, or imprisoned", "US", "2000..10000 penalty"),
    (
        "a fine of not less than five hundred dollars ($500) nor more than ten thousand dollars ($10,000)",
        "US",
        "500..10000 penalty",
    ),
    (
        "civil penalty of not less than $80,000 or more than $200,000 for an uncurable violation",
        "US",
        "80000..200000 penalty",
    ),
    ("a fine of at least $1,000 but not exceeding $3,000", "US", "1000..3000 penalty"),
    (
        "a civil penalty of at least $2,500 per violation but no more than $7,500 per violation",
        "US",
        "2500..7500 penalty",
    ),
    ("punishable by a fine of not more than $5,000 nor less than $500", "US", "500..5000 penalty"),
    ("a minimum fine of $1,000 and a maximum fine of $5,000", "US", "1000..5000 penalty"),
    ("not less than one thousand dollars nor more than three thousand dollars as a fine", "US", "1000..3000 penalty"),
    ("statutory damages of not less than $100 and not greater than $1,000 per consumer", "US", "100..1000 penalty"),
    ("liable on summary conviction to a fine not exceeding £20,000", "GB", "..20000 penalty"),
    ("administrative fines up to 15 000 000 EUR or up to 3 % of turnover", "EU", "..15000000 penalty"),
    ("shall forfeit to the State a sum not to exceed $10,000 for every day", "US", "..10000 penalty"),
    ("The penalty shall not be less than $5,000 nor more than $10,000 for each offense.", "US", "5000..10000 penalty"),
    ("a fine from one thousand dollars ($1,000) to five thousand dollars ($5,000)", "US", "1000..5000 penalty"),
    ("a civil fine of between one hundred dollars ($100) and five hundred dollars ($500)", "US", "100..500 penalty"),
    ("A violation is punishable by a fine of $500 to $5,000.", "US", "500..5000 penalty"),
    (
        "The court shall impose a civil penalty of up to $1,000 for a first violation, $2,500 for a second "
        "violation, and $5,000 for each later violation.",
        "US",
        "..1000 penalty; 2500..2500 penalty; 5000..5000 penalty",
    ),
    (
        "shall be assessed a civil penalty which may not exceed fifteen thousand dollars ($15,000)",
        "US",
        "..15000 penalty",
    ),
    ("a penalty in an amount not less than $100 but not more than $50,000", "US", "100..50000 penalty"),
    ("subject to a civil penalty, in an amount not to exceed ten thousand dollars per day", "US", "..10000 penalty"),
    ("the maximum penalty that may be imposed under this subsection is $1,000,000", "US", "..1000000 penalty"),
    ("fines from EUR 5 000 to EUR 20 000", "EU", "5000..20000 penalty"),
    (
        "a monetary penalty of not more than $25 million or, if greater, 5% of gross global revenue",
        "CA",
        "..25000000 penalty",
    ),
    ("is liable to a fine of not more than $10,000,000", "CA", "..10000000 penalty"),
    ("Such person shall pay a surcharge of $250.", "US", "250..250 penalty"),
    (
        "may result in the expenditure by State, local, and Tribal governments, in the aggregate, of $100 "
        "million or more (adjusted annually for inflation) in any one year",
        "US",
        "100000000.. threshold",
    ),
    (
        "It does not contain a mandate that may result in expenditures of $183 million or more in any 1 year.",
        "US",
        "183000000.. threshold",
    ),
    ("have an annual effect on the economy of $200 million or more", "US", "200000000.. threshold"),
    (
        "an annual effect on the economy of at least $100,000,000, or adversely affect jobs",
        "US",
        "100000000.. threshold",
    ),
    ("the small business size standard of $34 million", "US", "34000000..34000000 threshold"),
    ("firms with less than $47 million in average annual receipts are small", "US", "..47000000 threshold"),
    ("a business with annual gross revenues in excess of $25,000,000", "US", "25000000.. threshold"),
    (
        "“Large deployer” means a person that earned more than $500,000,000 in the preceding year.",
        "US",
        "500000000.. threshold",
    ),
    ("contracts valued at more than $10 million are subject to review", "US", "10000000.. threshold"),
    ("The cost of fine-tuning exceeds ten million dollars ($10,000,000).", "US", "10000000.. threshold"),
    ("an undertaking with a worldwide turnover above EUR 750 million", "EU", "750000000.. threshold"),
    ("a transaction of $1 million or more in total assets", "US", "1000000.. threshold"),
    (
        "This proposed rule is not a major rule because it will not have an annual effect of $100 million or "
        "more on the economy.",
        "US",
        "100000000.. threshold",
    ),
    ("any contract exceeding the simplified acquisition threshold of $250,000", "US", "250000..250000 threshold"),
    (
        "“Frontier developer” means a developer that, with its affiliates, had annual gross revenues above "
        "$500 million.",
        "US",
        "500000000.. threshold",
    ),
    ("This part applies to acquisitions over $10,000.", "US", "10000.. threshold"),
    ("an incident that causes more than $1,000,000 in damage to property", "US", "1000000.. threshold"),
    ("Companies whose turnover does not exceed EUR 50 million are exempt.", "EU", "..50000000 threshold"),
    ("covered person with total assets of $10 billion or more", "US", "10000000000.. threshold"),
    ("adjusted for inflation, currently $183 million, in any single year", "US", "183000000..183000000 threshold"),
    (
        "The Bureau estimates the annual cost at between $2 million and $3.5 million.",
        "US",
        "2000000..3500000 cost_estimate",
    ),
    ("Total Estimated Annual Cost: $0.", "US", "0..0 cost_estimate"),
    ("The net present value is -£12.5 million.", "GB", "-12500000..-12500000 cost_estimate"),
    ("annualized costs of $1.2 million at a 7 percent discount rate", "US", "1200000..1200000 cost_estimate"),
    ("the rule would save small firms about $300,000 a year in paperwork burden", "US", "300000..300000 cost_estimate"),
    ("The equivalent annual net direct cost to business is £(3.2)m.", "GB", "-3200000..-3200000 cost_estimate"),
    ("Benefits are estimated at €1,5 billion by 2030.", "EU", "1500000000..1500000000 cost_estimate"),
    (
        "We estimate that the final rule will cost covered firms $31 million in the first year.",
        "US",
        "31000000..31000000 cost_estimate",
    ),
    ("The total burden is valued at $512,000 annually.", "US", "512000..512000 cost_estimate"),
    (
        "Annualized at a 3 percent discount rate, net benefits range from $1.1 million to $2.3 million.",
        "US",
        "1100000..2300000 cost_estimate",
    ),
    (
        "The Congressional Budget Office estimates that the bill would cost $4 million over five years.",
        "US",
        "4000000..4000000 cost_estimate",
    ),
    ("Costs to business are expected to be £2.3m a year.", "GB", "2300000..2300000 cost_estimate"),
    ("The one-off compliance costs amount to EUR 6 000 to EUR 7 000 per system.", "EU", "6000..7000 cost_estimate"),
    ("The labor cost is $65.30 per hour.", "US", "65.3..65.3 cost_estimate"),
    (
        "A grant under this section shall not exceed\u2014\n(1) $5,000,000 for one workshop; or\n(2) $10,000,000 for "
        "a guild.",
        "US",
        "..5000000 available; ..10000000 available",
    ),
    (
        "The civil penalty shall not exceed\u2014 (A) in the case of a clockmaker, $5,000; (B) in the case of a guild, "
        "$50,000; or (C) in any other case, $1,000. (b) Use.\u2014There is $70,000 for bells.",
        "US",
        "..5000 penalty; ..50000 penalty; ..1000 penalty; 70000..70000 other",
    ),
    (
        "The maximum fine is:\n\n\u2022 \u00a35,000 for a clockmaker;\n\u2022 \u00a320,000 for a guild.\n\n"
        "The budget is \u00a39,000.",
        "GB",
        "..5000 penalty; ..20000 penalty; 9000..9000 available",
    ),
    (
        "Prizes may be up to:\n\n\u00a3100,000 for a clock\n\n\u00a3200,000 for a tower\n\n"
        "The fair is in May. The tower itself cost \u00a3300.",
        "GB",
        "..100000 available; ..200000 available; 300..300 cost_estimate",
    ),
    (
        "An award shall be at least\u2014 (1) $50,000 for a plan; or (2) $100,000 for a tower with a bell of $7,000.",
        "US",
        "50000.. available; 100000.. available; 7000..7000 available",
    ),
    ("No award may exceed $300,000.", "US", "..300000 available"),
    (
        "No grant may exceed the following: (1) $1 million for a plan; (2) $3 million for a tower.",
        "US",
        "..1000000 available; ..3000000 available",
    ),
    (
        "Funds went out under the following headings: (1) $1 million for plans; (2) $3 million for towers.",
        "US",
        "1000000..1000000 available; 3000000..3000000 available",
    ),
    ("Contracts with a value of $10 million or more must bear the clause.", "US", "10000000.. threshold"),
    ("It applies to contracts with an estimated value of more than \u00a3250,000.", "GB", "250000.. threshold"),
    ("contracts that have a total value of at least EUR 5 million", "EU", "5000000.. threshold"),
    ("Contracts worth more than \u00a35 million shall be published.", "GB", "5000000.. threshold"),
    ("Purchases of $10,000 or more need approval.", "US", "10000.. threshold"),
    ("Subcontracts valued at $750,000 or more need a plan.", "US", "750000.. threshold"),
    ("Payments of $600 or less need not be reported.", "US", "..600 threshold"),
    ("It was awarded a contract with a value of $10 million.", "US", "10000000..10000000 awarded"),
    ("The guild won a contract worth more than $5 million.", "US", "5000000.. awarded"),
    ("The contract, worth as much as $249 million, was awarded to the guild.", "US", "..249000000 awarded"),
    ("A contract with a ceiling of $40 million was awarded to the guild.", "US", "..40000000 awarded"),
    ("A contract valued at up to $18 million was awarded to two guilds.", "US", "..18000000 awarded"),
    ("The anticipated number of awards is 12, each $300,000-$500,000.", "US", "300000..500000 available"),
    ("Estimated number of awards: 3 to 5. Award size: $90,000.", "US", "90000..90000 available"),
    ("About four awards of up to $2,000,000 each are anticipated.", "US", "..2000000 available"),
    ("Six awards are anticipated, each of up to $2,000,000.", "US", "..2000000 available"),
    ("Award amounts range from $50,000 to $150,000.", "US", "50000..150000 available"),
    ("The higher maximum amount is 4% of turnover or \u00a317.5 million.", "GB", "..17500000 penalty"),
    ("The standard maximum is \u00a38.7 million or 2% of turnover.", "GB", "..8700000 penalty"),
    ("up to 6% of turnover or \u20ac30 million", "EU", "..30000000 penalty"),
    ("up to \u20ac35 million or 7% of worldwide annual turnover", "EU", "..35000000 penalty"),
    (
        "up to EUR 30 000 000 or, if it is a company, up to 6 % of its total worldwide annual turnover",
        "EU",
        "..30000000 penalty",
    ),
    (
        "The greater of \u00a318 million and 10 per cent of the person\u2019s qualifying worldwide revenue.",
        "GB",
        "18000000..18000000 penalty",
    ),
    (
        "A firm that has yearly revenues of more than $25 million; or earns 50 percent of its revenues from clocks.",
        "US",
        "25000000.. threshold",
    ),
    ("France said it will spend over 80 million pounds on bells.", "GB", "80000000.. announced"),
    ("Ministers are to spend \u00a330m on clocks.", "GB", "30000000..30000000 announced"),
    ("The council will be spending \u00a330m on clocks.", "GB", "30000000..30000000 announced"),
    ("\u00a330m will be spent on clocks.", "GB", "30000000..30000000 announced"),
    ("Some \u00a330m is to be spent on clocks.", "GB", "30000000..30000000 announced"),
    ("The agency would spend $5 million to read the rule.", "US", "5000000..5000000 cost_estimate"),
    ("The office expects firms to spend \u00a330m on compliance.", "GB", "30000000..30000000 cost_estimate"),
    ("Employers will spend \u00a330m on new clocks.", "GB", "30000000..30000000 cost_estimate"),
    ("The county spent \u00a330m on clocks last year.", "GB", "30000000..30000000 cost_estimate"),
    ("The Bureau anticipates awarding 4 to 6 grants of $200,000 to $400,000 each.", "US", "200000..400000 available"),
    ("The Bureau anticipates making 6 awards of up to $400,000 each.", "US", "..400000 available"),
    ("The Bureau plans on awarding grants of $3 million each.", "US", "3000000..3000000 available"),
    ("The Bureau expects to make 6 grants of $400,000 each.", "US", "400000..400000 available"),
    ("The Bureau intends to make approximately 12 awards of $1 million.", "US", "1000000..1000000 available"),
    ("The Bureau expects to select 3 projects, with awards of $2 million each.", "US", "2000000..2000000 available"),
    ("The Bureau is awarding $2 million to a guild.", "US", "2000000..2000000 awarded"),
    ("The Bureau awarded grants of $3 million each.", "US", "3000000..3000000 awarded"),
    ("He faces a fine not exceeding level 4 on the standard scale or \u00a32,500.", "GB", "..2500 penalty"),
    ("a decrease of $(12.4) million", "US", "-12400000..-12400000 other"),
    ("It spoke of $7 million.", "US", "7000000..7000000 other"),
]
"""A text, its jurisdiction, and what is read: low..high and kind, with an end left out where there is none."""


@pytest.mark.parametrize(("text", "jurisdiction", "expected"), CASES)
def test_amounts_and_their_kinds__are_read(text: str, jurisdiction: str, expected: str) -> None:
    found = find_amounts(text, jurisdiction)
    told = [
        f"{'' if one.low is None else f'{one.low:f}'}..{'' if one.high is None else f'{one.high:f}'} {one.kind}"
        for one in found
    ]
    assert "; ".join(told) == expected

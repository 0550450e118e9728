"""Published facets: which words tell the kind of a document, its topics and the parties to it."""

from __future__ import annotations

from datetime import date

from quality import vocabularies as words
from quality.checks import MEND_MODEL, Check, Suite, known, lengths_between, matches, no_flag, present

_MEND_WORDS = "Read the quote; mend the term in dbt/seeds (instrument_wordings, topic_terms or party_wordings)."


def facet_checks(_: date) -> tuple[Check, ...]:
    """Expectations on `document_facets`; a quiet window may hold none."""
    return (
        present("facet_id", "Every facet has an id.", MEND_MODEL),
        matches("document_id", words.DOCUMENT_ID, "A document's id is a scheme, a colon and a name.", MEND_MODEL),
        known("facet", words.FACETS, "A facet is an instrument, a topic or a party.", MEND_MODEL),
        known("topic", words.TOPICS, "Topics are words of the closed vocabulary.", _MEND_WORDS),
        known("instrument", words.INSTRUMENTS, "Instruments are words of the closed vocabulary.", _MEND_WORDS),
        matches("government", words.GOVERNMENT, "A government has an ISO 3166 code, or is the EU.", _MEND_WORDS),
        lengths_between("party", 1, 200, "A party is named in 1 to 200 characters.", _MEND_WORDS),
        no_flag("lacks_value", "value_or_name_present", "Every facet has a value, every party a name.", MEND_MODEL),
        present("rule", "Every facet names the rule that decided it.", _MEND_WORDS),
        present("quote", "Every facet keeps the words that state it.", _MEND_WORDS),
        present("evidence_id", "Every facet points to its evidence.", MEND_MODEL),
    )


SUITES = (
    Suite(
        name="edition_facets",
        table="document_facets",
        border="edition",
        key=("facet_id",),
        query="""
            select
                facet_id, document_id, facet, value, name, rule, quote, evidence_id,
                case when facet = 'topic' then value end as topic,
                case when facet = 'instrument' then value end as instrument,
                case when facet = 'party' then value end as government,
                case when facet = 'party' then name end as party,
                case when facet = 'party' then name else value end is null as lacks_value
            from document_facets
        """,
        build=facet_checks,
    ),
)

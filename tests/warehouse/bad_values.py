"""A sound row of every audited table, and for every check of Great Expectations one bad value that turns it red.

Belongs here: data alone. Does not belong here: how they are put into a database and audited (test_quality.py on one-row
tables, test_every_check.py on real ones, through Dagster).
"""

from __future__ import annotations

SHA = "repeat('a', 64)"
WARC = "'20261123T174841123456Z-0a1b2c.warc.gz'"
FETCHED = "'https://www.federalregister.gov/api/v1/documents.json'"
PAGE = "'https://www.federalregister.gov/d/2026-20321'"
SEEN = "timestamptz '2026-11-23 17:48:42Z'"
MONEY = """
    amount_id: 'a1', document_id: 'grants-gov:350000', policy_id: 'us-grants-gov-350000', kind: 'available',
    low: -5::decimal(24, 2), high: 10::decimal(24, 2), currency: 'USD', raw_text: '10', source_field: 'awardCeiling',
    evidence_id: 'e1'
"""
READ = """
    source_id: 'us_federal_register', document_id: 'fr:2026-20321:2026-11-17', version_no: 1,
    extractor_version: 'money/1'
"""
QUOTED = "field: 'body', quote: 'Within 270 days', quote_start: 0"

RAW_ROWS = {
    "raw.crawls": f"""
        crawl_id: '20261123T174841123456Z-0a1b2c', run_id: 'r', source_id: 'us_federal_register',
        since: date '2026-11-16', until: date '2026-11-22', started_at: {SEEN}, ended_at: {SEEN},
        planned: 2, official_total: 2, found_total: 2, gate_passed: 1, gate_left_out: 1, rejected: 1, is_good: true,
        faults: []::varchar[], archive_file: {WARC}, archive_bytes: 900, archive_sha256: {SHA}, landing_sha256: {SHA},
        parser_version: 'us_federal_register/1', vocabulary_sha256: {SHA}
    """,
    "raw.fetches": f"""
        fetch_id: 'f-000001', crawl_id: 'c', source_id: 'us_federal_register', seq: 1, method: 'GET',
        url: {FETCHED}, purpose: 'listing', attempt: 1,
        started_at: timestamptz '2026-11-23 17:48:41Z', ended_at: {SEEN}, http_status: 200,
        outcome: 'ok', body_bytes: 500, payload_sha256: {SHA}, warc_file: {WARC}, warc_offset: 400, documents: 1,
        rejected: 1
    """,
    "raw.document_versions": f"""
        source_id: 'us_federal_register', document_id: 'fr:2026-20321:2026-11-17', version_no: 1, content_sha256: {SHA},
        change_origin: 'source', is_history: false, first_seen_at: {SEEN}, crawl_id: 'c',
        fetch_id: 'f-000001', fetched_url: {FETCHED}, payload_sha256: {SHA},
        warc_file: {WARC}, warc_offset: 400
    """,
    "raw.document_parses": f"""
        source_id: 'us_federal_register', document_id: 'fr:2026-20321:2026-11-17', version_no: 1,
        parser_version: 'us_federal_register/1', native_id: '2026-20321', depth: 'full', availability: 'available',
        url: {PAGE}, title: 'Préparer l’avenir: AI', abstract: 'One' || chr(10) || 'two',
        body: 'Tab' || chr(9) || 'and' || chr(10) || 'newline', language: 'en',
        publishers: [
            {{name: 'Commerce Department', native_id: '54', slug: 'c', parent_id: null, url: null, raw_name: null}}
        ],
        identifiers: [{{scheme: 'fr_citation', value: '91 FR 63129'}}], published_date: date '2026-11-17',
        signed_date: date '2026-11-10', effective_date: date '2027-01-01', comments_open_date: date '2026-11-17',
        comments_close_date: date '2027-01-17', closes_date: date '2027-01-17',
        closes_dates: [date '2026-12-17', date '2027-01-17'],
        filed_at: timestamptz '2026-11-16 00:00:00Z', updated_at: timestamptz '2026-11-17 00:00:00Z',
        withdrawn_at: timestamptz '2026-11-17 00:00:00Z',
        relations: [
            {{relation: 'corrects', target: {{scheme: 'fr_document', value: '2026-1'}}, field: 'f', quote: 'q'}}
        ],
        amounts: [{{kind: 'available', low: -5, high: 10, currency: 'USD', raw: '$10', field: 'f'}}],
        attachments: [{{title: null, url: 'https://www.govinfo.gov/a.pdf', content_type: null}}],
        translations: [], change_history: [], subjects: []::varchar[], text_flags: []::varchar[], source_fields: '{{}}',
        unread_fields: []::varchar[]
    """,
    "raw.quarantine": f"""
        quarantine_id: 'q1', source_id: 'us_federal_register', crawl_id: 'c', fetch_id: 'f-000001',
        where_in_answer: '/results/3', error: 'UnknownShape', message: 'expected a title, got none', raw_text: '{{}}',
        quarantined_at: {SEEN}
    """,
    "raw.overrides": f"""
        override_id: '0123456789abcdef', record_key: 'fedcba9876543210', source_id: 'us_federal_register',
        item: '/results', error: 'UnknownShape', verdict: 'reject', state: 'rejected', old_values: '{{}}'::json,
        new_values: '{{}}'::json, author: 'Ada', reason: 'An advertisement.', decided_at: {SEEN}
    """,
    "raw.source_days": """
        crawl_id: 'c', source_id: 'us_federal_register', day: date '2026-11-17', found: 1, official: 1
    """,
    "raw.document_sightings": f"""
        source_id: 'us_federal_register', document_id: 'fr:2026-20321:2026-11-17', first_seen_at: {SEEN},
        last_seen_at: {SEEN}, last_crawl_id: '20261123T174841123456Z-0a1b2c'
    """,
    "raw.sources": """
        source_id: 'us_federal_register', title: 'US Federal Register', publisher: 'Office of the Federal Register',
        jurisdiction: 'US', cadence: 'daily', listing: 'window', time_zone: 'America/New_York',
        licence: 'us-public-domain', rank: 10, page: 'https://www.federalregister.gov/', description: 'Rules.',
        verified: 'recorded', terms: 'None.', official_count: 'none', amendments: 'none'
    """,
    "raw.identifier_schemes": """
        scheme: 'eo', strength: 10, policy_prefix: 'us-eo-', is_page: false, is_alias: true, description: 'Orders.'
    """,
    "raw.date_fields": """
        source_id: 'us_federal_register', depth: 'full', field: 'published_date', source_field: 'publication_date',
        event: 'published'
    """,
    "raw.instrument_rules": """
        source_id: 'us_federal_register', position: 1, document_type: 'Rule', document_subtype: null::varchar,
        identifier_scheme: null::varchar, action_pattern: null::varchar, title_pattern: null::varchar,
        instrument: 'final_rule', note: null::varchar
    """,
    "raw.builds": f"input_fingerprint: {SHA}",
    "enriched.relevance": f"""
        source_id: 'us_federal_register', document_id: 'fr:2026-20321:2026-11-17', version_no: 1,
        extractor_version: 'relevance/1', vocabulary_sha256: {SHA}, relevance: 2, rule: 'title', matched_terms: ['AI'],
        quote: 'AI', quote_start: 0, quote_field: 'title'
    """,
    "enriched.relations": """
        source_id: 'us_federal_register', document_id: 'fr:2026-20321:2026-11-17', version_no: 1,
        extractor_version: 'dispositions/1', position: 0, relation: 'revokes', is_partial: false, target_scheme: 'eo',
        target_value: '14110', target_date: date '2023-10-30', field: 'disposition_notes', quote: 'Revokes: EO 14110',
        quote_start: 0
    """,
    "enriched.obligations": f"""
        {READ}, position: 0, section: null::varchar, actor: 'Secretary of Commerce', action: 'establish guidelines',
        period: 'P270D', anchor: 'order_date', due_date: date '2024-07-26', recurrence: null::varchar, {QUOTED}
    """,
    "enriched.amounts": f"""
        {READ}, position: 0, kind: 'available', low: 5::decimal(24, 2), high: 10::decimal(24, 2), currency: 'USD',
        qualifier: null::varchar, {QUOTED}
    """,
    "enriched.dates": f"""
        {READ}, position: 0, role: 'mentioned', first_date: date '2026-10-01', last_date: date '2026-10-31',
        is_relative: true, {QUOTED}
    """,
    "enriched.facets": f"""
        {READ}, position: 0, facet: 'party', value: 'GB', name: 'UK', rule: 'government', {QUOTED}
    """,
    "enriched.readings": """
        source_id: 'us_federal_register', document_id: 'fr:2026-20321:2026-11-17', version_no: 1,
        parser_version: 'us_federal_register/1', reader_version: 'obligations/1 money/1'
    """,
    "enriched.relation_readings": f"{READ}, parser_version: 'us_federal_register/1'",
}

EDITION_ROWS = {
    "documents": f"""
        document_id: 'fr:2026-20321:2026-11-17', lead_source_id: 'us_federal_register',
        source_ids: ['us_federal_register'], native_id: '2026-20321', title: 'Securing the AI Supply Chain',
        abstract: 'One' || chr(10) || 'two', body: 'Text',
        url: {PAGE}, language: 'en', document_type: 'Rule',
        document_subtype: null::varchar, action: 'Final rule.',
        instrument: 'final_rule', instrument_basis: 'official', jurisdiction: 'US',
        availability: 'available', depth: 'full', published_date: date '2026-11-17', signed_date: null::date,
        effective_date: date '2027-01-01', relevance: 2, relevance_rule: 'title', topics: ['other'],
        matched_terms: ['AI'],
        completeness: 'full', version_count: 1, first_seen_at: {SEEN},
        policy_id: 'us-fr-2026-20321', evidence_id: 'e1'
    """,
    "document_versions": f"""
        source_id: 'us_federal_register', document_id: 'fr:2026-20321:2026-11-17', version_no: 1, version_id: 'v1',
        content_sha256: {SHA}, change_origin: 'source', is_news: true, changed_fields: []::varchar[],
        field_diff: null::json, title: 'Securing the AI Supply Chain', availability: 'available',
        first_seen_at: {SEEN},
        fetched_url: {FETCHED}, evidence_id: 'e1'
    """,
    "policies": f"""
        policy_id: 'us-fr-2026-20321', title: 'Securing the AI Supply Chain', instrument: 'final_rule',
        jurisdiction: 'US', track: 'export_controls', topics: ['export_controls'],
        parties: []::struct(code varchar, name varchar)[], lead_document_id: 'fr:2026-20321:2026-11-17',
        identifiers: [{{scheme: 'fr_document', value: '2026-20321'}}], first_event_date: date '2026-11-17',
        last_event_date: date '2027-01-01', latest_status: 'published', latest_status_since: date '2026-11-17',
        is_ai: true, url: {PAGE}, evidence_id: 'e1'
    """,
    "policy_documents": """
        policy_id: 'us-fr-2026-20321', document_id: 'fr:2026-20321:2026-11-17', role: 'lead', belongs_by: 'number'
    """,
    "policy_events": f"""
        event_id: 'ev1', policy_id: 'us-fr-2026-20321', document_id: 'fr:2026-20321:2026-11-17', event: 'published',
        event_date: date '2026-11-17', source_field: 'published_date', by_policy_id: null::varchar,
        confidence: 'official', quote: null::varchar, known_from: {SEEN}, evidence_id: 'e1'
    """,
    "policy_relations": f"""
        relation_id: 'r1', from_policy_id: 'us-eo-14148', from_identifier: 'eo:14148', relation: 'revokes',
        is_partial: false, provision: null::varchar, to_policy_id: 'us-eo-14110', to_identifier: 'eo:14110',
        relation_date: date '2025-01-20', until_date: null::date,
        stated_by_document_id: 'fr:2025-01901:2025-01-28', source_field: 'disposition_notes',
        quote: 'Revokes: EO 14110', confidence: 'official', known_from: {SEEN}, evidence_id: 'e1'
    """,
    "obligations": """
        obligation_id: 'o1', policy_id: 'us-eo-14110', document_id: 'fr:2023-24283:2023-11-01', section: '4.1(a)',
        actor: 'Secretary of Commerce', action: 'establish guidelines', period: 'P270D', anchor: 'order_date',
        due_date: date '2024-07-26', recurrence: null::varchar, void_from: null::date, void_by_policy_id: null::varchar,
        source_field: 'body', quote: 'Within 270 days of the date of this order', evidence_id: 'e1'
    """,
    "date_conflicts": """
        conflict_id: 'd1', document_id: 'fr:2026-20321:2026-11-17', policy_id: null::varchar,
        date_field: 'effective_date', leading_date: date '2027-01-01', leading_source_id: 'us_federal_register',
        leading_evidence_id: 'e1', other_date: date '2027-01-02', other_source_id: 'us_govinfo_fr',
        other_evidence_id: 'e1'
    """,
    "text_dates": """
        text_date_id: 't1', document_id: 'fr:2026-20321:2026-11-17', role: 'mentioned', first_date: date '2026-10-01',
        last_date: date '2026-10-31', is_relative: true, source_field: 'body', quote: 'last month', evidence_id: 'e1'
    """,
    "document_facets": """
        facet_id: 'f1', document_id: 'fr:2026-20321:2026-11-17', facet: 'party', value: 'GB', name: 'UK',
        rule: 'government', quote: 'UK', evidence_id: 'e1'
    """,
    "amounts": MONEY,
    "funding": f"{MONEY}, title: 'AI grants', published_date: date '2026-11-17'",
    "agencies": """
        agency_id: 'us:commerce-department', name: 'Commerce Department', slug: 'commerce-department',
        parent_agency_id: null::varchar, jurisdiction: 'US', url: 'https://www.commerce.gov/', document_count: 1
    """,
    "sources": """
        source_id: 'us_federal_register', title: 'US Federal Register', publisher: 'Office of the Federal Register',
        jurisdiction: 'US', cadence: 'daily', listing: 'window', time_zone: 'America/New_York',
        licence: 'us-public-domain', rank: 10, page: 'https://www.federalregister.gov/', description: 'Rules.'
    """,
    "source_coverage": """
        source_id: 'us_federal_register', day: date '2026-11-17', outcome: 'checked', found: 1, official_count: 1,
        crawl_id: 'c', checked_at: timestamptz '2026-11-23 18:00:00Z', reason: null::varchar
    """,
    "overrides": f"""
        override_id: '0123456789abcdef', record_key: 'fedcba9876543210', source_id: 'us_federal_register',
        item: '/results', error: 'UnknownShape', verdict: 'reject', state: 'rejected', old_values: '{{}}'::json,
        new_values: '{{}}'::json, author: 'Ada', reason: 'An advertisement.', decided_at: {SEEN}
    """,
    "quarantine": f"""
        quarantine_id: 'q1', source_id: 'us_federal_register', crawl_id: 'c', error: 'UnknownShape',
        message: 'expected a title, got none', where_in_answer: '/results/3', raw_text: '{{}}',
        quarantined_at: {SEEN}, evidence_id: 'e1'
    """,
    "evidence": f"""
        evidence_id: 'e1', source_id: 'us_federal_register', document_id: 'fr:2026-20321:2026-11-17', version_no: 1,
        quote: null::varchar, quote_start: 0, quote_field: null::varchar, payload_sha256: {SHA},
        source_url: {FETCHED}, warc_file: {WARC}, warc_offset: 400,
        fetched_at: {SEEN}, parser_version: 'us_federal_register/1'
    """,
    "policy_event_history": f"""
        event_id: 'ev1', policy_id: 'us-fr-2026-20321', document_id: 'fr:2026-20321:2026-11-17', event: 'effective',
        event_date: date '2026-11-17', source_field: 'effective_date', by_policy_id: null::varchar,
        confidence: 'official', quote: null::varchar, known_from: {SEEN}, known_until: {SEEN} + interval 1 day,
        evidence_id: 'e1'
    """,
    "policy_relation_history": f"""
        relation_id: 'r1', from_policy_id: 'us-eo-14148', from_identifier: 'eo:14148', relation: 'revokes',
        is_partial: false, to_policy_id: 'us-eo-14110', to_identifier: 'eo:14110', relation_date: date '2025-01-20',
        until_date: null::date, stated_by_document_id: 'fr:2025-01901:2025-01-28', source_field: 'disposition_notes',
        quote: 'Revokes: EO 14110', confidence: 'official', known_from: {SEEN},
        known_until: {SEEN} + interval 1 day, evidence_id: 'e1'
    """,
    "text_changes": """
        version_id: 'v1', document_id: 'fr:2026-20321:2026-11-17', field: 'body', before: 'may', after: 'shall'
    """,
    "fetches": f"""
        fetch_id: 'f-000001', crawl_id: 'c', source_id: 'us_federal_register', seq: 1, method: 'GET',
        url: {FETCHED}, purpose: 'listing', attempt: 1, started_at: {SEEN}, ended_at: {SEEN}, http_status: 200,
        outcome: 'ok', message: null::varchar, body_bytes: 500, payload_sha256: {SHA}, warc_file: {WARC},
        warc_offset: 400, documents: 1, rejected: 1
    """,
    "source_looks": f"""
        source_id: 'us_federal_register', day: date '2026-11-17', crawl_id: '20261123T174841123456Z-0a1b2c',
        outcome: 'checked', found: 1, official_count: 1, left_out: 0, checked_at: {SEEN}, reason: null::varchar
    """,
    "document_sightings": f"""
        source_id: 'us_federal_register', document_id: 'fr:2026-20321:2026-11-17', first_seen_at: {SEEN},
        last_seen_at: {SEEN}, last_crawl_id: '20261123T174841123456Z-0a1b2c'
    """,
    "document_aliases": """
        alias: 'govuk:path:/old name', document_id: 'govuk:0a1b:en', reason: 'moved'
    """,
    "policy_aliases": """
        alias: 'fr_citation:88 FR 75191', policy_id: 'us-eo-14110', reason: 'citation'
    """,
}


def publisher(name: str) -> str:
    """One publisher of a name."""
    return f"publishers = [{{name: {name}, native_id: '1', slug: null, parent_id: null, url: null, raw_name: null}}]"


MUTATIONS = {
    "raw_crawls": {
        "crawl_id_format": "crawl_id = 'yesterday'",
        "source_id_format": "source_id = 'US Federal Register'",
        "parser_version_format": "parser_version = 'v1'",
        "archive_sha256_format": "archive_sha256 = 'd41d8cd98f00b204e9800998ecf8427e'",
        "vocabulary_sha256_format": "vocabulary_sha256 = upper(repeat('a', 64))",
        "archive_file_format": "archive_file = '../20261123T174841123456Z-0a1b2c.warc.gz'",
        "counts_not_negative": "gate_left_out = -1",
        "since_plausible": "since = '0202-11-16'",
    },
    "raw_fetches": {
        "url_format": "url = 'file:///etc/passwd'",
        "method_known": "method = 'DELETE'",
        "purpose_known": "purpose = 'fun'",
        "outcome_format": "outcome = 'fine', payload_sha256 = null",
        "http_status_in_range": "http_status = 0",
        "body_bytes_in_range": "body_bytes = -1",
        "warc_offset_in_range": "warc_offset = -1",
        "payload_sha256_format": f"payload_sha256 = {SHA} || chr(10)",
        "payload_sha256_present": "payload_sha256 = null",
        "warc_file_present": "warc_file = null",
        "warc_offset_present": "warc_offset = null",
    },
    "raw_versions": {
        "version_no_in_range": "version_no = 0",
        "content_sha256_format": "content_sha256 = ''",
        "payload_sha256_format": "payload_sha256 = 'x'",
        "change_origin_known": "change_origin = 'weather'",
        "fetched_url_format": "fetched_url = 'ftp://ftp.loc.gov/a'",
        "warc_file_format": "warc_file = '/tmp/a.warc.gz'",
        "warc_offset_in_range": "warc_offset = -1",
        "first_seen_at_plausible": "first_seen_at = timestamptz '1970-01-01 00:00:00Z'",
    },
    "raw_documents": {
        "source_id_format": "source_id = 'us-federal-register'",
        "document_id_format": "document_id = '2026-20321'",
        "native_id_format": "native_id = ' 2026-20321'",
        "parser_version_format": "parser_version = 'us_federal_register'",
        "depth_known": "depth = 'deep'",
        "availability_known": "availability = 'maybe'",
        "language_format": "language = 'English'",
        "url_format": "url = 'javascript:alert(1)'",
        "title_present": "title = null",
        "title_length": "title = repeat('x', 2001)",
        "title_without_control_characters": "title = 'Safe' || chr(8238) || 'fdp'",
        "abstract_without_control_characters": "abstract = 'bell' || chr(7)",
        "body_without_control_characters": "body = 'zero' || chr(8203) || 'width'",
        "attachment_urls_format": "attachments = [{title: null, url: '/a.pdf', content_type: null}]",
        "published_date_not_far_ahead": "published_date = 'infinity'",
        "federal_register_date_plausible": "published_date = '1935-12-31'",
        "other_published_date_plausible": "published_date = '1881-02-27', document_id = 'govuk:0a1b:en'",
        "signed_date_plausible": "signed_date = '2099-01-01'",
        "effective_date_plausible": "effective_date = '2211-01-01'",
        "comments_open_date_plausible": "comments_open_date = '0026-11-17'",
        "comments_close_date_plausible": "comments_close_date = '2216-12-16'",
        "closes_date_plausible": "closes_date = '-infinity'",
        "first_closes_date_plausible": "closes_dates = [date '0026-04-14', date '2027-01-17']",
        "last_closes_date_plausible": "closes_dates = [date '2027-01-17', date '2216-12-16']",
        "filed_at_plausible": "filed_at = timestamptz '3200-01-30 00:00:00Z'",
        "updated_at_plausible": "updated_at = timestamptz '3200-01-30 00:00:00Z'",
        "withdrawn_at_plausible": "withdrawn_at = timestamptz '1970-01-01 00:00:00Z'",
    },
    "raw_publishers": {
        "name_present": publisher("null"),
        "name_length": publisher("''"),
        "name_without_control_characters": publisher("'A' || chr(10)"),
    },
    "raw_identifiers": {
        "scheme_known": "identifiers = [{scheme: 'isbn', value: '1'}]",
        "value_present": "identifiers = [{scheme: 'eo', value: null}]",
        "value_format": "identifiers = [{scheme: 'eo', value: '14110 '}]",
    },
    "raw_relations": {
        "relation_known": """
            relations = [{relation: 'likes', target: {scheme: 'eo', value: '1'}, field: 'f', quote: 'q'}]
        """,
        "target_value_present": """
            relations = [{relation: 'amends', target: {scheme: 'eo', value: null}, field: 'f', quote: 'q'}]
        """,
        "quote_present": """
            relations = [{relation: 'amends', target: {scheme: 'eo', value: '1'}, field: 'f', quote: null}]
        """,
    },
    "raw_amounts": {
        "kind_present": "amounts = [{kind: null, low: 1, high: 2, currency: 'USD', raw: '2', field: 'f'}]",
        "kind_known": "amounts = [{kind: 'promised', low: 1, high: 2, currency: 'USD', raw: '2', field: 'f'}]",
        "currency_format": "amounts = [{kind: 'awarded', low: 1, high: 2, currency: '$', raw: '2', field: 'f'}]",
        "low_not_above_high": "amounts = [{kind: 'awarded', low: 3, high: 2, currency: 'USD', raw: '2', field: 'f'}]",
        "size_plausible": "amounts = [{kind: 'awarded', low: null, high: 1e15, currency: 'USD', raw: '2', field: 'f'}]",
        "raw_present": "amounts = [{kind: 'awarded', low: 1, high: 2, currency: 'USD', raw: null, field: 'f'}]",
    },
    "raw_overrides": {
        "override_id_format": "override_id = 'x'",
        "verdict_known": "verdict = 'praise'",
        "state_known": "state = 'lost'",
        "author_without_control_characters": "author = 'Ada' || chr(7)",
        "reason_without_control_characters": "reason = 'So' || chr(8238)",
        "decided_at_plausible": "decided_at = timestamptz '1970-01-01 00:00:00Z'",
    },
    "raw_quarantine": {
        "error_format": "error = 'something went wrong'",
        "message_length": "message = ''",
        "raw_chars_in_range": "raw_text = repeat('x', 4001)",
        "quarantined_at_plausible": "quarantined_at = timestamptz '1970-01-01 00:00:00Z'",
    },
    "raw_source_days": {
        "source_id_format": "source_id = 'Federal Register'",
        "day_plausible": "day = '2099-01-01'",
        "found_in_range": "found = -1",
        "official_in_range": "official = -1",
    },
    "raw_sightings": {
        "source_id_format": "source_id = 'Federal Register'",
        "document_id_format": "document_id = 'x'",
        "last_crawl_id_format": "last_crawl_id = 'yesterday'",
        "first_seen_at_plausible": "first_seen_at = timestamptz '1970-01-01 00:00:00Z'",
        "first_not_after_last": "first_seen_at = last_seen_at + interval 1 day",
    },
    "raw_sources": {
        "source_id_format": "source_id = 'us-federal-register'",
        "title_format": "title = ''",
        "jurisdiction_format": "jurisdiction = 'us'",
        "time_zone_format": "time_zone = 'EST5'",
        "page_format": "page = 'www.federalregister.gov'",
        "verified_known": "verified = 'rumoured'",
    },
    "raw_identifier_schemes": {
        "scheme_format": "scheme = 'Executive order'",
        "policy_prefix_format": "policy_prefix = 'orders'",
        "strength_in_range": "strength = 0",
    },
    "raw_date_fields": {
        "source_id_format": "source_id = 'us-federal-register'",
        "depth_known": "depth = 'deep'",
        "field_format": "field = 'Published'",
        "source_field_format": "source_field = ''",
        "event_known": "event = 'celebrated'",
    },
    "raw_instrument_rules": {
        "source_id_format": "source_id = 'us-federal-register'",
        "position_in_range": "position = 0",
        "instrument_known": "instrument = 'edict'",
    },
    "raw_builds": {
        "input_fingerprint_format": "input_fingerprint = 'x'",
    },
    "enriched_relevance": {
        "relevance_known": "relevance = 3",
        "rule_format": "rule = ''",
        "extractor_version_format": "extractor_version = '1'",
        "vocabulary_sha256_format": "vocabulary_sha256 = 'x'",
        "quote_start_in_range": "quote_start = -1",
    },
    "enriched_relations": {
        "relation_known": "relation = 'likes'",
        "extractor_version_format": "extractor_version = '1'",
        "target_format": "target_value = ''",
        "quote_length": "quote = ''",
        "quote_start_in_range": "quote_start = -1",
        "target_date_plausible": "target_date = '2203-10-30'",
    },
    "enriched_obligations": {
        "extractor_version_format": "extractor_version = '1'",
        "quote_length": "quote = ''",
        "quote_start_in_range": "quote_start = -1",
        "position_in_range": "position = -1",
        "action_length": "action = ''",
        "period_format": "period = '270 days'",
        "due_date_plausible": "due_date = '2205-01-20'",
    },
    "enriched_amounts": {
        "extractor_version_format": "extractor_version = '1'",
        "quote_length": "quote = ''",
        "quote_start_in_range": "quote_start = -1",
        "position_in_range": "position = -1",
        "kind_known": "kind = 'promised'",
        "currency_format": "currency = '$'",
        "low_not_above_high": "low = 11",
        "size_plausible": "high = 1e15",
    },
    "enriched_dates": {
        "extractor_version_format": "extractor_version = '1'",
        "quote_length": "quote = ''",
        "quote_start_in_range": "quote_start = -1",
        "position_in_range": "position = -1",
        "role_known": "role = 'gossip'",
        "first_not_after_last": "first_date = '2026-11-01'",
        "both_ends_or_none": "last_date = null",
    },
    "enriched_facets": {
        "extractor_version_format": "extractor_version = '1'",
        "quote_length": "quote = ''",
        "quote_start_in_range": "quote_start = -1",
        "position_in_range": "position = -1",
        "facet_known": "facet = 'mood'",
        "topic_known": "facet = 'topic', value = 'gossip'",
        "instrument_known": "facet = 'instrument', value = 'edict'",
        "government_format": "value = 'gb'",
    },
    "enriched_readings": {
        "parser_version_format": "parser_version = '1'",
        "reader_version_length": "reader_version = ''",
    },
    "enriched_relation_readings": {
        "parser_version_format": "parser_version = '1'",
        "extractor_version_format": "extractor_version = '1'",
    },
    "edition_documents": {
        "document_id_present": "document_id = null",
        "document_id_format": "document_id = '2026-20321'",
        "lead_source_id_present": "lead_source_id = null",
        "lead_source_id_format": "lead_source_id = 'Federal Register'",
        "source_count_in_range": "source_ids = []",
        "policy_id_format": "policy_id = '14110'",
        "policy_is_held": "policy_id = 'us-eo-1'",
        "availability_present": "availability = null",
        "availability_known": "availability = 'maybe'",
        "depth_known": "depth = 'deep'",
        "completeness_present": "completeness = null",
        "completeness_known": "completeness = 'most'",
        "instrument_known": "instrument = 'Rule'",
        "jurisdiction_present": "jurisdiction = null",
        "jurisdiction_format": "jurisdiction = 'United States'",
        "language_format": "language = ''",
        "url_format": "url = 'javascript:alert(1)'",
        "relevance_present": "relevance = null",
        "relevance_known": "relevance = 7",
        "title_present": "title = null",
        "title_length": "title = ''",
        "title_without_control_characters": "title = 'two' || chr(10) || 'lines'",
        "abstract_without_control_characters": "abstract = 'bell' || chr(7)",
        "body_without_control_characters": "body = chr(65279) || 'bom'",
        "version_count_in_range": "version_count = 0",
        "evidence_id_present": "evidence_id = null",
        "published_date_not_far_ahead": "published_date = '2099-01-01'",
        "federal_register_date_plausible": "published_date = '1900-01-01'",
        "other_published_date_plausible": "published_date = '1881-02-27', document_id = 'govuk:0a1b:en'",
        "effective_date_plausible": "effective_date = '2211-01-01'",
        "first_seen_at_present": "first_seen_at = null",
        "first_seen_at_plausible": "first_seen_at = timestamptz '1970-01-01 00:00:00Z'",
    },
    "edition_versions": {
        "source_id_format": "source_id = 'Federal Register'",
        "version_id_present": "version_id = null",
        "content_sha256_present": "content_sha256 = null",
        "content_sha256_format": "content_sha256 = 'x'",
        "version_no_in_range": "version_no = 0",
        "change_origin_present": "change_origin = null",
        "change_origin_known": "change_origin = 'weather'",
        "is_news_present": "is_news = null",
        "availability_known": "availability = 'maybe'",
        "fetched_url_present": "fetched_url = null",
        "fetched_url_format": "fetched_url = 'www.gov.uk'",
        "evidence_id_present": "evidence_id = null",
    },
    "edition_policies": {
        "policy_id_present": "policy_id = null",
        "policy_id_format": "policy_id = 'EO 14110'",
        "title_present": "title = null",
        "title_length": "title = ''",
        "title_without_control_characters": "title = 'a' || chr(127)",
        "instrument_known": "instrument = 'order'",
        "jurisdiction_present": "jurisdiction = null",
        "jurisdiction_format": "jurisdiction = 'usa'",
        "track_known": "track = 'racing'",
        "latest_status_present": "latest_status = null",
        "latest_status_known": "latest_status = 'alive'",
        "latest_status_since_plausible": "latest_status_since = '1776-07-04'",
        "lead_document_id_format": "lead_document_id = 'x'",
        "is_ai_present": "is_ai = null",
        "url_format": "url = 'data:text/html,x'",
        "evidence_id_present": "evidence_id = null",
    },
    "edition_policy_documents": {
        "policy_id_format": "policy_id = 'EO 14110'",
        "document_id_format": "document_id = 'x'",
        "role_present": "role = null",
        "role_known": "role = 'guest'",
        "belongs_by_known": "belongs_by = 'chance'",
    },
    "edition_policy_events": {
        "event_id_present": "event_id = null",
        "policy_id_format": "policy_id = 'EO 14110'",
        "by_policy_id_format": "by_policy_id = 'EO 14110'",
        "document_id_format": "document_id = 'x'",
        "event_present": "event = null",
        "event_known": "event = 'celebrated'",
        "event_date_present": "event_date = null",
        "past_event_date_plausible": "event_date = '2099-01-01'",
        "event_date_not_before_1936": "event_date = '1776-07-04'",
        "planned_event_date_plausible": "event = 'closes', event_date = '2216-12-16'",
        "source_field_present": "source_field = null",
        "known_from_present": "known_from = null",
        "evidence_id_present": "evidence_id = null",
    },
    "edition_policy_relations": {
        "relation_id_present": "relation_id = null",
        "relation_present": "relation = null",
        "relation_known": "relation = 'revoked_by'",
        "from_identifier_present": "from_identifier = null",
        "from_identifier_format": "from_identifier = '14148'",
        "to_identifier_present": "to_identifier = null",
        "to_identifier_format": "to_identifier = 'eo:'",
        "from_policy_id_format": "from_policy_id = 'eo:14148'",
        "to_policy_id_format": "to_policy_id = 'eo:14110'",
        "confidence_present": "confidence = null",
        "confidence_known": "confidence = 'sure'",
        "is_partial_present": "is_partial = null",
        "quote_present": "quote = null",
        "known_from_present": "known_from = null",
        "relation_date_plausible": "relation_date = '2205-01-20'",
        "evidence_id_present": "evidence_id = null",
    },
    "edition_obligations": {
        "obligation_id_present": "obligation_id = null",
        "policy_id_format": "policy_id = 'EO 14110'",
        "document_id_format": "document_id = 'x'",
        "action_present": "action = null",
        "actor_length": "actor = repeat('x', 1001)",
        "period_format": "period = '270 days'",
        "due_date_plausible": "due_date = '2205-01-20'",
        "time_present": "due_date = null, period = null",
        "quote_present": "quote = null",
        "evidence_id_present": "evidence_id = null",
    },
    "edition_date_conflicts": {
        "conflict_id_present": "conflict_id = null",
        "document_id_format": "document_id = 'x'",
        "disagreement_real": "other_date = leading_date",
        "leading_evidence_id_present": "leading_evidence_id = null",
        "other_evidence_id_present": "other_evidence_id = null",
    },
    "edition_text_dates": {
        "text_date_id_present": "text_date_id = null",
        "document_id_format": "document_id = 'x'",
        "role_known": "role = 'gossip'",
        "first_not_after_last": "first_date = '2026-11-01'",
        "both_ends_or_none": "last_date = null",
        "quote_present": "quote = null",
        "evidence_id_present": "evidence_id = null",
    },
    "edition_facets": {
        "facet_id_present": "facet_id = null",
        "document_id_format": "document_id = 'x'",
        "facet_known": "facet = 'mood'",
        "topic_known": "facet = 'topic', value = 'gossip'",
        "instrument_known": "facet = 'instrument', value = 'edict'",
        "government_format": "value = 'gb'",
        "party_length": "name = repeat('x', 201)",
        "value_or_name_present": "name = null",
        "rule_present": "rule = null",
        "quote_present": "quote = null",
        "evidence_id_present": "evidence_id = null",
    },
    "edition_amounts": {
        "amount_id_present": "amount_id = null",
        "document_id_format": "document_id = 'x'",
        "kind_present": "kind = null",
        "kind_known": "kind = 'promised'",
        "currency_format": "currency = 'usd'",
        "low_not_above_high": "low = 11",
        "size_plausible": "high = 1e15",
        "raw_text_present": "raw_text = null",
        "evidence_id_present": "evidence_id = null",
    },
    "edition_funding": {
        "kind_present": "kind = null",
        "kind_known": "kind = 'penalty'",
        "evidence_id_present": "evidence_id = null",
    },
    "edition_sources": {
        "source_id_present": "source_id = null",
        "source_id_format": "source_id = 'us-federal-register'",
        "title_present": "title = null",
        "publisher_present": "publisher = null",
        "licence_present": "licence = null",
        "jurisdiction_format": "jurisdiction = 'us'",
        "cadence_known": "cadence = 'hourly'",
        "listing_known": "listing = 'pile'",
        "time_zone_format": "time_zone = 'EST5'",
        "page_format": "page = 'www.federalregister.gov'",
    },
    "edition_coverage": {
        "source_id_format": "source_id = 'us-federal-register'",
        "day_present": "day = null",
        "day_plausible": "day = '2099-01-01'",
        "outcome_present": "outcome = null",
        "outcome_known": "outcome = 'fine'",
        "found_in_range": "found = -1",
        "official_count_in_range": "official_count = -1",
        "reason_present": "outcome = 'could_not_look'",
    },
    "edition_agencies": {
        "agency_id_present": "agency_id = null",
        "name_present": "name = null",
        "name_length": "name = ''",
        "name_without_control_characters": "name = 'a' || chr(9) || 'b'",
        "jurisdiction_format": "jurisdiction = ''",
        "url_format": "url = '/agencies/commerce-department'",
        "document_count_in_range": "document_count = -1",
    },
    "edition_evidence": {
        "evidence_id_present": "evidence_id = null",
        "source_id_present": "source_id = null",
        "source_id_format": "source_id = 'Federal Register'",
        "payload_sha256_present": "payload_sha256 = null",
        "payload_sha256_format": "payload_sha256 = 'sha256:' || payload_sha256",
        "source_url_present": "source_url = null",
        "source_url_format": "source_url = 'file:///a'",
        "warc_file_present": "warc_file = null",
        "warc_file_format": "warc_file = 'us/../../a.warc.gz'",
        "warc_offset_present": "warc_offset = null",
        "warc_offset_in_range": "warc_offset = -1",
        "fetched_at_present": "fetched_at = null",
        "fetched_at_plausible": "fetched_at = timestamptz '1970-01-01 00:00:00Z'",
        "parser_version_present": "parser_version = null",
        "parser_version_format": "parser_version = '1'",
        "quote_start_in_range": "quote_start = -1",
    },
    "edition_quarantine": {
        "quarantine_id_present": "quarantine_id = null",
        "error_present": "error = null",
        "error_format": "error = 'bad record'",
        "message_present": "message = null",
        "raw_text_present": "raw_text = null",
        "raw_chars_in_range": "raw_text = repeat('x', 4001)",
        "message_length": "message = ''",
    },
    "edition_overrides": {
        "override_id_format": "override_id = 'x'",
        "verdict_known": "verdict = 'praise'",
        "state_known": "state = 'lost'",
        "author_present": "author = null",
        "author_without_control_characters": "author = 'Ada' || chr(7)",
        "reason_present": "reason = null",
        "reason_without_control_characters": "reason = 'So' || chr(8238)",
    },
    "edition_event_history": {
        "event_id_present": "event_id = null",
        "policy_id_format": "policy_id = 'EO 14110'",
        "document_id_format": "document_id = 'x'",
        "event_known": "event = 'celebrated'",
        "event_date_present": "event_date = null",
        "known_from_present": "known_from = null",
        "known_until_present": "known_until = null",
        "known_from_not_after_until": "known_from = known_until + interval 1 day",
        "evidence_id_present": "evidence_id = null",
    },
    "edition_relation_history": {
        "relation_id_present": "relation_id = null",
        "relation_known": "relation = 'revoked_by'",
        "from_identifier_format": "from_identifier = '14148'",
        "to_identifier_format": "to_identifier = 'eo:'",
        "confidence_known": "confidence = 'sure'",
        "known_from_present": "known_from = null",
        "known_until_present": "known_until = null",
        "known_from_not_after_until": "known_from = known_until + interval 1 day",
        "evidence_id_present": "evidence_id = null",
    },
    "edition_text_changes": {
        "version_id_present": "version_id = null",
        "document_id_format": "document_id = 'x'",
        "field_present": "field = null",
        "texts_differ": "before = after",
    },
    "edition_fetches": {
        "fetch_id_present": "fetch_id = null",
        "source_id_format": "source_id = 'Federal Register'",
        "url_format": "url = 'file:///etc/passwd'",
        "outcome_format": "outcome = 'fine'",
        "http_status_in_range": "http_status = 0",
        "body_bytes_in_range": "body_bytes = -1",
    },
    "edition_looks": {
        "source_id_format": "source_id = 'Federal Register'",
        "crawl_id_format": "crawl_id = 'yesterday'",
        "day_plausible": "day = '2099-01-01'",
        "outcome_known": "outcome = 'fine'",
        "found_in_range": "found = -1",
        "reason_present": "outcome = 'could_not_look'",
    },
    "edition_sightings": {
        "source_id_format": "source_id = 'Federal Register'",
        "document_id_format": "document_id = 'x'",
        "last_seen_at_present": "last_seen_at = null",
        "first_seen_at_plausible": "first_seen_at = timestamptz '1970-01-01 00:00:00Z'",
    },
    "edition_document_aliases": {
        "alias_present": "alias = null",
        "alias_format": "alias = '/old'",
        "target_present": "document_id = null",
        "reason_present": "reason = null",
    },
    "edition_policy_aliases": {
        "alias_present": "alias = null",
        "alias_format": "alias = '14110'",
        "target_present": "policy_id = null",
        "reason_present": "reason = null",
    },
}

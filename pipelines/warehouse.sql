-- The raw, enriched and overridden schemas of the writer's database. Statements are idempotent; every column's type is declared.
-- Grain sentences stand above each table. Nothing here is read by readers: dbt builds the marts from it.
-- A column added to a table here is added to the files of older state folders by a step in pipelines/ops/migrations/.

create schema if not exists raw;
create schema if not exists enriched;
create schema if not exists overridden;

-- One row a crawl whose ledger was loaded.
create table if not exists raw.crawls (
    crawl_id varchar not null,
    run_id varchar not null,
    source_id varchar not null,
    since date not null,
    until date not null,
    started_at timestamptz not null,
    ended_at timestamptz not null,
    planned bigint not null,
    official_total bigint,
    found_total bigint not null,
    gate_passed bigint not null,
    gate_left_out bigint not null,
    rejected bigint not null,
    is_good boolean not null,
    faults varchar[] not null,
    archive_file varchar not null,
    archive_bytes bigint not null,
    archive_sha256 varchar not null,
    landing_sha256 varchar not null,
    parser_version varchar not null,
    vocabulary_sha256 varchar not null,
    not_asked varchar, -- why the source was not asked at all
    is_stand_in boolean default false -- another address answered for the source: its texts are not official wording
);

-- One row an HTTP exchange, also the failed ones.
create table if not exists raw.fetches (
    fetch_id varchar not null,
    crawl_id varchar not null,
    source_id varchar not null,
    seq bigint not null,
    method varchar not null,
    url varchar not null,
    purpose varchar not null,
    attempt bigint not null,
    started_at timestamptz not null,
    ended_at timestamptz not null,
    http_status bigint,
    outcome varchar not null,
    message varchar,
    body_bytes bigint not null,
    payload_sha256 varchar,
    warc_file varchar,
    warc_offset bigint,
    documents bigint not null,
    rejected bigint not null
);

-- One row a source and publication day of a crawl's window.
create table if not exists raw.source_days (
    crawl_id varchar not null,
    source_id varchar not null,
    day date not null,
    found bigint not null,
    official bigint
);

-- One row a content change of one document at one source.
create table if not exists raw.document_versions (
    source_id varchar not null,
    document_id varchar not null,
    version_no bigint not null,
    content_sha256 varchar not null,
    change_origin varchar not null, -- source; vocabulary when the depth of reading grew; parser when another one read it
    is_history boolean not null, -- brought in by a first crawl or a backfill: history, not news
    first_seen_at timestamptz not null,
    crawl_id varchar not null,
    fetch_id varchar not null,
    fetched_url varchar not null,
    payload_sha256 varchar not null,
    warc_file varchar not null,
    warc_offset bigint not null
);

-- One row a document at a source: when it was seen first and last. Bookkeeping, outside every content hash.
create table if not exists raw.document_sightings (
    source_id varchar not null,
    document_id varchar not null,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    last_crawl_id varchar not null
);

-- One row a version and parser: what that parser read. Columns are those of PolicyDocument and read_from (contract test).
create table if not exists raw.document_parses (
    source_id varchar not null,
    document_id varchar not null,
    version_no bigint not null,
    parser_version varchar not null,
    native_id varchar not null,
    depth varchar not null,
    availability varchar not null,
    url varchar,
    title varchar,
    abstract varchar,
    body varchar,
    language varchar not null,
    document_type varchar,
    document_subtype varchar,
    action varchar,
    publishers struct(name varchar, native_id varchar, slug varchar, parent_id varchar, url varchar, raw_name varchar)[] not null,
    identifiers struct(scheme varchar, value varchar)[] not null,
    published_date date,
    signed_date date,
    effective_date date,
    comments_open_date date,
    comments_close_date date,
    closes_date date,
    closes_dates date[], -- all days up to which applications are taken in, where there are several
    filed_at timestamptz,
    published_at timestamptz,
    updated_at timestamptz,
    withdrawn_at timestamptz,
    withdrawal_note varchar,
    dates_note varchar,
    disposition_notes varchar,
    relations struct(relation varchar, target struct(scheme varchar, value varchar), field varchar, quote varchar)[] not null,
    amounts struct(kind varchar, low decimal(24, 2), high decimal(24, 2), currency varchar, raw varchar, field varchar)[] not null,
    attachments struct(title varchar, url varchar, content_type varchar)[] not null,
    translations struct(language varchar, url varchar)[] not null,
    change_history struct(noted_at timestamptz, note varchar)[] not null,
    subjects varchar[] not null,
    is_significant boolean,
    redirects_to varchar,
    text_flags varchar[] not null,
    source_fields json not null,
    unread_fields varchar[] not null,
    read_from struct(field varchar, quote varchar, ends bigint, fetch_id varchar)[] -- what other answers hold of it
);

-- One row a record that could not be read, or a document that could not be accepted.
create table if not exists raw.quarantine (
    quarantine_id varchar not null,
    source_id varchar not null,
    crawl_id varchar not null,
    fetch_id varchar not null,
    where_in_answer varchar not null,
    error varchar not null,
    message varchar not null,
    raw_text varchar not null,
    quarantined_at timestamptz not null,
    record_key varchar, -- the same for one record with one fault, in whichever answer: what decisions name
    kind varchar, -- record; field of a document that was kept without it; document that was read and not accepted
    item varchar, -- the document, or the place in answers of its source
    body_sha256 varchar, -- of what the source said
    document_id varchar, -- of a field and a document
    document json -- of a document, whole
);

-- One row a decision of a person about a quarantined row, as of the last load.
create table if not exists raw.overrides (
    override_id varchar not null,
    record_key varchar not null,
    source_id varchar not null,
    item varchar not null,
    error varchar not null,
    verdict varchar not null, -- accept, correct, reject, undo
    state varchar not null, -- applied, not_applied, rejected, superseded, undo
    note varchar, -- why it is not applied
    document_id varchar, -- that it changes or brings
    fetch_id varchar, -- the answer that the row stood in last
    old_values json not null,
    new_values json not null,
    author varchar not null,
    reason varchar not null,
    decided_at timestamptz not null,
    supersedes_override_id varchar
);

-- One row a version of a document that a decision touches, all of its versions by the time they were seen or decided.
create table if not exists overridden.versions as
select *, null::varchar as override_id from raw.document_versions limit 0;

-- One row a version of such a document: what it says as decided.
create table if not exists overridden.parses as select * from raw.document_parses limit 0;

-- One row a version of a document as decided: what enrichment and marts read. What sources said stays in the tables.
create or replace view raw.decided_versions as
select *, null::varchar as override_id from raw.document_versions
anti join overridden.versions using (source_id, document_id)
union all by name
select * from overridden.versions;

-- One row a version and parser of a document as decided.
create or replace view raw.decided_parses as
select * from raw.document_parses
anti join overridden.versions using (source_id, document_id)
union all by name
select * from overridden.parses;

-- One row a version judged by one extractor with one vocabulary: is it about AI, and why.
create table if not exists enriched.relevance (
    source_id varchar not null,
    document_id varchar not null,
    version_no bigint not null,
    extractor_version varchar not null,
    vocabulary_sha256 varchar not null,
    relevance bigint not null, -- 0 absent or incidental, 1 substantive part, 2 main subject
    rule varchar not null,
    matched_terms varchar[] not null,
    quote varchar,
    quote_start bigint,
    quote_field varchar
);

-- One row a relation read from an official disposition note or a field that states one.
create table if not exists enriched.relations (
    source_id varchar not null,
    document_id varchar not null,
    version_no bigint not null,
    extractor_version varchar not null,
    position bigint not null,
    relation varchar not null, -- amends, amended_by, revokes, revoked_by, supersedes, ... as stated (either direction)
    is_partial boolean not null,
    target_scheme varchar not null, -- eo, proclamation, memorandum, notice, presidential_determination, fr_document
    target_value varchar not null,
    target_date date,
    field varchar not null,
    quote varchar not null,
    quote_start bigint,
    until_date date, -- last day of a suspension, or the new day of effect
    provision varchar -- sections acted on, as printed; null where the whole is, or none is named
);

-- One row a version whose notes and official fields were read for relations, by which parser's reading and extractor.
create table if not exists enriched.relation_readings (
    source_id varchar not null,
    document_id varchar not null,
    version_no bigint not null,
    parser_version varchar not null,
    extractor_version varchar not null
);

-- One row a dated duty read from the running text of a version about AI.
create table if not exists enriched.obligations (
    source_id varchar not null,
    document_id varchar not null,
    version_no bigint not null,
    extractor_version varchar not null,
    position bigint not null,
    section varchar,
    actor varchar,
    action varchar not null,
    period varchar, -- ISO 8601 duration from the anchor, or of the rhythm
    anchor varchar,
    due_date date,
    recurrence varchar,
    field varchar not null,
    quote varchar not null,
    quote_start bigint not null
);

-- One row an amount of money read from the running text of a version about AI.
create table if not exists enriched.amounts (
    source_id varchar not null,
    document_id varchar not null,
    version_no bigint not null,
    extractor_version varchar not null,
    position bigint not null,
    kind varchar not null,
    low decimal(24, 2),
    high decimal(24, 2),
    currency varchar,
    qualifier varchar,
    field varchar not null,
    quote varchar not null,
    quote_start bigint not null,
    period varchar, -- ISO 8601 duration that the amount is for, such as P1Y
    is_part boolean, -- whether it is told as a part of another sum of the text
    said varchar, -- the sentence that tells its kind, and where in its field that begins
    said_start bigint
);

-- One row a day that the text of a version about AI gives a role to, or names relative to its own.
create table if not exists enriched.dates (
    source_id varchar not null,
    document_id varchar not null,
    version_no bigint not null,
    extractor_version varchar not null,
    position bigint not null,
    role varchar not null, -- signed, effective, comment_close; mentioned for relative days
    first_date date, -- null where it stays open which day is meant
    last_date date,
    is_relative boolean not null,
    field varchar not null,
    quote varchar not null,
    quote_start bigint not null
);

-- One row a facet of a version about AI, as its words tell it: its instrument, a topic, a party to it.
create table if not exists enriched.facets (
    source_id varchar not null,
    document_id varchar not null,
    version_no bigint not null,
    extractor_version varchar not null,
    position bigint not null,
    facet varchar not null, -- instrument, topic, party
    value varchar, -- a word of the facet's vocabulary or the code of a government; null for another party
    name varchar, -- of a party, as the text spells it
    rule varchar not null,
    field varchar not null,
    quote varchar not null,
    quote_start bigint not null
);

-- One row a version whose running text was read, by which parser's reading of it and by which extractors.
create table if not exists enriched.readings (
    source_id varchar not null,
    document_id varchar not null,
    version_no bigint not null,
    parser_version varchar not null,
    reader_version varchar not null
);

-- One row a source of the registry.
create table if not exists raw.sources (
    source_id varchar not null,
    title varchar not null,
    publisher varchar not null,
    jurisdiction varchar not null,
    cadence varchar not null,
    listing varchar not null,
    time_zone varchar not null,
    licence varchar not null,
    rank bigint not null,
    page varchar not null,
    description varchar not null,
    verified varchar not null, -- recorded or documented
    terms varchar not null,
    official_count varchar not null,
    amendments varchar not null
);

-- One row a kind of official identifier that a source of the registry issues.
create table if not exists raw.identifier_schemes (
    scheme varchar not null,
    strength bigint,
    policy_prefix varchar,
    is_page boolean not null,
    is_alias boolean not null,
    description varchar not null
);

-- One row a date of a document at a source of the registry, with the source's own name for it.
create table if not exists raw.date_fields (
    source_id varchar not null,
    depth varchar not null, -- full or listing: the same date may bear another name in a list
    field varchar not null,
    source_field varchar not null,
    event varchar
);

-- One row a rule of the registry that reads a source's own words as an instrument; the lowest position decides.
create table if not exists raw.instrument_rules (
    source_id varchar not null,
    position bigint not null,
    document_type varchar not null,
    document_subtype varchar,
    identifier_scheme varchar,
    action_pattern varchar,
    title_pattern varchar,
    instrument varchar not null,
    note varchar
);

-- One row, the fingerprint of the inputs that the marts were built from by the last good build.
create table if not exists raw.builds (
    input_fingerprint varchar not null
);

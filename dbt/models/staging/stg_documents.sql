{{ config(materialized='table') }}

-- Texts stay where they are (stg_texts): what has no use for them need not carry them along.
with versions as (
    select * from {{ source('raw', 'decided_versions') }}
),

read_anew as (
    select
        source_id,
        document_id,
        version_no
    from {{ source('raw', 'decided_parses') }}
    group by source_id, document_id, version_no
    having count(*) > 1
),

overtaken as (
    select
        parses.source_id,
        parses.document_id,
        parses.version_no,
        parses.parser_version
    from {{ source('raw', 'decided_parses') }} as parses
    inner join read_anew
        on
            parses.source_id = read_anew.source_id
            and parses.document_id = read_anew.document_id
            and parses.version_no = read_anew.version_no
    qualify
        row_number() over (
            partition by parses.source_id, parses.document_id, parses.version_no
            order by {{ revision_number('parses.parser_version') }} desc, parses.parser_version desc
        ) > 1
),

parses as (
    select parses.*
    from {{ source('raw', 'decided_parses') }} as parses
    anti join overtaken
        on
            parses.source_id = overtaken.source_id
            and parses.document_id = overtaken.document_id
            and parses.version_no = overtaken.version_no
            and parses.parser_version = overtaken.parser_version
)

select
    versions.source_id,
    versions.document_id,
    versions.version_no,

    -- provenance
    versions.content_sha256,
    versions.change_origin,
    versions.is_history,
    versions.first_seen_at,
    versions.crawl_id,
    versions.fetch_id,
    versions.fetched_url,
    versions.payload_sha256,
    versions.warc_file,
    versions.warc_offset,
    versions.override_id,
    parses.parser_version,
    parses.read_from,

    -- what the source says
    parses.native_id,
    parses.depth,
    parses.availability,
    parses.url,
    parses.title,
    parses.body is not null as has_body,
    parses.language,
    parses.document_type,
    parses.document_subtype,
    parses.action,
    parses.publishers,
    parses.identifiers,
    parses.relations,
    parses.amounts,
    parses.subjects,
    parses.is_significant,
    parses.redirects_to,
    parses.withdrawal_note,
    parses.dates_note,
    parses.disposition_notes,
    list_max(try_cast(parses.source_fields -> '$.includedSessionIds' as bigint[])) as last_session_id,

    -- source-local civil dates
    parses.published_date,
    parses.signed_date,
    parses.effective_date,
    parses.comments_open_date,
    parses.comments_close_date,
    parses.closes_date,
    parses.closes_dates,

    -- UTC instants
    parses.filed_at,
    parses.published_at,
    parses.updated_at,
    parses.withdrawn_at
from versions
inner join parses
    on
        versions.source_id = parses.source_id
        and versions.document_id = parses.document_id
        and versions.version_no = parses.version_no

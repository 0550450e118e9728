{{ config(materialized='table') }}

with versions as (
    select * from {{ source('raw', 'decided_versions') }}
),

parses as (
    select *
    from {{ source('raw', 'decided_parses') }}
    qualify
        row_number() over (
            partition by source_id, document_id, version_no
            order by {{ revision_number('parser_version') }} desc, parser_version desc
        ) = 1
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
    parses.abstract,
    parses.body,
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

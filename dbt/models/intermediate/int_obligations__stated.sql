-- Dated duties of a document: those of its whole text where a source holds it, else of its summary; of the source that
-- leads.
with read as (
    select
        obligations.*,
        chosen.lead_order
    from {{ ref('stg_obligations') }} as obligations
    inner join {{ ref('int_documents__chosen') }} as chosen
        on
            obligations.source_id = chosen.source_id
            and obligations.document_id = chosen.document_id
            and obligations.version_no = chosen.content_version_no
),

spoken as (
    select
        document_id,
        arg_min(
            struct_pack(source_id := source_id, source_field := source_field),
            struct_pack(is_summary := source_field <> 'body', place := lead_order)
        ) as source
    from read
    group by document_id
)

select
    read.document_id,
    read.source_id,
    read.version_no,
    read.section,
    read.actor,
    read.action,
    read.period,
    read.anchor,
    read.due_date,
    read.recurrence,
    read.source_field,
    read.quote,
    read.quote_start,
    read.position,
    {{ evidence_id(
        'read.source_id', 'read.document_id', 'read.version_no', 'read.source_field', 'read.quote_start', 'read.quote'
    ) }} as evidence_id
from read
inner join spoken
    on
        read.document_id = spoken.document_id
        and read.source_id = spoken.source.source_id
        and read.source_field = spoken.source.source_field

with decided as (
    select
        record_key,
        override_id,
        verdict
    from {{ ref('stg_overrides') }}
    where state in ('applied', 'not_applied', 'rejected')
)

select
    quarantined.quarantine_id,
    quarantined.source_id,
    quarantined.crawl_id,
    quarantined.error,
    quarantined.message,
    quarantined.where_in_answer,
    quarantined.raw_text,
    quarantined.quarantined_at,
    {{ fetch_evidence_id('quarantined.fetch_id') }} as evidence_id,
    quarantined.record_key,
    quarantined.kind,
    quarantined.document_id,
    decided.verdict,
    decided.override_id
from {{ ref('stg_quarantine') }} as quarantined
left join decided on quarantined.record_key = decided.record_key
order by quarantined.quarantine_id

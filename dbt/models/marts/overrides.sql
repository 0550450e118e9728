select
    overrides.override_id,
    overrides.record_key,
    overrides.source_id,
    overrides.item,
    overrides.error,
    overrides.verdict,
    overrides.state,
    overrides.note,
    documents.document_id,
    documents.policy_id,
    overrides.old_values,
    overrides.new_values,
    overrides.author,
    overrides.reason,
    overrides.decided_at,
    overrides.supersedes_override_id,
    case when overrides.fetch_id is not null then {{ fetch_evidence_id('overrides.fetch_id') }} end as evidence_id
from {{ ref('stg_overrides') }} as overrides
left join {{ ref('documents') }} as documents on overrides.document_id = documents.document_id
order by overrides.override_id

select
    amounts.amount_id,
    amounts.document_id,
    amounts.policy_id,
    amounts.kind,
    amounts.low,
    amounts.high,
    amounts.currency,
    amounts.qualifier,
    amounts.period,
    amounts.is_part,
    amounts.repeats_amount_id,
    amounts.raw_text,
    amounts.source_field,
    amounts.evidence_id,
    documents.title,
    documents.published_date
from {{ ref('amounts') }} as amounts
inner join {{ ref('amount_kind') }} as kinds on amounts.kind = kinds.kind
inner join {{ ref('documents') }} as documents on amounts.document_id = documents.document_id
where kinds.is_funding
order by amounts.document_id, amounts.amount_id

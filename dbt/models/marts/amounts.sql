select
    amounts.amount_id,
    amounts.document_id,
    members.policy_id,
    amounts.kind,
    amounts.low,
    amounts.high,
    amounts.currency,
    amounts.qualifier,
    amounts.period,
    amounts.raw_text,
    amounts.source_field,
    amounts.evidence_id
from {{ ref('int_amounts__stated') }} as amounts
left join {{ ref('int_policies__membered') }} as members on amounts.document_id = members.document_id
order by amounts.document_id, amounts.amount_id

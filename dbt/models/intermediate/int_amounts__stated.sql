-- Amounts of a document; the same amount stated by two sources is one, of the source that leads.
select
    {{ hash_id([
        "'amount'", 'amounts.document_id', 'amounts.kind', 'amounts.source_field', 'amounts.low', 'amounts.high',
        'amounts.currency', 'amounts.raw_text',
    ]) }} as amount_id,
    amounts.document_id,
    amounts.source_id,
    amounts.version_no,
    amounts.kind,
    amounts.low,
    amounts.high,
    amounts.currency,
    amounts.raw_text,
    amounts.source_field,
    {{ evidence_id(
        'amounts.source_id', 'amounts.document_id', 'amounts.version_no', 'amounts.source_field', quote='amounts.raw_text'
    ) }} as evidence_id
from {{ ref('stg_stated_amounts') }} as amounts
inner join {{ ref('int_documents__chosen') }} as chosen
    on
        amounts.source_id = chosen.source_id
        and amounts.document_id = chosen.document_id
        and amounts.version_no = chosen.content_version_no
qualify
    row_number() over (
        partition by
            amounts.document_id, amounts.kind, amounts.low, amounts.high, amounts.currency,
            case when amounts.low is null and amounts.high is null then amounts.raw_text end
        order by chosen.lead_order, amounts.position
    ) = 1

with facts as (
    select
        evidence_id,
        document_id
    from {{ ref('policy_events') }}
    union all
    select
        evidence_id,
        stated_by_document_id
    from {{ ref('policy_relations') }}
    union all
    select
        evidence_id,
        document_id
    from {{ ref('amounts') }}
    union all
    select
        evidence_id,
        document_id
    from {{ ref('documents') }}
)

select
    facts.evidence_id,
    facts.document_id,
    evidence.document_id as evidence_document_id
from facts
inner join {{ ref('evidence') }} as evidence on facts.evidence_id = evidence.evidence_id
where facts.document_id is distinct from evidence.document_id

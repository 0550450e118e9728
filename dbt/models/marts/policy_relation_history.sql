select
    relations.relation_id,
    actors.policy_id as from_policy_id,
    relations.from_identifier,
    relations.relation,
    relations.is_partial,
    relations.provision,
    targets.policy_id as to_policy_id,
    relations.to_identifier,
    relations.relation_date,
    relations.until_date,
    relations.stated_by_document_id,
    relations.source_field,
    relations.quote,
    relations.confidence,
    relations.known_from,
    relations.known_until,
    relations.evidence_id
from {{ ref('int_relations__deduplicated') }} as relations
left join {{ ref('int_policies__selected') }} as actors on relations.from_policy_id = actors.policy_id
left join {{ ref('int_policies__selected') }} as targets on relations.to_policy_id = targets.policy_id
where relations.known_until is not null and (actors.policy_id is not null or targets.policy_id is not null)
order by
    relations.from_identifier, relations.relation, relations.to_identifier, relations.is_partial, relations.known_from

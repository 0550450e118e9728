select
    relation_id,
    from_policy_id,
    relation
from {{ ref('policy_relations') }}
where from_policy_id = to_policy_id or from_identifier = to_identifier

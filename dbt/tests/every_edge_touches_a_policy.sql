select relation_id
from {{ ref('policy_relations') }}
where from_policy_id is null and to_policy_id is null

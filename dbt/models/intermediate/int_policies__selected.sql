-- Policies about AI, and every policy that such a one acts on or is acted on by.
with ai_policies as (
    select policy_id
    from {{ ref('int_documents__keyed') }}
    group by policy_id
    having bool_or(is_ai)
),

neighbours as (
    select relations.to_policy_id as policy_id
    from {{ ref('int_relations__deduplicated') }} as relations
    inner join ai_policies on relations.from_policy_id = ai_policies.policy_id
    where relations.to_policy_id is not null
    union
    select relations.from_policy_id as policy_id
    from {{ ref('int_relations__deduplicated') }} as relations
    inner join ai_policies on relations.to_policy_id = ai_policies.policy_id
    where relations.from_policy_id is not null
),

selected as (
    select policy_id from ai_policies
    union
    select policy_id from neighbours
)

select
    selected.policy_id,
    ai_policies.policy_id is not null as is_ai
from selected
left join ai_policies on selected.policy_id = ai_policies.policy_id

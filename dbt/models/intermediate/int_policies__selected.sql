-- Policies about AI, and every policy that such a one acts on or is acted on by; being pointed at is not enough.
with acts as (
    select
        relations.from_policy_id,
        relations.to_policy_id
    from {{ ref('int_relations__deduplicated') }} as relations
    inner join {{ ref('relation') }} as vocabulary on relations.relation = vocabulary.relation
    where vocabulary.is_acting and relations.known_until is null
),

ai_policies as (
    select policy_id
    from {{ ref('int_documents__keyed') }}
    group by policy_id
    having bool_or(is_ai)
),

neighbours as (
    select acts.to_policy_id as policy_id
    from acts
    inner join ai_policies on acts.from_policy_id = ai_policies.policy_id
    where acts.to_policy_id is not null
    union
    select acts.from_policy_id as policy_id
    from acts
    inner join ai_policies on acts.to_policy_id = ai_policies.policy_id
    where acts.from_policy_id is not null
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

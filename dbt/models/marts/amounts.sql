-- An amount that another document has told before: of the same policy, or in prose of the same announcement.
with told as (
    select
        amounts.*,
        members.policy_id,
        documents.jurisdiction,
        amounts.quote_start is not null as is_prose,
        coalesce(documents.published_date, documents.signed_date) as day,
        coalesce(documents.relevance, 0) < 1 as is_beside
    from {{ ref('int_amounts__stated') }} as amounts
    inner join {{ ref('int_documents__merged') }} as documents on amounts.document_id = documents.document_id
    left join {{ ref('int_policies__membered') }} as members on amounts.document_id = members.document_id
),

prose as (
    select *
    from told
    where is_prose and not is_beside and currency is not null
),

-- Two policies announce two sums, however alike.
announced as (
    select
        later.amount_id,
        arg_min(earlier.amount_id, (earlier.day, earlier.document_id, earlier.amount_id)) as first_amount_id
    from prose as later
    inner join prose as earlier
        on
            later.jurisdiction = earlier.jurisdiction
            and later.kind = earlier.kind
            and later.currency = earlier.currency
            and later.low is not distinct from earlier.low
            and later.high is not distinct from earlier.high
            and later.day between earlier.day and earlier.day + 31
            and (later.day, later.document_id, later.amount_id)
            > (earlier.day, earlier.document_id, earlier.amount_id)
            and coalesce(later.policy_id = earlier.policy_id, true)
    group by later.amount_id
),

firsts as (
    select
        told.*,
        announced.first_amount_id,
        first_value(told.amount_id) over (
            partition by told.policy_id, told.kind, told.currency, told.low, told.high
            order by told.is_beside, told.day, told.document_id, told.amount_id
        ) as first_of_policy
    from told
    left join announced on told.amount_id = announced.amount_id
),

repeated as (
    select
        *,
        case
            when low is null and high is null then null
            when policy_id is not null and first_of_policy <> amount_id then first_of_policy
            else first_amount_id
        end as repeats_amount_id
    from firsts
),

parts as (
    select distinct repeats_amount_id as amount_id
    from repeated
    where is_part and repeats_amount_id is not null
)

select
    repeated.amount_id,
    repeated.document_id,
    repeated.policy_id,
    repeated.kind,
    repeated.low,
    repeated.high,
    repeated.currency,
    repeated.qualifier,
    repeated.period,
    -- What is told as a part where it is told again is one.
    repeated.is_part or parts.amount_id is not null as is_part,
    repeated.repeats_amount_id,
    repeated.raw_text,
    repeated.source_field,
    repeated.evidence_id
from repeated
left join parts on repeated.amount_id = parts.amount_id
order by repeated.document_id, repeated.amount_id

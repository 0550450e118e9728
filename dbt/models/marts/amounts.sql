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

spaced as (
    select
        *,
        coalesce(day - lag(day) over announced <= 31, false) as follows
    from told
    window announced as (
        partition by jurisdiction, kind, currency, low, high, is_prose, is_beside
        order by day, document_id, amount_id
    )
),

announced as (
    select
        *,
        count_if(not follows) over (
            partition by jurisdiction, kind, currency, low, high, is_prose, is_beside
            order by day, document_id, amount_id
        ) as announcement
    from spaced
),

firsts as (
    select
        *,
        first_value(amount_id) over (
            partition by policy_id, kind, currency, low, high
            order by is_beside, day, document_id, amount_id
        ) as first_of_policy,
        first_value(amount_id) over (
            partition by jurisdiction, kind, currency, low, high, is_prose, is_beside, announcement
            order by day, document_id, amount_id
        ) as first_of_announcement
    from announced
)

select
    amount_id,
    document_id,
    policy_id,
    kind,
    low,
    high,
    currency,
    qualifier,
    period,
    is_part,
    case
        when low is null and high is null then null
        when policy_id is not null and first_of_policy <> amount_id then first_of_policy
        when is_prose and currency is not null and first_of_announcement <> amount_id then first_of_announcement
    end as repeats_amount_id,
    raw_text,
    source_field,
    evidence_id
from firsts
order by document_id, amount_id

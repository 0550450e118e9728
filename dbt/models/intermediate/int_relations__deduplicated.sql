-- One edge in each unbroken time in which any document states it: the best statement is kept, the earliest knowledge of
-- it counts. An edge that no document states any more ends with its last statement.
with policy_dates as (
    select
        keyed.policy_id,
        min(coalesce(documents.signed_date, documents.published_date)) as made_date,
        max(case when instruments.binds_from = 'effective' then documents.effective_date end) as binding_date
    from {{ ref('int_documents__keyed') }} as keyed
    inner join {{ ref('int_documents__merged') }} as documents on keyed.document_id = documents.document_id
    left join {{ ref('instrument') }} as instruments on documents.instrument = instruments.instrument
    group by keyed.policy_id
),

dated as (
    select
        asserted.*,
        -- A pointer is no act: neither end dates it.
        case
            when not vocabulary.is_acting then null
            when policy_dates.made_date is null then asserted.stated_date
            when asserted.is_next_step then policy_dates.made_date
            -- A rule may be held up from its filing on, days before it is printed.
            when asserted.relation = 'suspends' then coalesce(policy_dates.binding_date, policy_dates.made_date)
            else greatest(policy_dates.made_date, policy_dates.binding_date)
        end as relation_date,
        coalesce(asserted.known_until, cast('infinity' as timestamptz)) as stated_until
    from {{ ref('int_relations__asserted') }} as asserted
    inner join {{ ref('relation') }} as vocabulary on asserted.relation = vocabulary.relation
    left join policy_dates on asserted.from_policy_id = policy_dates.policy_id
),

overlapping as (
    select
        *,
        max(stated_until) over (
            partition by from_identifier, relation, to_identifier, is_partial
            order by known_from, document_id, source_id, source_field, quote
            rows between unbounded preceding and 1 preceding
        ) as stated_so_far
    from dated
),

joined as (
    select
        *,
        count_if(stated_so_far is null or known_from > stated_so_far) over (
            partition by from_identifier, relation, to_identifier, is_partial
            order by known_from, document_id, source_id, source_field, quote
        ) as span
    from overlapping
),

weighed as (
    select
        *,
        -- A note says that a part is ended, the text says which.
        coalesce(
            provision,
            min(provision) over (
                partition by from_identifier, relation, to_identifier, is_partial, span
            )
        ) as named_provision,
        min(known_from) over (
            partition by from_identifier, relation, to_identifier, is_partial, span
        ) as span_from,
        max(stated_until) over (
            partition by from_identifier, relation, to_identifier, is_partial, span
        ) as span_until,
        row_number() over (
            partition by from_identifier, relation, to_identifier, is_partial, span
            order by
                stated_until desc,
                array_position(['official', 'stated', 'inferred'], confidence),
                is_stated_by_actor desc,
                lead_order,
                document_id,
                quote_start nulls last,
                quote,
                source_field,
                source_id
        ) as preference
    from joined
)

select
    {{ hash_id(["'relation'", 'from_identifier', 'relation', 'to_identifier', 'is_partial']) }} as relation_id,
    from_policy_id,
    from_identifier,
    relation,
    is_partial,
    to_policy_id,
    to_identifier,
    relation_date,
    document_id as stated_by_document_id,
    source_id as stated_by_source_id,
    version_no as stated_by_version_no,
    source_field,
    quote,
    quote_start,
    confidence,
    actor_comments_close_date,
    until_date,
    named_provision as provision,
    span_from as known_from,
    nullif(span_until, cast('infinity' as timestamptz)) as known_until,
    {{ evidence_id('source_id', 'document_id', 'version_no', 'source_field', 'quote_start', 'quote') }} as evidence_id
from weighed
where preference = 1
-- Whoever acts on something names it too.
qualify relation <> 'cites' or bool_and(relation = 'cites') over (partition by from_identifier, to_identifier)

-- One edge, however many documents state it: the best statement is kept, the earliest knowledge of it counts.
with policy_dates as (
    select
        keyed.policy_id,
        min(coalesce(documents.signed_date, documents.published_date)) as acted_date
    from {{ ref('int_documents__keyed') }} as keyed
    inner join {{ ref('int_documents__merged') }} as documents on keyed.document_id = documents.document_id
    group by keyed.policy_id
),

-- Since when a statement stands in the unbroken run of versions that make it.
versions as (
    select
        documents.source_id,
        documents.document_id,
        documents.version_no,
        documents.first_seen_at
    from {{ ref('stg_documents') }} as documents
),

statements as (
    select
        source_id,
        document_id,
        version_no,
        relation,
        quote
    from {{ ref('stg_relations') }}
    union all
    select
        source_id,
        document_id,
        version_no,
        relation,
        quote
    from {{ ref('stg_stated_relations') }}
),

first_stated as (
    select
        statements.source_id,
        statements.document_id,
        statements.quote,
        min(versions.first_seen_at) as known_from
    from statements
    inner join versions
        on
            statements.source_id = versions.source_id
            and statements.document_id = versions.document_id
            and statements.version_no = versions.version_no
    group by statements.source_id, statements.document_id, statements.quote
),

weighed as (
    select
        asserted.*,
        -- A pointer is no act: neither end dates it.
        case
            when vocabulary.is_acting then coalesce(policy_dates.acted_date, asserted.stated_date)
        end as relation_date,
        min(coalesce(asserted.inferred_known_from, first_stated.known_from)) over (
            partition by
                asserted.from_identifier, asserted.relation, asserted.to_identifier, asserted.is_partial
        ) as edge_known_from,
        row_number() over (
            partition by
                asserted.from_identifier, asserted.relation, asserted.to_identifier, asserted.is_partial
            order by
                array_position(['official', 'stated', 'inferred'], asserted.confidence),
                asserted.is_stated_by_actor desc,
                asserted.lead_order,
                asserted.document_id,
                asserted.quote_start nulls last,
                asserted.quote
        ) as preference
    from {{ ref('int_relations__asserted') }} as asserted
    inner join {{ ref('relation') }} as vocabulary on asserted.relation = vocabulary.relation
    left join first_stated
        on
            asserted.source_id = first_stated.source_id
            and asserted.document_id = first_stated.document_id
            and asserted.quote = first_stated.quote
    left join policy_dates on asserted.from_policy_id = policy_dates.policy_id
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
    edge_known_from as known_from,
    {{ evidence_id('source_id', 'document_id', 'version_no', 'source_field', 'quote_start', 'quote') }} as evidence_id
from weighed
where preference = 1

-- The policy that a document would belong to, whether or not it is about AI: the one that it names itself, the one that
-- another source publishes under the same title in the same days, or that of the page it is a part of.
with recursive matched as (
    select
        named.document_id,
        leads.policy_id,
        leads.canonical_identifier,
        named.instrument,
        named.is_correcting,
        case when named.document_id = leads.document_id then 'number' else 'title' end as belongs_by,
        named.is_ai,
        named.canonical_identifier as own_identifier
    from {{ ref('int_documents__named') }} as named
    left join {{ ref('int_documents__paired') }} as paired on named.document_id = paired.document_id
    inner join {{ ref('int_documents__named') }} as leads
        on coalesce(paired.lead_document_id, named.document_id) = leads.document_id
),

-- The text of a publication may be a page of its own. A collection is no such parent: its pages stand for themselves.
parents as (
    select
        stated.document_id,
        arg_min(matched.document_id, matched.policy_id) as parent_id
    from {{ ref('stg_stated_relations') }} as stated
    inner join {{ ref('int_documents__chosen') }} as chosen
        on
            stated.source_id = chosen.source_id
            and stated.document_id = chosen.document_id
            and stated.version_no = chosen.content_version_no
    inner join matched on matched.own_identifier = stated.target_scheme || ':' || stated.target_value
    where
        stated.relation = 'part_of'
        and stated.source_field in ('links.parent', 'links.manual')
        and stated.document_id <> matched.document_id
    group by stated.document_id
),

-- A part of a part belongs to the whole. Pages that name each other as parent have none, and stand for themselves.
wholes as (
    select
        document_id,
        parent_id as whole_id,
        1 as steps
    from parents
    union all
    select
        wholes.document_id,
        parents.parent_id as whole_id,
        wholes.steps + 1 as steps
    from wholes
    inner join parents on wholes.whole_id = parents.document_id
    where wholes.steps < 9
),

attached as (
    select
        wholes.document_id,
        matched.policy_id,
        matched.canonical_identifier
    from wholes
    anti join parents on wholes.whole_id = parents.document_id
    inner join matched on wholes.whole_id = matched.document_id
)

select
    matched.document_id,
    matched.policy_id,
    matched.canonical_identifier,
    matched.instrument,
    matched.is_correcting,
    matched.belongs_by,
    matched.is_ai
from matched
anti join attached on matched.document_id = attached.document_id
union all
select
    attached.document_id,
    attached.policy_id,
    attached.canonical_identifier,
    documents.instrument,
    false as is_correcting,
    'part' as belongs_by,
    coalesce(documents.relevance, 0) >= 1 as is_ai
from attached
inner join {{ ref('int_documents__merged') }} as documents on attached.document_id = documents.document_id

{{ config(materialized='view') }}

-- The texts of a publication, each of the first source that has it.
with held as (
    select
        chosen.document_id,
        chosen.lead_order,
        chosen.source_count,
        texts.abstract,
        texts.body
    from {{ ref('int_documents__chosen') }} as chosen
    inner join {{ ref('stg_texts') }} as texts
        on
            chosen.source_id = texts.source_id
            and chosen.document_id = texts.document_id
            and chosen.content_version_no = texts.version_no
)

select
    document_id,
    abstract,
    body
from held
where source_count = 1
union all
select
    document_id,
    arg_min(abstract, lead_order) as abstract,
    arg_min(body, lead_order) as body
from held
where source_count > 1
group by document_id

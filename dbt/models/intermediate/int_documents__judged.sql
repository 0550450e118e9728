-- The strongest judgement of a document over its sources: a listed line may not show what the full text says.
select
    chosen.document_id,
    relevance.source_id,
    relevance.version_no,
    relevance.relevance,
    relevance.rule as relevance_rule,
    relevance.matched_terms
from {{ ref('stg_relevance') }} as relevance
inner join {{ ref('int_documents__chosen') }} as chosen
    on
        relevance.source_id = chosen.source_id
        and relevance.document_id = chosen.document_id
        and relevance.version_no = chosen.content_version_no
qualify
    row_number() over (
        partition by chosen.document_id
        order by relevance.relevance desc, chosen.lead_order
    ) = 1

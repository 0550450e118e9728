select
    {{ hash_id(["'facet'", 'document_id', 'facet', 'value', 'name']) }} as facet_id,
    document_id,
    facet,
    value,
    name,
    rule,
    quote,
    evidence_id
from {{ ref('int_facets__stated') }}
order by document_id, facet, value nulls last, name

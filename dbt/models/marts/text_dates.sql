select
    {{ hash_id([
        "'text date'", 'document_id', 'role', 'first_date', 'last_date', 'quote',
    ]) }} as text_date_id,
    document_id,
    role,
    first_date,
    last_date,
    is_relative,
    source_field,
    quote,
    evidence_id
from {{ ref('int_text_dates__stated') }}
order by document_id, first_date nulls last, text_date_id

select
    source_id,
    depth,
    field,
    source_field,
    event
from {{ source('raw', 'date_fields') }}

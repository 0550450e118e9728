select
    source_id,
    depth,
    field,
    source_field
from {{ source('raw', 'date_fields') }}

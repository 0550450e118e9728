select
    source_id,
    title,
    publisher,
    jurisdiction,
    cadence,
    listing,
    time_zone,
    licence,
    rank,
    page,
    description
from {{ source('raw', 'sources') }}

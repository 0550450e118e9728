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
    description,
    verified,
    terms,
    official_count,
    amendments
from {{ source('raw', 'sources') }}

select
    source_id,
    position,
    document_type,
    document_subtype,
    identifier_scheme,
    action_pattern,
    title_pattern,
    instrument,
    note
from {{ source('raw', 'instrument_rules') }}

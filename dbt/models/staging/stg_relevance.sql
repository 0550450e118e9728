-- The row written last wins among the vocabularies of the newest extractor: hashes have no order of their own.
select
    source_id,
    document_id,
    version_no,
    extractor_version,
    vocabulary_sha256,
    relevance,
    rule,
    matched_terms,
    quote,
    quote_start,
    quote_field
from {{ source('enriched', 'relevance') }}
qualify
    row_number() over (
        partition by source_id, document_id, version_no
        order by {{ revision_number('extractor_version') }} desc, extractor_version desc, rowid desc
    ) = 1

-- Of each extractor the newest revision counts; several extractors read one document.
with extracted as (
    select *
    from {{ source('enriched', 'relations') }}
    qualify
        dense_rank() over (
            partition by source_id, document_id, version_no, split_part(extractor_version, '/', 1)
            order by {{ revision_number('extractor_version') }} desc, extractor_version desc
        ) = 1
)

select
    source_id,
    document_id,
    version_no,
    position,
    extractor_version,
    split_part(extractor_version, '/', 1) = 'relations' as is_prose,
    relation,
    is_partial,
    target_scheme,
    target_value,
    target_date,
    until_date,
    provision,
    field as source_field,
    quote,
    quote_start
from extracted

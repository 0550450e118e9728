-- Other names under which a document is looked up, where they name one document alone.
with paths as (
    select
        'govuk:path:' || value as alias,
        document_id,
        'path of the page at some time' as reason
    from {{ ref('stg_identifiers') }}
    where scheme = 'govuk_path'
),

numbers as (
    select
        'fr:' || value as alias,
        document_id,
        'document number without its publication date' as reason
    from {{ ref('stg_identifiers') }}
    where scheme = 'fr_document' and document_id like 'fr:%'
),

redirects as (
    select
        moved.document_id as alias,
        targets.document_id,
        'the page redirects there' as reason
    from {{ ref('stg_documents') }} as moved
    inner join {{ ref('stg_identifiers') }} as targets
        on
            moved.source_id = targets.source_id
            and targets.scheme = 'govuk_path'
            and regexp_extract(moved.redirects_to, '^(?:https?://[^/]+)?(/[^?#]*)', 1) = targets.value
    where moved.redirects_to is not null
),

named as (
    select * from paths
    union
    select * from numbers
    union
    select * from redirects
)

select
    alias,
    min(document_id) as document_id,
    min(reason) as reason
from named
where alias <> document_id
group by alias
having count(distinct document_id) = 1
order by alias

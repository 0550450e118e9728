select
    versions.source_id,
    versions.document_id,
    versions.version_no,
    {{ hash_id(["'document_version'", 'versions.source_id', 'versions.document_id', 'versions.version_no']) }}
        as version_id,
    versions.content_sha256,
    versions.change_origin,
    versions.change_origin = 'source' and not versions.is_history as is_news,
    coalesce(compared.changed_fields, cast([] as varchar[])) as changed_fields,
    cast(compared.field_diff as json) as field_diff,
    case
        when compared.is_cosmetic is null then null
        when versions.change_origin <> 'source' then 'reread'
        when compared.is_cosmetic then 'cosmetic'
        else 'substantive'
    end as change_kind,
    versions.title,
    versions.availability,
    versions.first_seen_at,
    versions.fetched_url,
    {{ evidence_id('versions.source_id', 'versions.document_id', 'versions.version_no') }} as evidence_id,
    versions.override_id
from {{ ref('stg_documents') }} as versions
left join {{ ref('int_documents__compared') }} as compared
    on
        versions.source_id = compared.source_id
        and versions.document_id = compared.document_id
        and versions.version_no = compared.version_no

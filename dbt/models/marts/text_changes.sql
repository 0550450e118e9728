with changed_bodies as (
    select
        versions.source_id,
        versions.document_id,
        versions.version_no
    from {{ ref('int_documents__compared') }} as versions
    inner join {{ ref('documents') }} as documents on versions.document_id = documents.document_id
    where
        list_contains(versions.changed_fields, 'body')
        and (documents.relevance >= 1 or documents.policy_id is not null)
),

bodies as (
    select
        source_id,
        document_id,
        version_no,
        body,
        lag(body) over (partition by source_id, document_id order by version_no) as body_before
    from {{ ref('stg_texts') }}
    where document_id in (select changed_bodies.document_id from changed_bodies)
)

select
    {{ hash_id(["'document_version'", 'bodies.source_id', 'bodies.document_id', 'bodies.version_no']) }} as version_id,
    bodies.document_id,
    'body' as field,
    bodies.body_before as before,
    bodies.body as after
from bodies
inner join changed_bodies
    on
        bodies.source_id = changed_bodies.source_id
        and bodies.document_id = changed_bodies.document_id
        and bodies.version_no = changed_bodies.version_no
order by version_id

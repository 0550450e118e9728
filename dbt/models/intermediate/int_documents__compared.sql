-- What changed from one version of a document to the next at the same source.
{% set running_text = ['title', 'abstract', 'body', 'disposition_notes'] %}
{% set compared = [
    ('title', 'title'),
    ('abstract', 'abstract'),
    ('body', "cast(length(body) as varchar) || ' characters, sha256 ' || sha256(body)"),
    ('availability', 'availability'),
    ('disposition_notes', 'disposition_notes'),
    ('identifiers', 'identifier_text'),
    ('published_date', 'cast(published_date as varchar)'),
    ('signed_date', 'cast(signed_date as varchar)'),
    ('effective_date', 'cast(effective_date as varchar)'),
    ('comments_open_date', 'cast(comments_open_date as varchar)'),
    ('comments_close_date', 'cast(comments_close_date as varchar)'),
    ('closes_date', 'cast(closes_date as varchar)'),
    (
        'closes_dates',
        "nullif(array_to_string(list_filter(closes_dates, lambda day: day is distinct from closes_date), ', '), '')"
    ),
    ('withdrawn_date', "cast(cast(withdrawn_at at time zone time_zone as date) as varchar)"),
] %}
with changed_documents as (
    select
        source_id,
        document_id
    from {{ ref('stg_documents') }}
    group by source_id, document_id
    having count(*) > 1
),

identified as (
    select
        identifiers.source_id,
        identifiers.document_id,
        identifiers.version_no,
        string_agg(
            identifiers.scheme || ':' || identifiers.value, ', ' order by identifiers.scheme, identifiers.value
        ) as identifier_text
    from {{ ref('stg_identifiers') }} as identifiers
    inner join changed_documents
        on
            identifiers.source_id = changed_documents.source_id
            and identifiers.document_id = changed_documents.document_id
    group by identifiers.source_id, identifiers.document_id, identifiers.version_no
),

versions as (
    select
        documents.*,
        texts.abstract,
        texts.body,
        chosen.time_zone,
        identified.identifier_text,
        row_number() over (
            partition by documents.source_id, documents.document_id
            order by documents.version_no
        ) as step
    from {{ ref('stg_documents') }} as documents
    inner join changed_documents
        on
            documents.source_id = changed_documents.source_id
            and documents.document_id = changed_documents.document_id
    inner join {{ ref('stg_texts') }} as texts
        on
            documents.source_id = texts.source_id
            and documents.document_id = texts.document_id
            and documents.version_no = texts.version_no
    inner join {{ ref('int_documents__chosen') }} as chosen
        on
            documents.source_id = chosen.source_id
            and documents.document_id = chosen.document_id
    left join identified
        on
            documents.source_id = identified.source_id
            and documents.document_id = identified.document_id
            and documents.version_no = identified.version_no
),

stated as (
    {% for name, expression in compared -%}
    select
        source_id,
        document_id,
        version_no,
        step,
        depth,
        {{ loop.index }} as position,
        '{{ name }}' as field,
        {{ expression }} as value,
        {{ 'md5(' ~ written_words(name) ~ ')' if name in running_text else 'null' }} as words
    from versions
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor -%}
),

changes as (
    select
        after.source_id,
        after.document_id,
        after.version_no,
        after.position,
        after.field,
        before.value as before_value,
        after.value as after_value,
        coalesce(before.words = after.words, false) as is_cosmetic
    from stated as after
    inner join stated as before
        on
            after.source_id = before.source_id
            and after.document_id = before.document_id
            and after.field = before.field
            and after.step = before.step + 1
    where
        after.value is distinct from before.value
        -- What a listed line does not show is unknown, not empty.
        and not (before.value is null and before.depth = 'listing' and after.depth = 'full')
        and not (after.value is null and after.depth = 'listing' and before.depth = 'full')
),

collected as (
    select
        source_id,
        document_id,
        version_no,
        list(field order by position) as changed_fields,
        cast(
            to_json(list(struct_pack(field := field, before := before_value, after := after_value) order by position))
            as varchar
        ) as field_diff,
        bool_and(is_cosmetic) as is_cosmetic
    from changes
    group by source_id, document_id, version_no
)

select
    versions.source_id,
    versions.document_id,
    versions.version_no,
    coalesce(collected.changed_fields, cast([] as varchar[])) as changed_fields,
    coalesce(collected.field_diff, '[]') as field_diff,
    collected.is_cosmetic
from versions
left join collected
    on
        versions.source_id = collected.source_id
        and versions.document_id = collected.document_id
        and versions.version_no = collected.version_no
where versions.step > 1

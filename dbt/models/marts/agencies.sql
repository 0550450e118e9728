-- The bodies that the documents name, as the latest document that names them does; the source with a slug leads.
with named as (
    select
        publishers.source_id,
        publishers.agency_id,
        publishers.name,
        publishers.slug,
        publishers.native_id,
        publishers.parent_native_id,
        publishers.jurisdiction,
        publishers.url,
        documents.document_id,
        documents.published_date,
        publishers.position,
        list_contains(documents.agency_ids, publishers.agency_id) as is_listed
    from {{ ref('int_publishers__identified') }} as publishers
    inner join {{ ref('int_documents__chosen') }} as chosen
        on
            publishers.source_id = chosen.source_id
            and publishers.document_id = chosen.document_id
            and publishers.version_no = chosen.content_version_no
    inner join {{ ref('int_documents__merged') }} as documents on publishers.document_id = documents.document_id
),

natives as (
    select
        source_id,
        native_id,
        min(agency_id) as agency_id
    from named
    where native_id is not null
    group by source_id, native_id
),

latest as (
    select *
    from named
    where is_listed
    qualify
        row_number() over (
            partition by agency_id
            order by slug is null, published_date desc nulls last, document_id, source_id, position
        ) = 1
),

counted as (
    select
        named.agency_id,
        count(distinct named.document_id) filter (where named.is_listed) as document_count,
        coalesce(
            list(distinct named.name order by named.name) filter (where named.name <> latest.name),
            cast([] as varchar[])
        ) as other_names
    from named
    inner join latest on named.agency_id = latest.agency_id
    group by named.agency_id
)

select
    latest.agency_id,
    latest.name,
    counted.other_names,
    latest.slug,
    case when natives.agency_id <> latest.agency_id then natives.agency_id end as parent_agency_id,
    latest.jurisdiction,
    latest.url,
    counted.document_count
from latest
inner join counted on latest.agency_id = counted.agency_id
left join natives on latest.source_id = natives.source_id and latest.parent_native_id = natives.native_id
order by latest.agency_id

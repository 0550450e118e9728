-- Which version speaks for a document at one source. What it says comes from the fullest version that still shows the
-- document; whether it is still there comes from the latest.
with ranked as (
    select
        source_id,
        document_id,
        version_no,
        row_number() over (
            partition by source_id, document_id
            order by availability in ('available', 'withdrawn') desc, depth = 'full' desc, version_no desc
        ) as content_order,
        row_number() over (
            partition by source_id, document_id
            order by version_no desc
        ) as state_order
    from {{ ref('stg_documents') }}
),

chosen as (
    select
        source_id,
        document_id,
        min(version_no) filter (where content_order = 1) as content_version_no,
        min(version_no) filter (where state_order = 1) as state_version_no
    from ranked
    group by source_id, document_id
)

select
    chosen.source_id,
    chosen.document_id,
    chosen.content_version_no,
    chosen.state_version_no,
    sources.jurisdiction,
    coalesce(calendars.time_zone, sources.time_zone) as time_zone,
    row_number() over (
        partition by chosen.document_id
        order by sources.rank, chosen.source_id
    ) as lead_order,
    count(*) over (partition by chosen.document_id) as source_count
from chosen
inner join {{ ref('stg_sources') }} as sources on chosen.source_id = sources.source_id
-- A source may list by UTC what its country dates by its own day.
left join {{ ref('civil_calendar') }} as calendars on sources.jurisdiction = calendars.jurisdiction

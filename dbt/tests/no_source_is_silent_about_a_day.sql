-- Between the first and the last day that any source was asked for, each source has a row for every day.
with span as (
    select cast(unnest(generate_series(min(day), max(day), interval 1 day)) as date) as day
    from {{ ref('source_coverage') }}
)

select
    sources.source_id,
    span.day
from {{ ref('sources') }} as sources
cross join span
left join {{ ref('source_coverage') }} as coverage
    on sources.source_id = coverage.source_id and span.day = coverage.day
where coverage.day is null

with asked as (
    select
        source_id,
        cast(unnest(generate_series(since_date, until_date, interval 1 day)) as date) as day
    from {{ ref('stg_crawls') }}
)

select distinct
    asked.source_id,
    asked.day
from asked
left join {{ ref('source_coverage') }} as coverage
    on asked.source_id = coverage.source_id and asked.day = coverage.day
where coverage.day is null

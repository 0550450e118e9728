-- Every day up to that of the crawl in its source's calendar; a day still ahead cannot have been looked at. Of a source
-- that lists what is open now it is the crawl's own day, and no other.
with crawled as (
    select
        crawls.source_id,
        crawls.since_date,
        crawls.until_date,
        sources.listing = 'snapshot' as is_snapshot,
        cast(crawls.ended_at at time zone coalesce(calendars.time_zone, sources.time_zone) as date) as own_day
    from {{ ref('stg_crawls') }} as crawls
    inner join {{ ref('stg_sources') }} as sources on crawls.source_id = sources.source_id
    left join {{ ref('civil_calendar') }} as calendars on sources.jurisdiction = calendars.jurisdiction
),

asked as (
    select distinct
        source_id,
        cast(unnest(generate_series(since_date, least(until_date, own_day), interval 1 day)) as date) as day
    from crawled
    where not is_snapshot
    union
    select
        source_id,
        own_day
    from crawled
    where is_snapshot
),

coverage as (
    select
        source_id,
        day
    from {{ ref('source_coverage') }}
    where crawl_id is not null
)

select
    coalesce(asked.source_id, coverage.source_id) as source_id,
    coalesce(asked.day, coverage.day) as day
from asked
full join coverage
    on asked.source_id = coverage.source_id and asked.day = coverage.day
where coverage.day is null or asked.day is null

-- Every day up to that of the crawl in its source's calendar; a day still ahead cannot have been looked at.
with asked as (
    select
        crawls.source_id,
        cast(
            unnest(
                generate_series(
                    crawls.since_date,
                    least(
                        crawls.until_date,
                        cast(
                            crawls.ended_at at time zone coalesce(calendars.time_zone, sources.time_zone) as date
                        )
                    ),
                    interval 1 day
                )
            ) as date
        ) as day
    from {{ ref('stg_crawls') }} as crawls
    inner join {{ ref('stg_sources') }} as sources on crawls.source_id = sources.source_id
    left join {{ ref('civil_calendar') }} as calendars on sources.jurisdiction = calendars.jurisdiction
)

select distinct
    asked.source_id,
    asked.day
from asked
left join {{ ref('source_coverage') }} as coverage
    on asked.source_id = coverage.source_id and asked.day = coverage.day
where coverage.day is null

{{ config(materialized='view') }}

-- Looked and found, looked and found nothing, read and kept nothing, could not look, not asked for want of a key. A day
-- nobody asked for has no row, nor has one that lay ahead of the crawl that asked for it.
with asked as (
    select
        crawls.source_id,
        crawls.crawl_id,
        crawls.started_at,
        crawls.ended_at,
        crawls.is_good,
        crawls.gate_left_out,
        crawls.not_asked,
        coalesce(crawls.not_asked, nullif(array_to_string(crawls.faults, '; '), ''), 'no reason stated') as fault_text,
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
),

-- Where the gate decides on the depth of reading only, what it leaves out is still kept as a line of a list.
listing_sources as (
    select distinct source_id
    from {{ ref('stg_documents') }}
    where depth = 'listing'
),

ranked as (
    select
        *,
        row_number() over (partition by source_id, day order by started_at desc, crawl_id desc) as recency
    from asked
),

-- A crawl that asked says more than a later one that did not.
latest as (
    select * from ranked
    qualify
        row_number() over (partition by source_id, day order by not_asked is not null, recency) = 1
),

good as (
    select * from ranked
    where is_good
    qualify row_number() over (partition by source_id, day order by started_at desc, crawl_id desc) = 1
),

settled as (
    select
        latest.source_id,
        latest.day,
        good.crawl_id is not null as is_checked,
        latest.not_asked is null as is_asked,
        case
            when listing_sources.source_id is null then coalesce(good.gate_left_out, latest.gate_left_out) else 0
        end as left_out,
        coalesce(good.crawl_id, latest.crawl_id) as crawl_id,
        coalesce(good.ended_at, latest.ended_at) as checked_at,
        case
            when latest.is_good then null
            when good.crawl_id is null then latest.fault_text
            else 're-check by ' || latest.crawl_id || ' failed: ' || latest.fault_text
        end as reason
    from latest
    left join good on latest.source_id = good.source_id and latest.day = good.day
    left join listing_sources on latest.source_id = listing_sources.source_id
)

select
    settled.source_id,
    settled.day,
    case
        when not settled.is_asked then 'not_asked'
        when not settled.is_checked then 'could_not_look'
        when days.found > 0 then 'checked'
        when settled.left_out > 0 and days.official is null then 'checked_nothing_kept'
        else 'checked_nothing_found'
    end as outcome,
    coalesce(days.found, 0) as found,
    days.official as official_count,
    settled.left_out,
    settled.crawl_id,
    settled.checked_at,
    settled.reason
from settled
left join {{ ref('stg_source_days') }} as days
    on
        settled.crawl_id = days.crawl_id
        and settled.source_id = days.source_id
        and settled.day = days.day
order by settled.source_id, settled.day

{{ config(materialized='view') }}

-- Looked and found, looked and found nothing, could not look; a day nobody asked for has no row.
with asked as (
    select
        crawls.source_id,
        crawls.crawl_id,
        crawls.started_at,
        crawls.ended_at,
        crawls.is_good,
        coalesce(nullif(array_to_string(crawls.faults, '; '), ''), 'no reason stated') as fault_text,
        cast(unnest(generate_series(crawls.since_date, crawls.until_date, interval 1 day)) as date) as day
    from {{ ref('stg_crawls') }} as crawls
),

ranked as (
    select
        *,
        row_number() over (partition by source_id, day order by started_at desc, crawl_id desc) as recency
    from asked
),

latest as (
    select * from ranked
    where recency = 1
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
        coalesce(good.crawl_id, latest.crawl_id) as crawl_id,
        coalesce(good.ended_at, latest.ended_at) as checked_at,
        case
            when latest.is_good then null
            when good.crawl_id is null then latest.fault_text
            else 're-check by ' || latest.crawl_id || ' failed: ' || latest.fault_text
        end as reason
    from latest
    left join good on latest.source_id = good.source_id and latest.day = good.day
)

select
    settled.source_id,
    settled.day,
    case
        when not settled.is_checked then 'could_not_look'
        when coalesce(days.found, 0) = 0 then 'checked_nothing_found'
        else 'checked'
    end as outcome,
    coalesce(days.found, 0) as found,
    days.official as official_count,
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

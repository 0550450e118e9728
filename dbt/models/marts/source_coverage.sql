{{ config(materialized='view') }}

-- Looked and found, looked and found nothing, read and kept nothing, could not look, not asked: between the first and
-- the last day that any source was asked for, no source is silent about a day.
with asked as (
    {{ looked_days() }}
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
        coalesce(good.crawl_id, latest.crawl_id) as crawl_id,
        coalesce(good.ended_at, latest.ended_at) as checked_at,
        case
            when latest.is_good then null
            when good.crawl_id is null then latest.fault_text
            else 're-check by ' || latest.crawl_id || ' failed: ' || coalesce(latest.fault_text, 'no reason stated')
        end as reason
    from latest
    left join good on latest.source_id = good.source_id and latest.day = good.day
),

covered as (
    select
        settled.source_id,
        settled.day,
        {{ look_outcome(
            'settled.is_asked', 'settled.is_checked', 'looks.found', 'looks.left_out', 'looks.official'
        ) }} as outcome,
        looks.found,
        looks.official as official_count,
        looks.left_out,
        settled.crawl_id,
        settled.checked_at,
        settled.reason
    from settled
    inner join asked as looks
        on
            settled.crawl_id = looks.crawl_id
            and settled.source_id = looks.source_id
            and settled.day = looks.day
),

days as (
    select cast(unnest(generate_series(min(day), max(day), interval 1 day)) as date) as day
    from asked
),

never_asked as (
    select
        sources.source_id,
        days.day,
        sources.listing
    from {{ ref('stg_sources') }} as sources
    cross join days
    left join latest on sources.source_id = latest.source_id and days.day = latest.day
    where latest.day is null
)

select * from covered
union all
select
    source_id,
    day,
    'not_asked' as outcome,
    null as found,
    null as official_count,
    null as left_out,
    null as crawl_id,
    null as checked_at,
    case
        when listing = 'snapshot' then 'no crawl asked on this day, and it lists only what is open when it is asked'
        else 'no crawl asked for this day'
    end as reason
from never_asked
order by source_id, day

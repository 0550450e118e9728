{#- Each crawl and each day that it could look at, with what it found. A day that lay ahead of the crawl was not looked
    at; a source that lists what is open now was looked at on the crawl's own day alone, whatever window was asked. -#}
{% macro looked_days() -%}
    select
        unrolled.source_id,
        unrolled.crawl_id,
        unrolled.started_at,
        unrolled.ended_at,
        unrolled.is_good,
        unrolled.not_asked,
        unrolled.fault_text,
        unrolled.left_out,
        unrolled.day,
        case when unrolled.is_snapshot then unrolled.found_total else coalesce(days.found, 0) end as found,
        case when unrolled.is_snapshot then unrolled.official_total else days.official end as official
    from (
        select
            crawls.*,
            sources.listing = 'snapshot' as is_snapshot,
            coalesce(crawls.not_asked, nullif(array_to_string(crawls.faults, '; '), ''))
                as fault_text,
            -- Where the gate decides on the depth of reading only, what it leaves out is still kept as a line of a list.
            case when listing_sources.source_id is null then crawls.gate_left_out else 0 end as left_out,
            cast(
                unnest(
                    generate_series(
                        case when sources.listing = 'snapshot' then own.day else crawls.since_date end,
                        case when sources.listing = 'snapshot' then own.day else least(crawls.until_date, own.day) end,
                        interval 1 day
                    )
                ) as date
            ) as day
        from {{ ref('stg_crawls') }} as crawls
        inner join {{ ref('stg_sources') }} as sources on crawls.source_id = sources.source_id
        left join {{ ref('civil_calendar') }} as calendars on sources.jurisdiction = calendars.jurisdiction
        left join (
            select distinct source_id from {{ ref('stg_documents') }}
            where depth = 'listing'
        ) as listing_sources on crawls.source_id = listing_sources.source_id
        cross join lateral (
            select
                cast(
                    crawls.ended_at at time zone coalesce(calendars.time_zone, sources.time_zone) as date
                ) as day
        ) as own
    ) as unrolled
    left join {{ ref('stg_source_days') }} as days
        on
            unrolled.crawl_id = days.crawl_id
            and unrolled.source_id = days.source_id
            and unrolled.day = days.day
{%- endmacro %}

{#- How a look ended. -#}
{% macro look_outcome(is_asked, is_checked, found, left_out, official) -%}
    case
        when not {{ is_asked }} then 'not_asked'
        when not {{ is_checked }} then 'could_not_look'
        when {{ found }} > 0 then 'checked'
        when {{ left_out }} > 0 and {{ official }} is null then 'checked_nothing_kept'
        else 'checked_nothing_found'
    end
{%- endmacro %}

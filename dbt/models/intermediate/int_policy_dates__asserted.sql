-- The dates a policy's documents state today, each with the version since which its source says so without a break, and
-- with the day its forecast was announced. What left without a date is dated by the day on which we saw it gone.
{% set dated_fields = [
    'published_date', 'signed_date', 'effective_date', 'comments_open_date', 'comments_close_date', 'closes_date',
] %}
with member_versions as (
    select
        members.policy_id,
        members.lead_order as member_order,
        chosen.lead_order as source_order,
        chosen.content_version_no,
        chosen.state_version_no,
        chosen.time_zone,
        documents.source_id,
        documents.document_id,
        documents.version_no,
        documents.depth,
        documents.document_type,
        documents.first_seen_at,
        documents.dates_note,
        {% for field in dated_fields -%}
        documents.{{ field }},
        {% endfor -%}
        documents.availability in ('withdrawn', 'gone') as is_gone,
        documents.availability,
        cast(documents.withdrawn_at at time zone chosen.time_zone as date) as withdrawn_date,
        coalesce(lower(documents.document_type) = 'forecast', false) as is_forecast
    from {{ ref('int_policies__membered') }} as members
    inner join {{ ref('int_documents__chosen') }} as chosen on members.document_id = chosen.document_id
    inner join {{ ref('stg_documents') }} as documents
        on
            chosen.source_id = documents.source_id
            and chosen.document_id = documents.document_id
),

placed as (
    select
        *,
        max(case when is_forecast and version_no <= content_version_no then version_no end) over (
            partition by policy_id, source_id, document_id
        ) as forecast_version_no,
        max(case when not is_gone then version_no end) over (
            partition by policy_id, source_id, document_id
            order by version_no
            rows between unbounded preceding and current row
        ) as last_shown_version_no
    from member_versions
),

seen_gone as (
    select
        *,
        min(case when is_gone then first_seen_at end) over (
            partition by policy_id, source_id, document_id, last_shown_version_no
        ) as gone_since
    from placed
),

stated as (
    {% for field in dated_fields -%}
    select
        policy_id,
        document_id,
        source_id,
        version_no,
        member_order,
        source_order,
        depth,
        first_seen_at,
        case when is_forecast then forecast_version_no else content_version_no end as speaking_version_no,
        is_forecast,
        '{{ field }}' as source_field,
        {{ field }} as event_date,
        dates_note,
        cast({{ field }} as varchar) as printed_value
    from seen_gone
    where
        version_no <= content_version_no
        {% if field != 'published_date' -%}
        -- Of a forecast that was posted, only that it had been announced still holds.
        and (not is_forecast or forecast_version_no = content_version_no)
        {% endif -%}
    union all
    {% endfor -%}
    -- Only the document that leads ends its policy: a translation or an attachment that goes does not.
    select
        policy_id,
        document_id,
        source_id,
        version_no,
        member_order,
        source_order,
        depth,
        first_seen_at,
        state_version_no as speaking_version_no,
        false as is_forecast,
        case when is_gone and withdrawn_date is null then 'availability (first seen)' else 'withdrawn_at' end
            as source_field,
        case when is_gone then coalesce(withdrawn_date, cast(gone_since at time zone time_zone as date)) end
            as event_date,
        null as dates_note,
        case when withdrawn_date is null then availability else cast(withdrawn_date as varchar) end as printed_value
    from seen_gone
    where member_order = 1 and source_order = 1
),

spoken as (
    select *
    from stated
    where version_no = speaking_version_no and event_date is not null
),

broken as (
    select
        spoken.document_id,
        spoken.source_id,
        spoken.source_field,
        spoken.is_forecast,
        max(stated.version_no) as last_other_version_no
    from spoken
    inner join stated
        on
            spoken.document_id = stated.document_id
            and spoken.source_id = stated.source_id
            and spoken.source_field = stated.source_field
            and spoken.is_forecast = stated.is_forecast
    where
        stated.event_date is distinct from spoken.event_date
        and not (stated.event_date is null and stated.depth = 'listing')
    group by spoken.document_id, spoken.source_id, spoken.source_field, spoken.is_forecast
),

known as (
    select
        spoken.document_id,
        spoken.source_id,
        spoken.source_field,
        spoken.is_forecast,
        min(stated.first_seen_at) as known_from
    from spoken
    inner join stated
        on
            spoken.document_id = stated.document_id
            and spoken.source_id = stated.source_id
            and spoken.source_field = stated.source_field
            and spoken.is_forecast = stated.is_forecast
            and spoken.event_date = stated.event_date
    left join broken
        on
            spoken.document_id = broken.document_id
            and spoken.source_id = broken.source_id
            and spoken.source_field = broken.source_field
            and spoken.is_forecast = broken.is_forecast
    where stated.version_no > coalesce(broken.last_other_version_no, 0)
    group by spoken.document_id, spoken.source_id, spoken.source_field, spoken.is_forecast
),

kept as (
    select
        spoken.*,
        known.known_from
    from spoken
    inner join known
        on
            spoken.document_id = known.document_id
            and spoken.source_id = known.source_id
            and spoken.source_field = known.source_field
            and spoken.is_forecast = known.is_forecast
    qualify
        row_number() over (
            partition by spoken.policy_id, spoken.source_field, spoken.is_forecast
            order by spoken.member_order, spoken.source_order, spoken.document_id
        ) = 1
),

-- The sentence about the date, where the source has one: "Comments must be received by April 29, 2024."
sentences as (
    select
        policy_id,
        source_field,
        event_date,
        dates_note,
        unnest(string_split(
            regexp_replace(dates_note, '([a-z0-9)][a-z0-9)]\.)\s+([A-Z])', '\1' || chr(31) || '\2', 'g'), chr(31)
        )) as sentence
    from kept
    where
        source_field in ('effective_date', 'comments_open_date', 'comments_close_date', 'closes_date')
        and dates_note is not null
),

noted as (
    select
        policy_id,
        source_field,
        arg_min(sentence, strpos(dates_note, sentence)) as sentence,
        min(strpos(dates_note, sentence)) - 1 as sentence_start
    from sentences
    where
        regexp_matches(
            sentence,
            strftime(event_date, '%B') || '\s+0?' || day(event_date) || '\s*,?\s*' || year(event_date)
        )
        and regexp_matches(
            sentence,
            case
                when source_field = 'effective_date' then 'effect|appl'
                else 'comment|submi|recei|respon|appl'
            end,
            'i'
        )
        and length(sentence) <= 1000
    group by policy_id, source_field
)

select
    kept.policy_id,
    kept.document_id,
    kept.source_id,
    kept.version_no,
    kept.is_forecast,
    kept.source_field,
    kept.event_date,
    case
        when noted.sentence is not null then 'dates_note'
        when kept.source_field = 'availability (first seen)' then 'availability'
        else coalesce(fields.source_field, kept.source_field)
    end as quote_field,
    noted.sentence_start as quote_start,
    coalesce(
        noted.sentence,
        case
            when kept.source_field = 'availability (first seen)' then 'availability'
            else coalesce(fields.source_field, kept.source_field)
        end || ': ' || kept.printed_value
    ) as quote,
    kept.known_from
from kept
left join noted on kept.policy_id = noted.policy_id and kept.source_field = noted.source_field and not kept.is_forecast
left join {{ ref('date_field') }} as fields
    on
        kept.source_id = fields.source_id
        and kept.depth = fields.depth
        and kept.source_field = fields.field

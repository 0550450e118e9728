-- The dates that a policy's documents state, each in every unbroken run of versions that state it; what a later version
-- changed or left out ends with that version. With the day its forecast was announced, and with every day on which its
-- page left and came back. What left or came back without a date is dated by the day on which we saw it. Of several
-- days up to which a call takes applications in, each beside the one on which it closes is a series of its own.
{% set dated_fields = [
    'filed_at', 'published_date', 'signed_date', 'effective_date', 'comments_open_date', 'comments_close_date',
    'closes_date',
] %}
with member_versions as (
    select
        members.policy_id,
        members.lead_order as member_order,
        chosen.lead_order as source_order,
        chosen.content_version_no,
        chosen.time_zone,
        documents.source_id,
        documents.document_id,
        documents.version_no,
        documents.depth,
        documents.document_type,
        documents.first_seen_at,
        documents.dates_note,
        cast(documents.filed_at at time zone chosen.time_zone as date) as filed_at,
        {% for field in dated_fields if field != 'filed_at' -%}
        documents.{{ field }},
        {% endfor -%}
        documents.closes_dates,
        documents.availability in ('withdrawn', 'gone') as is_gone,
        documents.availability,
        cast(documents.withdrawn_at at time zone chosen.time_zone as date) as withdrawn_date,
        coalesce(lower(documents.document_type) = 'forecast', false) as is_forecast,
        -- What a line of a list does not show is unknown, and so is what a page said that is no more.
        documents.version_no = chosen.content_version_no
        or (
            documents.depth is distinct from 'listing'
            and coalesce(documents.availability, 'available') in ('available', 'withdrawn')
        ) as is_telling
    from {{ ref('int_policies__membered') }} as members
    inner join {{ ref('int_documents__chosen') }} as chosen on members.document_id = chosen.document_id
    inner join {{ ref('stg_documents') }} as documents
        on
            chosen.source_id = documents.source_id
            and chosen.document_id = documents.document_id
),

-- Only the document that leads ends its policy: a translation or an attachment that goes does not.
presence as (
    select
        *,
        lag(is_gone) over (partition by policy_id order by version_no) as was_gone,
        max(case when not is_gone then version_no end) over (
            partition by policy_id
            order by version_no
            rows between unbounded preceding and current row
        ) as last_shown_version_no
    from member_versions
    where
        member_order = 1
        and source_order = 1
        and (is_gone or (availability in ('available', 'filed') and depth is distinct from 'listing'))
),

returned as (
    select
        *,
        max(case when was_gone and not is_gone then cast(first_seen_at at time zone time_zone as date) end) over (
            partition by policy_id
            order by version_no
            rows between unbounded preceding and current row
        ) as back_date
    from presence
),

-- A page that goes again and still states the day of the first time states no day of its own.
absences as (
    select
        *,
        case when back_date is null or withdrawn_date >= back_date then withdrawn_date end as stated_date,
        min(first_seen_at) over (partition by policy_id, last_shown_version_no) as gone_since
    from returned
    where is_gone
),

cut_offs as (
    select distinct
        policy_id,
        document_id,
        source_id,
        unnest(closes_dates) as cut_off
    from member_versions
),

cut_off_versions as (
    select
        versions.*,
        cut_offs.cut_off,
        case
            when list_contains(versions.closes_dates, cut_offs.cut_off) and cut_offs.cut_off <> versions.closes_date
                then cut_offs.cut_off
        end as cut_off_date
    from member_versions as versions
    inner join cut_offs
        on
            versions.policy_id = cut_offs.policy_id
            and versions.document_id = cut_offs.document_id
            and versions.source_id = cut_offs.source_id
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
        is_forecast,
        '{{ field }}' as source_field,
        {% if field == 'published_date' -%}
        -- Of a forecast that was posted, only that it had been announced still holds.
        'published_date' || case when is_forecast then ' of the forecast' else '' end as series,
        {% else -%}
        '{{ field }}' as series,
        {% endif -%}
        {{ field }} as event_date,
        dates_note,
        cast({{ field }} as varchar) as printed_value
    from member_versions
    -- Its publication says no more when a document was filed, and undoes it no more.
    where
        version_no <= content_version_no
        and ({% if field != 'filed_at' %}is_telling or {% endif %}{{ field }} is not null)
    union all
    {% endfor -%}
    select
        policy_id,
        document_id,
        source_id,
        version_no,
        member_order,
        source_order,
        depth,
        first_seen_at,
        is_forecast,
        'closes_dates' as source_field,
        'closes_dates ' || cut_off as series,
        cut_off_date as event_date,
        null as dates_note,
        cast(cut_off as varchar) as printed_value
    from cut_off_versions
    -- A day that had passed when it was left out was not taken back, nor was one that is the closing day by now.
    where
        version_no <= content_version_no
        and (
            cut_off_date is not null
            or (
                is_telling
                and cut_off is distinct from closes_date
                and cast(first_seen_at at time zone time_zone as date) <= cut_off
            )
        )
    union all
    select
        policy_id,
        document_id,
        source_id,
        version_no,
        member_order,
        source_order,
        depth,
        first_seen_at,
        false as is_forecast,
        case when stated_date is null then 'availability (first seen)' else 'withdrawn_at' end as source_field,
        'gone after ' || coalesce(last_shown_version_no, 0) as series,
        coalesce(stated_date, cast(gone_since at time zone time_zone as date)) as event_date,
        null as dates_note,
        case when stated_date is null then availability else cast(stated_date as varchar) end as printed_value
    from absences
    union all
    select
        policy_id,
        document_id,
        source_id,
        version_no,
        member_order,
        source_order,
        depth,
        first_seen_at,
        false as is_forecast,
        'availability (back)' as source_field,
        'back in ' || version_no as series,
        cast(first_seen_at at time zone time_zone as date) as event_date,
        null as dates_note,
        availability as printed_value
    from returned
    where was_gone and not is_gone
),

compared as (
    select
        *,
        lag(event_date) over (
            partition by policy_id, source_id, document_id, series
            order by version_no
        ) as previous_date,
        lag(source_field) over (
            partition by policy_id, source_id, document_id, series
            order by version_no
        ) as previous_field
    from stated
),

numbered as (
    select
        *,
        count_if(previous_date is distinct from event_date or previous_field is distinct from source_field) over (
            partition by policy_id, source_id, document_id, series
            order by version_no
        ) as run
    from compared
),

runs as (
    select
        *,
        min(first_seen_at) over (partition by policy_id, source_id, document_id, series, run) as known_from,
        lead(first_seen_at) over (
            partition by policy_id, source_id, document_id, series
            order by version_no
        ) as known_until
    from numbered
    qualify
        row_number() over (
            partition by policy_id, source_id, document_id, series, run
            order by version_no desc
        ) = 1
),

-- Of what is stated today the best document speaks; of what was stated once, the best that ever did.
ranked as (
    select
        *,
        row_number() over (
            partition by policy_id, series, known_until is null
            order by member_order, source_order, document_id
        ) as preference,
        dense_rank() over (
            partition by policy_id, series
            order by member_order, source_order, document_id
        ) as document_order
    from runs
    where event_date is not null
),

kept as (
    select *
    from ranked
    where (known_until is null and preference = 1) or (known_until is not null and document_order = 1)
),

-- The sentence about the date, where the source has one: "Comments must be received by April 29, 2024."
sentences as (
    select
        policy_id,
        source_field,
        known_from,
        event_date,
        dates_note,
        unnest(string_split(
            regexp_replace(dates_note, '([a-z0-9)][a-z0-9)]\.)\s+([A-Z])', '\1' || chr(31) || '\2', 'g'), chr(31)
        )) as sentence
    from kept
    where
        source_field in ('effective_date', 'comments_open_date', 'comments_close_date', 'closes_date')
        and not is_forecast
        and dates_note is not null
),

noted as (
    select
        policy_id,
        source_field,
        known_from,
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
    group by policy_id, source_field, known_from
)

select
    kept.policy_id,
    kept.document_id,
    kept.source_id,
    kept.version_no,
    kept.is_forecast,
    kept.source_field,
    kept.event_date,
    fields.event as stated_event,
    case
        when noted.sentence is not null then 'dates_note'
        when starts_with(kept.source_field, 'availability') then 'availability'
        else coalesce(fields.source_field, kept.source_field)
    end as quote_field,
    noted.sentence_start as quote_start,
    coalesce(
        noted.sentence,
        case
            when starts_with(kept.source_field, 'availability') then 'availability'
            else coalesce(fields.source_field, kept.source_field)
        end || ': ' || kept.printed_value
    ) as quote,
    kept.known_from,
    kept.known_until
from kept
left join noted
    on
        kept.policy_id = noted.policy_id
        and kept.source_field = noted.source_field
        and kept.known_from = noted.known_from
left join {{ ref('stg_date_fields') }} as fields
    on
        kept.source_id = fields.source_id
        and kept.depth = fields.depth
        and kept.source_field = fields.field

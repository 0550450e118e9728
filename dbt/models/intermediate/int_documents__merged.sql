-- One publication out of all sources that describe it: the source of the lowest rank leads each field that it states.
{% set led_fields = [
    'native_id', 'title', 'url', 'language', 'document_type', 'document_subtype', 'action',
    'published_date', 'signed_date', 'effective_date', 'comments_open_date', 'comments_close_date', 'closes_date',
    'published_at', 'updated_at', 'disposition_notes', 'is_significant',
] %}
with sourced as not materialized (
    select
        content.document_id,
        content.source_id,
        content.version_no,
        content.depth,
        content.has_body,
        case when len(content.subjects) > 0 then content.subjects end as stated_subjects,
        {% for field in led_fields -%}
        content.{{ field }},
        {% endfor -%}
        state.availability as state_availability,
        state.withdrawn_at as state_withdrawn_at,
        state.withdrawal_note as state_withdrawal_note,
        classified.instrument,
        classified.instrument_basis,
        chosen.jurisdiction,
        chosen.lead_order,
        chosen.source_count
    from {{ ref('int_documents__chosen') }} as chosen
    inner join {{ ref('stg_documents') }} as content
        on
            chosen.source_id = content.source_id
            and chosen.document_id = content.document_id
            and chosen.content_version_no = content.version_no
    inner join {{ ref('stg_documents') }} as state
        on
            chosen.source_id = state.source_id
            and chosen.document_id = state.document_id
            and chosen.state_version_no = state.version_no
    inner join {{ ref('int_documents__classified') }} as classified
        on
            chosen.source_id = classified.source_id
            and chosen.document_id = classified.document_id
),

counted as (
    select
        document_id,
        count(*) as version_count,
        min(first_seen_at) as first_seen_at,
        -- What was published does not say any more when it was filed.
        arg_max(filed_at, version_no) as filed_at
    from {{ ref('stg_documents') }}
    group by document_id
),

published as (
    select
        publishers.document_id,
        chosen.lead_order,
        -- A list that is sorted when it is whole costs a tenth of one that is made in order.
        list_sort(list(
            struct_pack(place := publishers.position, agency_id := publishers.agency_id, name := publishers.name)
        )) as agencies
    from {{ ref('int_publishers__identified') }} as publishers
    inner join {{ ref('int_documents__chosen') }} as chosen
        on
            publishers.source_id = chosen.source_id
            and publishers.document_id = chosen.document_id
            and publishers.version_no = chosen.content_version_no
    group by publishers.document_id, chosen.lead_order
    qualify row_number() over (partition by publishers.document_id order by chosen.lead_order) = 1
),

-- Of most there is one source alone, which leads in everything.
merged as (
    select
        document_id,
        source_id as lead_source_id,
        [source_id] as source_ids,
        {% for field in led_fields -%}
        {{ field }},
        {% endfor -%}
        struct_pack(decided := instrument, basis := instrument_basis) as kind,
        jurisdiction,
        state_availability as availability,
        state_withdrawn_at as withdrawn_at,
        state_withdrawal_note as withdrawal_note,
        stated_subjects,
        depth = 'full' as is_full,
        has_body,
        version_no as lead_version_no
    from sourced
    where source_count = 1
    union all
    select
        document_id,
        arg_min(source_id, lead_order) as lead_source_id,
        list(source_id order by lead_order) as source_ids,
        {% for field in led_fields -%}
        arg_min({{ field }}, lead_order) as {{ field }},
        {% endfor -%}
        arg_min(
            struct_pack(decided := instrument, basis := instrument_basis),
            struct_pack(is_worded := instrument_basis = 'wording', place := lead_order)
        ) filter (where instrument is not null) as kind,
        arg_min(jurisdiction, lead_order) as jurisdiction,
        -- What one source has published is not merely filed, whatever another still lists.
        arg_min(
            state_availability, struct_pack(is_filed := state_availability = 'filed', place := lead_order)
        ) as availability,
        arg_min(state_withdrawn_at, lead_order) as withdrawn_at,
        arg_min(state_withdrawal_note, lead_order) as withdrawal_note,
        arg_min(stated_subjects, lead_order) as stated_subjects,
        bool_or(depth = 'full') as is_full,
        bool_or(has_body) as has_body,
        arg_min(version_no, lead_order) as lead_version_no
    from sourced
    where source_count > 1
    group by document_id
),

topical as (
    select
        document_id,
        list(value order by value) as topics
    from {{ ref('int_facets__stated') }}
    where facet = 'topic'
    group by document_id
)

select
    merged.document_id,
    merged.lead_source_id,
    merged.lead_version_no,
    merged.source_ids,
    merged.native_id,
    merged.title,
    merged.url,
    merged.language,
    merged.document_type,
    merged.document_subtype,
    merged.action,
    merged.kind.decided as instrument,
    merged.kind.basis as instrument_basis,
    merged.jurisdiction,
    merged.availability,
    case when merged.is_full then 'full' else 'listing' end as depth,
    merged.published_date,
    merged.signed_date,
    merged.effective_date,
    merged.comments_open_date,
    merged.comments_close_date,
    merged.closes_date,
    counted.filed_at,
    merged.published_at,
    merged.updated_at,
    merged.withdrawn_at,
    merged.withdrawal_note,
    merged.disposition_notes,
    coalesce(list_transform(published.agencies, agency -> agency.agency_id), cast([] as varchar[])) as agency_ids,
    coalesce(list_transform(published.agencies, agency -> agency.name), cast([] as varchar[])) as agency_names,
    coalesce(merged.stated_subjects, cast([] as varchar[])) as subjects,
    merged.is_significant,
    judged.relevance,
    judged.relevance_rule,
    case
        when judged.relevance >= 1 then coalesce(topical.topics, ['other'])
        else cast([] as varchar[])
    end as topics,
    judged.matched_terms,
    case
        when merged.has_body then 'full_text'
        when merged.is_full then 'full'
        else 'listing'
    end as completeness,
    counted.version_count,
    counted.first_seen_at,
    {{ evidence_id('merged.lead_source_id', 'merged.document_id', 'merged.lead_version_no') }} as evidence_id
from merged
inner join counted on merged.document_id = counted.document_id
left join published on merged.document_id = published.document_id
left join topical on merged.document_id = topical.document_id
left join {{ ref('int_documents__judged') }} as judged on merged.document_id = judged.document_id

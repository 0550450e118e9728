-- The dates a policy's documents state today, each with the version since which its source says so without a break.
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
        documents.* replace (
            -- Civil date at the source of the instant it names.
            cast(null as varchar) as body
        ),
        cast(documents.withdrawn_at at time zone chosen.time_zone as date) as withdrawn_date
    from {{ ref('int_policies__membered') }} as members
    inner join {{ ref('int_documents__chosen') }} as chosen on members.document_id = chosen.document_id
    inner join {{ ref('stg_documents') }} as documents
        on
            chosen.source_id = documents.source_id
            and chosen.document_id = documents.document_id
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
        content_version_no as speaking_version_no,
        document_type,
        '{{ field }}' as source_field,
        {{ field }} as event_date
    from member_versions
    where version_no <= content_version_no
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
        state_version_no as speaking_version_no,
        document_type,
        'withdrawn_at' as source_field,
        case when availability = 'withdrawn' then withdrawn_date end as event_date
    from member_versions
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
        max(stated.version_no) as last_other_version_no
    from spoken
    inner join stated
        on
            spoken.document_id = stated.document_id
            and spoken.source_id = stated.source_id
            and spoken.source_field = stated.source_field
    where
        stated.event_date is distinct from spoken.event_date
        and not (stated.event_date is null and stated.depth = 'listing')
    group by spoken.document_id, spoken.source_id, spoken.source_field
),

known as (
    select
        spoken.document_id,
        spoken.source_id,
        spoken.source_field,
        min(stated.first_seen_at) as known_from
    from spoken
    inner join stated
        on
            spoken.document_id = stated.document_id
            and spoken.source_id = stated.source_id
            and spoken.source_field = stated.source_field
            and spoken.event_date = stated.event_date
    left join broken
        on
            spoken.document_id = broken.document_id
            and spoken.source_id = broken.source_id
            and spoken.source_field = broken.source_field
    where stated.version_no > coalesce(broken.last_other_version_no, 0)
    group by spoken.document_id, spoken.source_id, spoken.source_field
)

select
    spoken.policy_id,
    spoken.document_id,
    spoken.source_id,
    spoken.version_no,
    spoken.document_type,
    spoken.source_field,
    spoken.event_date,
    known.known_from
from spoken
inner join known
    on
        spoken.document_id = known.document_id
        and spoken.source_id = known.source_id
        and spoken.source_field = known.source_field
qualify
    row_number() over (
        partition by spoken.policy_id, spoken.source_field
        order by spoken.member_order, spoken.source_order, spoken.document_id
    ) = 1

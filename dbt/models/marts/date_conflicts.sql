-- Official dates that do not agree: of one document at two sources, and days of signature of one policy. Both are kept.
{% set date_fields = [
    'published_date', 'signed_date', 'effective_date', 'comments_open_date', 'comments_close_date', 'closes_date',
] %}
with stated as (
    {% for field in date_fields -%}
    select
        chosen.document_id,
        chosen.source_id,
        content.version_no,
        chosen.lead_order,
        '{{ field }}' as date_field,
        content.{{ field }} as stated_date
    from {{ ref('int_documents__chosen') }} as chosen
    inner join {{ ref('stg_documents') }} as content
        on
            chosen.source_id = content.source_id
            and chosen.document_id = content.document_id
            and chosen.content_version_no = content.version_no
    where content.{{ field }} is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- What one document states, its other pages may not contradict; only a signature is the same day on every page.
compared as (
    select
        stated.*,
        members.policy_id,
        case
            when stated.date_field = 'signed_date' then coalesce(members.policy_id, stated.document_id)
            else stated.document_id
        end as stated_of,
        members.lead_order as member_order
    from stated
    left join {{ ref('int_policies__membered') }} as members on stated.document_id = members.document_id
),

placed as (
    select
        *,
        first_value(stated_date) over leading_first as leading_date,
        first_value(source_id) over leading_first as leading_source_id,
        first_value(document_id) over leading_first as leading_document_id,
        first_value(version_no) over leading_first as leading_version_no
    from compared
    window leading_first as (
        partition by stated_of, date_field
        order by member_order nulls last, lead_order, document_id, source_id
    )
)

select
    {{ hash_id(["'date conflict'", 'document_id', 'source_id', 'date_field']) }} as conflict_id,
    document_id,
    policy_id,
    date_field,
    leading_date,
    leading_source_id,
    {{ evidence_id('leading_source_id', 'leading_document_id', 'leading_version_no') }} as leading_evidence_id,
    stated_date as other_date,
    source_id as other_source_id,
    {{ evidence_id('source_id', 'document_id', 'version_no') }} as other_evidence_id
from placed
where stated_date <> leading_date
order by document_id, date_field, other_source_id

-- Amounts of a document; the same amount stated by two sources is one, of the source that leads. What a field made for
-- it states, the text only says again.
with stated as (
    select
        source_id,
        document_id,
        version_no,
        position,
        kind,
        low,
        high,
        currency,
        null as qualifier,
        null as period,
        false as is_part,
        raw_text,
        source_field,
        raw_text as quote,
        null as quote_start,
        false as is_prose
    from {{ ref('stg_stated_amounts') }}
    union all
    select
        source_id,
        document_id,
        version_no,
        position,
        kind,
        low,
        high,
        currency,
        qualifier,
        period,
        is_part,
        raw_text,
        source_field,
        quote,
        quote_start,
        true as is_prose
    from {{ ref('stg_text_amounts') }}
),

current_amounts as (
    select
        stated.*,
        chosen.lead_order
    from stated
    inner join {{ ref('int_documents__chosen') }} as chosen
        on
            stated.source_id = chosen.source_id
            and stated.document_id = chosen.document_id
            and stated.version_no = chosen.content_version_no
),

-- A figure without bounds is told apart by its words only. Of a figure that a text states twice, the place that tells
-- its kind counts.
told_once as (
    select
        *,
        case when low is null and high is null then raw_text end as bare_words
    from current_amounts
    qualify
        not is_prose
        or (
            bool_and(is_prose) over (partition by document_id, low, high, currency)
            and (kind <> 'other' or bool_and(kind = 'other') over (partition by document_id, low, high, currency))
        )
)

select
    {{ hash_id([
        "'amount'", 'document_id', 'kind', 'source_field', 'low', 'high', 'currency', 'raw_text',
    ]) }} as amount_id,
    document_id,
    source_id,
    version_no,
    kind,
    low,
    high,
    currency,
    qualifier,
    period,
    -- What is told as a part in one place is one in all.
    bool_or(is_part) over (partition by document_id, low, high, currency, bare_words) as is_part,
    raw_text,
    source_field,
    quote,
    quote_start,
    {{ evidence_id(
        'source_id', 'document_id', 'version_no', 'source_field', 'quote_start', 'quote'
    ) }} as evidence_id
from told_once
qualify
    row_number() over (
        partition by document_id, kind, low, high, currency, bare_words
        order by
            is_prose, lead_order, list_position(['body', 'abstract', 'title'], source_field), quote_start, position
    ) = 1

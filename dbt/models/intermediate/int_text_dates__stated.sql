-- Days that the text of a document names; what two sources hold of it in the same words is the leading one's.
select
    dates.source_id,
    dates.document_id,
    dates.version_no,
    dates.role,
    dates.first_date,
    dates.last_date,
    dates.is_relative,
    dates.source_field,
    dates.quote,
    dates.quote_start,
    {{ evidence_id(
        'dates.source_id', 'dates.document_id', 'dates.version_no', 'dates.source_field', 'dates.quote_start',
        'dates.quote'
    ) }} as evidence_id
from {{ ref('stg_text_dates') }} as dates
inner join {{ ref('int_documents__chosen') }} as chosen
    on
        dates.source_id = chosen.source_id
        and dates.document_id = chosen.document_id
        and dates.version_no = chosen.content_version_no
qualify
    row_number() over (
        partition by dates.document_id, dates.role, dates.first_date, dates.last_date, dates.quote
        order by chosen.lead_order, dates.position
    ) = 1

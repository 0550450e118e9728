-- Documents of a policy, the one that leads first.
select
    selected.policy_id,
    selected.is_ai,
    keyed.document_id,
    row_number() over (
        partition by selected.policy_id
        order by
            list_position(['number', 'title', 'part'], keyed.belongs_by),
            keyed.is_correcting,
            keyed.instrument in ('correction', 'withdrawal', 'comment_extension'),
            documents.language <> 'en',
            documents.published_date nulls last,
            keyed.document_id
    ) as lead_order
from {{ ref('int_policies__selected') }} as selected
inner join {{ ref('int_documents__keyed') }} as keyed on selected.policy_id = keyed.policy_id
inner join {{ ref('int_documents__merged') }} as documents on keyed.document_id = documents.document_id

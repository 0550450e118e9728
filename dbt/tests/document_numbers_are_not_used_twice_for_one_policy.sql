-- Document numbers of the Federal Register were used again; two days under one policy would be two policies.
select
    members.policy_id,
    count(distinct documents.published_date) as days
from {{ ref('policy_documents') }} as members
inner join {{ ref('documents') }} as documents on members.document_id = documents.document_id
where members.policy_id like 'us-fr-%'
group by members.policy_id
having count(distinct documents.published_date) > 1

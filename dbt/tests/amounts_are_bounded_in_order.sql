select
    amount_id,
    low,
    high
from {{ ref('amounts') }}
where low > high

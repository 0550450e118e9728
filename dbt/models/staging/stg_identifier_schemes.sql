select
    scheme,
    strength,
    policy_prefix,
    is_page,
    is_alias,
    description
from {{ source('raw', 'identifier_schemes') }}

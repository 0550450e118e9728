with names as (
    select
        resolved.identifier as alias,
        resolved.policy_id,
        case
            when resolved.is_canonical then 'the identifier that names it'
            else 'identifier of this policy alone'
        end as reason
    from {{ ref('int_identifiers__resolved') }} as resolved
    -- What its parties name is one agreement only until they make another.
    where resolved.scheme <> 'agreement'
    union all
    -- A filing, a page or a part is a policy of its own until the act that it belongs to is published.
    select distinct
        {{ policy_id_of('schemes.policy_prefix', 'identifiers.value') }} as alias,
        resolved.policy_id,
        'id by a weaker identifier, which it or a page of it may have had before' as reason
    from {{ ref('int_identifiers__resolved') }} as resolved
    inner join {{ ref('int_identifiers__current') }} as identifiers on resolved.identifier = identifiers.identifier
    inner join {{ ref('stg_identifier_schemes') }} as schemes on identifiers.scheme = schemes.scheme
    where schemes.policy_prefix is not null
),

policies as (
    select policy_id
    from {{ ref('int_policies__selected') }}
)

select
    names.alias,
    names.policy_id,
    names.reason
from names
inner join policies on names.policy_id = policies.policy_id
anti join policies as others on names.alias = others.policy_id
order by names.alias

-- Identifiers that name exactly one policy. The identifier a policy is named by outranks the same one elsewhere.
with named as (
    select
        keyed.policy_id,
        identifiers.scheme,
        identifiers.identifier,
        bool_or(identifiers.identifier = keyed.canonical_identifier) as is_canonical
    from {{ ref('int_documents__keyed') }} as keyed
    inner join {{ ref('int_identifiers__current') }} as identifiers on keyed.document_id = identifiers.document_id
    inner join {{ ref('stg_identifier_schemes') }} as schemes on identifiers.scheme = schemes.scheme
    where schemes.is_alias
    group by keyed.policy_id, identifiers.scheme, identifiers.identifier
),

-- An agreement has no number. Where two governments have one agreement alone, their codes name it.
agreements as (
    select
        keyed.policy_id,
        'agreement' as scheme,
        'agreement:' || string_agg(distinct facets.value, '+' order by facets.value) as identifier,
        false as is_canonical
    from {{ ref('int_documents__keyed') }} as keyed
    inner join {{ ref('instrument') }} as instruments
        on keyed.instrument = instruments.instrument and instruments.is_concluded
    inner join {{ ref('int_facets__stated') }} as facets
        on keyed.document_id = facets.document_id and facets.facet = 'party'
    group by keyed.policy_id
    having count(distinct facets.value) = 2
),

called as (
    select * from named
    union all
    select * from agreements
),

counted as (
    select
        scheme,
        identifier,
        count(*) as policies,
        count(*) filter (where is_canonical) as canonical_policies,
        min(policy_id) as any_policy_id,
        min(policy_id) filter (where is_canonical) as canonical_policy_id
    from called
    group by scheme, identifier
)

select
    identifier,
    scheme,
    coalesce(canonical_policy_id, any_policy_id) as policy_id,
    canonical_policies = 1 as is_canonical
from counted
where canonical_policies = 1 or (canonical_policies = 0 and policies = 1)

-- The policy that a document names itself, whether or not it is about AI: by its strongest official identifier.
with instruments as (
    select
        documents.document_id,
        documents.published_date,
        documents.relevance,
        documents.instrument
    from {{ ref('int_documents__merged') }} as documents
    inner join {{ ref('instrument') }} as instruments on documents.instrument = instruments.instrument
    where instruments.is_policy
),

correcting as (
    select distinct stated.document_id
    from {{ ref('stg_stated_relations') }} as stated
    inner join {{ ref('int_documents__chosen') }} as chosen
        on
            stated.source_id = chosen.source_id
            and stated.document_id = chosen.document_id
            and stated.version_no = chosen.content_version_no
    where stated.relation = 'corrects'
),

strongest as (
    select
        instruments.*,
        identifiers.scheme,
        identifiers.value,
        identifiers.identifier,
        schemes.policy_prefix,
        schemes.strength,
        schemes.is_page,
        correcting.document_id is not null as is_correcting
    from instruments
    inner join {{ ref('int_identifiers__current') }} as identifiers
        on instruments.document_id = identifiers.document_id
    inner join {{ ref('stg_identifier_schemes') }} as schemes on identifiers.scheme = schemes.scheme
    left join correcting on instruments.document_id = correcting.document_id
    where
        schemes.strength is not null
        -- A correction bears the number of the order that it corrects, but is not that order.
        and not (correcting.document_id is not null and identifiers.scheme in ('eo', 'proclamation'))
    qualify
        row_number() over (
            partition by instruments.document_id
            order by schemes.strength, identifiers.lead_order, identifiers.value
        ) = 1
)

select
    document_id,
    {{ policy_id_of('policy_prefix', 'value') }}
    -- Numbers with a year of two digits were used again within the month: 00-111 names two of January 2000.
    || case
        when scheme = 'fr_document' and regexp_matches(value, '^\d{2}-')
            then coalesce('-' || cast(published_date as varchar), '')
        else ''
    end as policy_id,
    identifier as canonical_identifier,
    instrument,
    is_correcting,
    coalesce(relevance, 0) >= 1 as is_ai,
    strength,
    is_page
from strongest

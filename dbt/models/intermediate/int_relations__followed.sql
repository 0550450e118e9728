-- A step of a rulemaking is over once the next is published: a proposed rule takes the place of the advance notice, a
-- final rule that of the proposal. No field says so; a shared docket or RIN and a shared agency do.
with steps as (
    select
        keyed.document_id,
        keyed.policy_id,
        keyed.canonical_identifier,
        documents.published_date,
        documents.agency_ids,
        case
            when keyed.instrument = 'advance_notice' then 1
            when keyed.instrument = 'proposed_rule' then 2
            else 3
        end as stage
    from {{ ref('int_documents__keyed') }} as keyed
    inner join {{ ref('int_documents__merged') }} as documents on keyed.document_id = documents.document_id
    where
        keyed.instrument in ('advance_notice', 'proposed_rule', 'final_rule', 'interim_final_rule')
        and not keyed.is_correcting
        and documents.published_date is not null
),

marked as (
    select
        steps.*,
        identifiers.scheme,
        identifiers.value
    from steps
    inner join {{ ref('int_identifiers__current') }} as identifiers on steps.document_id = identifiers.document_id
    where identifiers.scheme in ('docket', 'rin')
),

-- Some numbers stand for a whole programme (2120-AA64 for every airworthiness directive): a number with two advance
-- notices or two final rules names no single rulemaking, nor does a RIN with two proposals.
rulemakings as (
    select
        scheme,
        value
    from marked
    group by scheme, value
    having
        count(distinct document_id) filter (where stage = 1) <= 1
        and count(distinct document_id) filter (where stage = 3) <= 1
        and (scheme = 'docket' or count(distinct document_id) filter (where stage = 2) <= 1)
),

pairs as (
    select
        later.document_id,
        earlier.document_id as earlier_document_id,
        earlier.canonical_identifier as earlier_identifier,
        later.scheme,
        later.value
    from marked as later
    inner join rulemakings on later.scheme = rulemakings.scheme and later.value = rulemakings.value
    inner join marked as earlier
        on
            later.scheme = earlier.scheme
            and later.value = earlier.value
            and later.stage > earlier.stage
            and later.published_date > earlier.published_date
            and list_has_any(later.agency_ids, earlier.agency_ids)
    qualify
        row_number() over (
            partition by earlier.document_id
            order by later.published_date, later.document_id, later.scheme, later.value
        ) = 1
),

-- Each end is known to bear the number since the first version that shows it.
bearing as (
    select
        identifiers.source_id,
        identifiers.document_id,
        identifiers.scheme,
        identifiers.value,
        min(documents.first_seen_at) as known_from
    from {{ ref('stg_identifiers') }} as identifiers
    inner join {{ ref('stg_documents') }} as documents
        on
            identifiers.source_id = documents.source_id
            and identifiers.document_id = documents.document_id
            and identifiers.version_no = documents.version_no
    where identifiers.scheme in ('docket', 'rin')
    group by identifiers.source_id, identifiers.document_id, identifiers.scheme, identifiers.value
),

earlier_known as (
    select
        document_id,
        scheme,
        value,
        min(known_from) as known_from
    from bearing
    group by document_id, scheme, value
)

select
    chosen.source_id,
    pairs.document_id,
    chosen.content_version_no as version_no,
    split_part(pairs.earlier_identifier, ':', 1) as target_scheme,
    substr(pairs.earlier_identifier, strpos(pairs.earlier_identifier, ':') + 1) as target_value,
    pairs.scheme as source_field,
    pairs.value as quote,
    greatest(bearing.known_from, earlier_known.known_from) as known_from
from pairs
inner join {{ ref('stg_identifiers') }} as identifiers
    on
        pairs.document_id = identifiers.document_id
        and pairs.scheme = identifiers.scheme
        and pairs.value = identifiers.value
inner join {{ ref('int_documents__chosen') }} as chosen
    on
        identifiers.source_id = chosen.source_id
        and identifiers.document_id = chosen.document_id
        and identifiers.version_no = chosen.content_version_no
inner join bearing
    on
        chosen.source_id = bearing.source_id
        and pairs.document_id = bearing.document_id
        and pairs.scheme = bearing.scheme
        and pairs.value = bearing.value
inner join earlier_known
    on
        pairs.earlier_document_id = earlier_known.document_id
        and pairs.scheme = earlier_known.scheme
        and pairs.value = earlier_known.value
qualify
    row_number() over (
        partition by pairs.document_id, pairs.earlier_document_id
        order by chosen.lead_order
    ) = 1

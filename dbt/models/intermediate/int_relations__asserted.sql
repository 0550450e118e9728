-- Every statement of a relation, turned so that the first end acts on the second; also those that stand no longer.
with assertions as (
    select
        source_id,
        document_id,
        version_no,
        relation,
        is_partial,
        target_scheme,
        target_value,
        target_date,
        until_date,
        provision,
        source_field,
        quote,
        quote_start,
        confidence,
        false as is_next_step,
        known_from,
        known_until
    from {{ ref('int_relations__stated') }}
    -- A day of publication names no document; what it means is matched by itself.
    where target_scheme <> 'fr_published'

    union all

    select
        matched.source_id,
        matched.document_id,
        matched.version_no,
        matched.relation,
        false as is_partial,
        matched.target_scheme,
        matched.target_value,
        matched.target_date,
        stated.until_date,
        stated.provision,
        matched.source_field,
        matched.quote,
        matched.quote_start,
        'inferred' as confidence,
        false as is_next_step,
        stated.known_from,
        null as known_until
    from {{ ref('int_relations__matched') }} as matched
    inner join {{ ref('int_relations__stated') }} as stated
        on
            matched.source_id = stated.source_id
            and matched.document_id = stated.document_id
            and matched.version_no = stated.version_no
            and matched.relation = stated.relation
            and matched.target_date = stated.target_date
    where stated.target_scheme = 'fr_published'

    union all

    select
        followed.source_id,
        followed.document_id,
        followed.version_no,
        'supersedes' as relation,
        false as is_partial,
        followed.target_scheme,
        followed.target_value,
        null as target_date,
        null as until_date,
        null as provision,
        followed.source_field,
        followed.quote,
        null as quote_start,
        'inferred' as confidence,
        true as is_next_step,
        followed.known_from,
        null as known_until
    from {{ ref('int_relations__followed') }} as followed
),

described as (
    select
        assertions.* exclude (is_next_step),
        -- A bill or proposal ends when its act is made, not when the act binds.
        assertions.is_next_step or assertions.relation in ('adopts', 'adopted_by') as is_next_step,
        chosen.lead_order,
        vocabulary.active_relation,
        vocabulary.is_inverse,
        assertions.target_scheme || ':' || assertions.target_value as target_identifier
    from assertions
    inner join {{ ref('int_documents__chosen') }} as chosen
        on
            assertions.source_id = chosen.source_id
            and assertions.document_id = chosen.document_id
    inner join {{ ref('relation') }} as vocabulary on assertions.relation = vocabulary.relation
),

own_identifiers as (
    select
        identifiers.document_id,
        arg_min(
            identifiers.identifier,
            struct_pack(strength := coalesce(schemes.strength, 99), identifier := identifiers.identifier)
        ) as identifier
    from {{ ref('int_identifiers__current') }} as identifiers
    left join {{ ref('stg_identifier_schemes') }} as schemes on identifiers.scheme = schemes.scheme
    group by identifiers.document_id
),

-- Both ends by the policy's own identifier where they are known, so that one edge stated twice meets itself.
policy_names as (
    select
        policy_id,
        min(canonical_identifier) as identifier
    from {{ ref('int_documents__keyed') }}
    group by policy_id
),

ended as (
    select
        described.*,
        keyed.policy_id as own_policy_id,
        coalesce(keyed.canonical_identifier, own_identifiers.identifier) as own_identifier,
        resolved.policy_id as target_policy_id,
        coalesce(policy_names.identifier, described.target_identifier) as other_identifier,
        -- What binds from the day it names acts from that day on; the next step of a rulemaking is taken by publishing.
        greatest(
            coalesce(documents.signed_date, documents.published_date),
            case
                when instruments.binds_from = 'effective' and not described.is_next_step then documents.effective_date
            end
        ) as own_date,
        documents.signed_date as own_signed_date,
        documents.comments_close_date as own_comments_close_date
    from described
    inner join {{ ref('int_documents__merged') }} as documents on described.document_id = documents.document_id
    left join {{ ref('instrument') }} as instruments on documents.instrument = instruments.instrument
    left join {{ ref('int_documents__keyed') }} as keyed on described.document_id = keyed.document_id
    left join own_identifiers on described.document_id = own_identifiers.document_id
    left join {{ ref('int_identifiers__resolved') }} as resolved on described.target_identifier = resolved.identifier
    left join policy_names on resolved.policy_id = policy_names.policy_id
)

select
    source_id,
    document_id,
    version_no,
    lead_order,
    active_relation as relation,
    is_partial,
    confidence,
    source_field,
    quote,
    quote_start,
    is_next_step,
    not is_inverse as is_stated_by_actor,
    case when is_inverse then target_policy_id else own_policy_id end as from_policy_id,
    case when is_inverse then other_identifier else own_identifier end as from_identifier,
    case when is_inverse then own_policy_id else target_policy_id end as to_policy_id,
    case when is_inverse then own_identifier else other_identifier end as to_identifier,
    -- A note prints the other document's date. The act is dated by the one that acts.
    case
        -- A bill that names its act states the day on which that was signed.
        when is_inverse and is_next_step then own_signed_date
        when is_inverse then target_date
        else own_date
    end as stated_date,
    case when not is_inverse then own_comments_close_date end as actor_comments_close_date,
    until_date,
    provision,
    known_from,
    known_until
from ended
where own_identifier is not null and own_identifier <> other_identifier

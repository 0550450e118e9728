-- A policy as its leading document describes it; dates and status are added from its events.
with led as (
    select
        members.policy_id,
        members.is_ai,
        documents.document_id as lead_document_id,
        documents.title,
        documents.instrument,
        documents.jurisdiction,
        documents.url,
        documents.evidence_id,
        concat_ws(' ', documents.title, documents.abstract) as wording
    from {{ ref('int_policies__membered') }} as members
    inner join {{ ref('int_documents__merged') }} as documents on members.document_id = documents.document_id
    where members.lead_order = 1
),

pointed as (
    select
        led.policy_id,
        arg_min(tracks.track, tracks.position) as track
    from led
    inner join {{ ref('track') }} as tracks on regexp_matches(led.wording, tracks.pattern, 'i')
    group by led.policy_id
),

identified as (
    select
        members.policy_id,
        list(
            distinct struct_pack(scheme := identifiers.scheme, value := identifiers.value)
            order by struct_pack(scheme := identifiers.scheme, value := identifiers.value)
        ) as identifiers
    from {{ ref('int_policies__membered') }} as members
    inner join {{ ref('int_identifiers__current') }} as identifiers on members.document_id = identifiers.document_id
    group by members.policy_id
)

select
    led.policy_id,
    led.title,
    led.instrument,
    led.jurisdiction,
    coalesce(instruments.track, pointed.track, 'other') as track,
    led.lead_document_id,
    identified.identifiers,
    led.is_ai,
    led.url,
    led.evidence_id
from led
inner join {{ ref('instrument') }} as instruments on led.instrument = instruments.instrument
inner join identified on led.policy_id = identified.policy_id
left join pointed on led.policy_id = pointed.policy_id

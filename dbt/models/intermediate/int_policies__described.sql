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
        instruments.is_concluded,
        instruments.track,
        lower(concat_ws(' ', documents.title, texts.abstract)) as wording
    from {{ ref('int_policies__membered') }} as members
    inner join {{ ref('int_documents__merged') }} as documents on members.document_id = documents.document_id
    inner join {{ ref('int_documents__worded') }} as texts on members.document_id = texts.document_id
    inner join {{ ref('instrument') }} as instruments on documents.instrument = instruments.instrument
    where members.lead_order = 1
),

-- An expression without regard to case takes thrice as long as one over small letters.
pointed as (
    select
        led.policy_id,
        arg_min(tracks.track, tracks.position) as track
    from led
    inner join {{ ref('track') }} as tracks on regexp_matches(led.wording, tracks.pattern)
    where led.track is null
    group by led.policy_id
),

topical as (
    select
        told.policy_id,
        coalesce(
            list(distinct told.topic order by told.topic) filter (where told.topic <> 'other'), ['other']
        ) as topics
    from (
        select
            members.policy_id,
            unnest(documents.topics) as topic
        from {{ ref('int_policies__membered') }} as members
        inner join {{ ref('int_documents__merged') }} as documents on members.document_id = documents.document_id
    ) as told
    group by told.policy_id
),

party as (
    select
        members.policy_id,
        facets.value as code,
        arg_min(facets.name, members.lead_order) as name
    from {{ ref('int_policies__membered') }} as members
    inner join {{ ref('int_facets__stated') }} as facets
        on members.document_id = facets.document_id and facets.facet = 'party'
    group by members.policy_id, facets.value, case when facets.value is null then facets.name end
),

joined as (
    select
        policy_id,
        list(
            struct_pack(code := code, name := name) order by code is null, code, name
        ) as parties,
        count(code) as governments
    from party
    group by policy_id
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
    case when led.is_concluded and joined.governments > 1 then 'multilateral' else led.jurisdiction end
        as jurisdiction,
    coalesce(led.track, pointed.track, 'other') as track,
    coalesce(topical.topics, cast([] as varchar[])) as topics,
    coalesce(joined.parties, cast([] as struct(code varchar, "name" varchar)[])) as parties,
    led.lead_document_id,
    identified.identifiers,
    led.is_ai,
    led.url,
    led.evidence_id
from led
inner join identified on led.policy_id = identified.policy_id
left join topical on led.policy_id = topical.policy_id
left join joined on led.policy_id = joined.policy_id
left join pointed on led.policy_id = pointed.policy_id

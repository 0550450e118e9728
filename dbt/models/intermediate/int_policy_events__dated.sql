-- What happened to a policy and when: by the dates its documents state or stated, and by what others did to it.
with own as (
    select
        dates.policy_id,
        dates.document_id,
        case
            when dates.source_field = 'filed_at' then 'filed'
            when dates.source_field = 'signed_date' then 'signed'
            when dates.source_field = 'effective_date' then 'effective'
            when dates.source_field = 'comments_open_date' then 'comment_opened'
            when dates.source_field = 'comments_close_date' then 'comment_closes'
            when dates.source_field = 'closes_date' then 'closes'
            when dates.source_field = 'closes_dates' then 'cut_off'
            when dates.source_field in ('withdrawn_at', 'availability (first seen)') then 'withdrawn'
            when dates.source_field = 'availability (back)' then 'reinstated'
            when policies.instrument = 'funding_opportunity' and dates.is_forecast then 'announced'
            else coalesce(dates.stated_event, instruments.publication_event)
        end as event,
        dates.event_date,
        dates.source_field,
        null as by_policy_id,
        -- The day on which we saw a page gone or back is nobody's word.
        case when starts_with(dates.source_field, 'availability') then 'inferred' else 'official' end as confidence,
        dates.quote,
        dates.known_from,
        dates.known_until,
        {{ evidence_id(
            'dates.source_id', 'dates.document_id', 'dates.version_no', 'dates.quote_field', 'dates.quote_start',
            'dates.quote'
        ) }} as evidence_id
    from {{ ref('int_policy_dates__asserted') }} as dates
    inner join {{ ref('int_policies__described') }} as policies on dates.policy_id = policies.policy_id
    inner join {{ ref('instrument') }} as instruments on policies.instrument = instruments.instrument
),

active_relations as (
    select
        relation,
        event,
        partial_event
    from {{ ref('relation') }}
    where not is_inverse and event is not null
),

acted_on as (
    select
        relations.to_policy_id as policy_id,
        relations.stated_by_document_id as document_id,
        case when relations.is_partial then vocabulary.partial_event else vocabulary.event end as event,
        relations.relation_date as event_date,
        relations.source_field,
        actors.policy_id as by_policy_id,
        relations.confidence,
        relations.quote,
        relations.known_from,
        relations.known_until,
        relations.evidence_id
    from {{ ref('int_relations__deduplicated') }} as relations
    inner join {{ ref('int_policies__selected') }} as targets on relations.to_policy_id = targets.policy_id
    inner join active_relations as vocabulary on relations.relation = vocabulary.relation
    left join {{ ref('int_policies__selected') }} as actors on relations.from_policy_id = actors.policy_id
    where relations.relation_date is not null
),

-- An extension names the new last day.
extended as (
    select
        relations.to_policy_id as policy_id,
        relations.stated_by_document_id as document_id,
        'comment_closes' as event,
        relations.actor_comments_close_date as event_date,
        'comments_close_date' as source_field,
        actors.policy_id as by_policy_id,
        relations.confidence,
        relations.quote,
        relations.known_from,
        relations.known_until,
        relations.evidence_id
    from {{ ref('int_relations__deduplicated') }} as relations
    inner join {{ ref('int_policies__selected') }} as targets on relations.to_policy_id = targets.policy_id
    left join {{ ref('int_policies__selected') }} as actors on relations.from_policy_id = actors.policy_id
    where relations.relation = 'extends' and relations.actor_comments_close_date is not null
),

-- A suspension that names its last day ends with it; of several, the last to end, and none where one has no end.
held_up as (
    select
        relations.*,
        relations.relation = 'suspends' and max(relations.until_date) over suspensions = relations.until_date
        and count(*) over suspensions = count(relations.until_date) over suspensions as ends_last
    from {{ ref('int_relations__deduplicated') }} as relations
    where relations.relation in ('suspends', 'delays') and not relations.is_partial
    window suspensions as (partition by relations.to_policy_id, relations.relation)
),

ended_or_moved as (
    select
        held_up.to_policy_id as policy_id,
        held_up.stated_by_document_id as document_id,
        case
            when held_up.relation = 'suspends' then 'reinstated'
            when held_up.until_date is null then 'suspended'
            else 'effective'
        end as event,
        case
            when held_up.relation = 'suspends' then held_up.until_date + 1
            else coalesce(held_up.until_date, held_up.relation_date)
        end as event_date,
        held_up.source_field,
        actors.policy_id as by_policy_id,
        held_up.confidence,
        held_up.quote,
        held_up.known_from,
        held_up.known_until,
        held_up.evidence_id
    from held_up
    inner join {{ ref('int_policies__selected') }} as targets on held_up.to_policy_id = targets.policy_id
    left join {{ ref('int_policies__selected') }} as actors on held_up.from_policy_id = actors.policy_id
    where held_up.ends_last or (held_up.relation = 'delays' and held_up.relation_date is not null)
),

-- What a Congress has not made law ends with it, on 3 January of every odd year (20th Amendment, section 1).
us_bills as (
    select
        members.policy_id,
        members.document_id,
        make_date(1789 + 2 * cast(split_part(identifiers.value, '-', 1) as bigint), 1, 3) as last_day,
        'identifiers' as source_field,
        'us_bill: ' || identifiers.value as quote,
        true as is_foreseen
    from {{ ref('int_policies__membered') }} as members
    inner join {{ ref('int_identifiers__current') }} as identifiers
        on
            members.document_id = identifiers.document_id
            and identifiers.scheme = 'us_bill'
            and regexp_full_match(identifiers.value, '\d{2,3}-(?:hr|s|hjres|sjres)-\d+')
    qualify row_number() over (partition by members.policy_id order by members.lead_order, identifiers.value) = 1
),

-- At Westminster a bill ends with the session in which it is, unless it is carried over: then a later one lists it too.
sat_in as (
    select
        document_id,
        max(last_session_id) as session_id
    from {{ ref('stg_documents') }}
    group by document_id
    having not coalesce(bool_or(action = 'Royal Assent'), false)
),

uk_bills as (
    select
        members.policy_id,
        members.document_id,
        sessions.last_day,
        'includedSessionIds' as source_field,
        'last of includedSessionIds: ' || sessions.session_id as quote,
        false as is_foreseen
    from {{ ref('int_policies__membered') }} as members
    inner join {{ ref('int_documents__merged') }} as documents on members.document_id = documents.document_id
    inner join sat_in on members.document_id = sat_in.document_id
    inner join {{ ref('uk_sessions') }} as sessions on sat_in.session_id = sessions.session_id
    -- A draft is before no House.
    where documents.availability <> 'withdrawn' and documents.document_subtype is distinct from 'Draft Bill'
),

bills as (
    select * from us_bills
    union all
    select * from uk_bills
),

made_law as (
    select members.policy_id
    from {{ ref('int_policies__membered') }} as members
    inner join {{ ref('int_identifiers__current') }} as identifiers
        on members.document_id = identifiers.document_id and identifiers.scheme = 'public_law'
    union
    select relations.to_policy_id as policy_id
    from {{ ref('int_relations__deduplicated') }} as relations
    where relations.relation = 'supersedes' and relations.to_policy_id is not null
),

lapsed as (
    select
        bills.policy_id,
        bills.document_id,
        'lapsed' as event,
        bills.last_day as event_date,
        bills.source_field,
        null as by_policy_id,
        'inferred' as confidence,
        bills.quote,
        case
            when bills.is_foreseen then documents.first_seen_at
            else greatest(documents.first_seen_at, cast(bills.last_day as timestamp) at time zone 'Europe/London')
        end as known_from,
        cast(null as timestamptz) as known_until,
        documents.evidence_id
    from bills
    inner join {{ ref('int_documents__merged') }} as documents on bills.document_id = documents.document_id
    anti join made_law on bills.policy_id = made_law.policy_id
),

happened as (
    select * from own
    union all
    select * from ended_or_moved
    union all
    select * from lapsed
    union all
    select * from acted_on
    union all
    select * from extended
)

select
    {{ hash_id([
        "'event'", 'policy_id', 'event', 'event_date', 'source_field', 'document_id', 'by_policy_id', 'quote',
    ]) }} as event_id,
    policy_id,
    document_id,
    event,
    event_date,
    source_field,
    by_policy_id,
    confidence,
    quote,
    known_from,
    known_until,
    evidence_id
from happened

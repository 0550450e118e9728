-- policy_status_as_of(day, known_at := 'infinity'): one row a policy whose first event falls on or before the day.
--
-- The status is derived from policies and their events alone, as far as we knew them at known_at: what policy_events
-- holds since then, and what policy_event_history held until later. Of a policy that another one ended by acting on a day
-- that was moved since, the day is the one known now. It works in any copied file.
--
-- policy_id: The policy; the key of policies.
-- title: Its title.
-- status: What held on the day; one of the vocabulary `status`.
-- since: First day of that status.
-- by_policy_id: The policy that brought the status about; null where none did, or none is known.
-- confidence: How sure it is: official (a field of the source), stated (in its text) or inferred (by us, from both).
-- evidence_id: Where the status was read; leads to one row of evidence.
-- ended_since: First day since which it has been ended without a break; null where it is not ended.
-- ended_by_policy_id: The policy that ended it on that day; null where none did, or none is known.
create or replace macro policy_status_as_of(day, known_at := 'infinity') as table (
-- Parameters have no types and names no schema, so that it works in any copied file. The two Jinja tags stand in
-- comments and let the mart `policies` use the same query for its latest status.
-- {% macro policy_status_query() %}
with asked as (
    select
        cast(day as date) as as_of_day,
        cast(known_at as timestamptz) as known_by
),

asserted as (
    select
        event_id,
        policy_id,
        event,
        event_date,
        by_policy_id,
        confidence,
        evidence_id,
        known_from,
        cast(null as timestamptz) as known_until
    from policy_events
    union all
    select
        event_id,
        policy_id,
        event,
        event_date,
        by_policy_id,
        confidence,
        evidence_id,
        known_from,
        known_until
    from policy_event_history
),

known as (
    select asserted.*, asked.as_of_day
    from asserted
    cross join asked
    where
        asserted.known_from <= asked.known_by
        and (asserted.known_until is null or asked.known_by < asserted.known_until)
),

milestones as (
    select
        policy_id,
        any_value(as_of_day) as as_of_day,
        min(event_date) as first_date,
        min(event_date) filter (where event in ('published', 'proposed', 'announced')) as published_date,
        bool_or(event = 'announced') as is_announced,
        bool_or(event = 'proposed') as is_proposed,
        min(event_date) filter (where event = 'signed') as signed_date,
        min(event_date) filter (where event = 'filed') as filed_date,
        max(event_date) filter (where event = 'effective') as effective_date,
        min(event_date) filter (where event = 'effective') as started_date,
        max(event_date) filter (where event in ('comment_closes', 'closes')) as closing_date
    from known
    group by policy_id
    having min(event_date) <= any_value(as_of_day)
),

staged as (
    select
        policies.policy_id,
        policies.title,
        policies.instrument,
        milestones.as_of_day,
        milestones.first_date,
        milestones.published_date,
        milestones.is_announced,
        milestones.is_proposed,
        milestones.signed_date,
        milestones.filed_date,
        case
            -- An order or memorandum binds from its signature unless it names a later day.
            when
                policies.instrument in
                ('executive_order', 'presidential_memorandum', 'proclamation', 'presidential_other', 'omb_memorandum')
                then greatest(coalesce(milestones.signed_date, milestones.published_date), milestones.effective_date)
            -- A rule, or its correction, binds from the day it names, never from its publication.
            when
                policies.instrument in (
                    'final_rule', 'interim_final_rule', 'correction', 'statute', 'secondary_legislation',
                    'eu_regulation', 'eu_directive', 'eu_decision', 'treaty'
                )
                then milestones.effective_date
        end as in_force_date,
        case
            when
                policies.instrument in (
                    'request_for_comment', 'comment_extension', 'notice_other', 'information_collection',
                    'consultation', 'funding_opportunity'
                )
                then milestones.closing_date
        end as closing_date,
        -- A bill that was signed is law, whatever else is known of it.
        case
            when policies.instrument in ('bill', 'statute') and milestones.is_proposed then milestones.signed_date
        end as enacted_date,
        -- Money whose award has no day was awarded before it began to be paid.
        case when policies.instrument = 'funding_award' then milestones.started_date end as paid_date,
        case
            when
                policies.instrument in
                ('executive_order', 'presidential_memorandum', 'proclamation', 'presidential_other', 'omb_memorandum')
                then ['signed', 'published', 'proposed', 'announced', 'effective']
            else ['effective']
        end as binding_events
    from policies
    inner join milestones on policies.policy_id = milestones.policy_id
),

based as (
    select
        *,
        case
            when in_force_date <= as_of_day then 'in_force'
            when closing_date < as_of_day then 'closed'
            when enacted_date <= as_of_day then 'published'
            when published_date <= as_of_day then
                case
                    when is_proposed then 'proposed'
                    when
                        is_announced or instrument in (
                            'press_release', 'speech', 'funding_programme', 'institution_change'
                        )
                        then 'announced'
                    else 'published'
                end
            when signed_date <= as_of_day or paid_date <= as_of_day then 'published'
            -- Open to public inspection: known, and without any hold until it is published.
            when filed_date <= as_of_day then 'announced'
            else 'unknown'
        end as base_status,
        case
            when in_force_date <= as_of_day then in_force_date
            when closing_date < as_of_day then closing_date
            when enacted_date <= as_of_day then enacted_date
            when published_date <= as_of_day then published_date
            when signed_date <= as_of_day then signed_date
            when paid_date <= as_of_day then paid_date
            when filed_date <= as_of_day then filed_date
            else first_date
        end as base_event_date,
        -- On one day several things may happen; the evidence is that of what decides, the first of these.
        case
            when in_force_date <= as_of_day then binding_events
            when closing_date < as_of_day then ['comment_closes', 'closes']
            when enacted_date <= as_of_day then ['signed']
            when published_date <= as_of_day then ['published', 'proposed', 'announced']
            when signed_date <= as_of_day then ['signed']
            when paid_date <= as_of_day then ['effective']
            when filed_date <= as_of_day then ['filed']
        end as base_events
    from staged
),

own as (
    select
        based.policy_id,
        arg_min(
            struct_pack(confidence := known.confidence, evidence_id := known.evidence_id),
            struct_pack(
                place := coalesce(list_position(based.base_events, known.event), 0), event_id := known.event_id
            )
        ) as event
    from based
    inner join known on based.policy_id = known.policy_id and based.base_event_date = known.event_date
    where based.base_events is null or list_contains(based.base_events, known.event)
    group by based.policy_id
),

done as (
    select
        known.*,
        event in ('partly_revoked', 'partly_superseded') as is_part,
        -- Whoever held a policy up lets it go on with what is left of it, and brings back nothing that ended otherwise.
        event = 'reinstated' and exists (
            select 1
            from known as holds
            where
                holds.policy_id = known.policy_id
                and holds.event in ('suspended', 'not_enforced')
                and holds.event_date <= known.event_date
                and holds.by_policy_id is not distinct from known.by_policy_id
        ) as is_let_go,
        -- Who held it up has let it go since; what others hold is theirs to lift.
        event in ('suspended', 'not_enforced') and exists (
            select 1
            from known as lifts
            where
                lifts.policy_id = known.policy_id
                and lifts.event = 'reinstated'
                and lifts.event_date > known.event_date
                and lifts.event_date <= known.as_of_day
                and lifts.by_policy_id is not distinct from known.by_policy_id
        ) as is_lifted,
        -- We saw its page go or come back; nobody said so.
        confidence = 'inferred' and by_policy_id is null and event in ('withdrawn', 'reinstated') as is_page
    from known
    where
        event_date <= as_of_day
        and event in (
            'revoked', 'superseded', 'withdrawn', 'suspended', 'not_enforced', 'lapsed', 'reinstated', 'partly_revoked',
            'partly_superseded'
        )
),

-- A page that goes or comes back after another policy ended its own changes nothing.
telling as (
    select *
    from done
    qualify
        not is_page
        or coalesce(
            event_date
            < min(event_date) filter (
                where event in ('revoked', 'superseded') or (event = 'withdrawn' and by_policy_id is not null)
            ) over (partition by policy_id),
            true
        )
),

ordered as (
    select
        *,
        row_number() over (
            partition by policy_id, is_part
            order by
                event_date desc,
                -- Two acts of one day: the one that ends more.
                case
                    when event = 'revoked' then 1
                    when event = 'superseded' then 2
                    when event = 'withdrawn' or (event = 'reinstated' and by_policy_id is null) then 3
                    when event in ('suspended', 'not_enforced') then 4
                    when event = 'lapsed' then 5
                    else 6
                end,
                -- A page that went and came back on one day is there.
                case when by_policy_id is null then known_from end desc nulls first,
                by_policy_id nulls last,
                event_id
        ) as recency
    from telling
),

-- What was before the last reinstatement of the whole decides no more.
standing as (
    select
        *,
        -- An ending holds until it is undone; what only holds up counts where nothing has ended.
        case
            when event in ('revoked', 'superseded', 'withdrawn') then 1
            when event = 'lapsed' then 2
            when event in ('suspended', 'not_enforced') and not is_lifted then 3
            when is_let_go or is_lifted then 4
            else 5
        end as weight,
        lead(event) over (partition by policy_id, is_part order by recency) as undone_event
    from ordered
    qualify
        is_part
        or coalesce(
            count_if(event = 'reinstated' and not is_let_go) over (
                partition by policy_id, is_part
                order by recency
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) = 0
),

acts as (
    select
        *,
        row_number() over (
            partition by policy_id, is_part
            order by case when not is_part then weight end, recency
        ) as place,
        arg_min(
            struct_pack(event_date := event_date, by_policy_id := by_policy_id),
            struct_pack(event_date := event_date, recency := -recency)
        ) filter (where weight <= 2 and not is_part) over (partition by policy_id) as ended
    from standing
),

weighed as (
    select
        based.policy_id,
        based.title,
        based.base_status,
        based.base_event_date,
        own.event.confidence as base_confidence,
        own.event.evidence_id as base_evidence_id,
        whole.event as whole_event,
        whole.event_date as whole_date,
        whole.by_policy_id as whole_by_policy_id,
        whole.confidence as whole_confidence,
        whole.evidence_id as whole_evidence_id,
        whole.ended,
        part.event_date as part_date,
        part.by_policy_id as part_by_policy_id,
        part.confidence as part_confidence,
        part.evidence_id as part_evidence_id,
        case
            when whole.event is not null and whole.event <> 'reinstated' then 'whole'
            -- What is already ended whole is not brought back by a later ending of a part.
            when
                based.base_status = 'in_force'
                and part.event_date is not null
                and (whole.event_date is null or part.event_date >= whole.event_date)
                then 'part'
            -- What was only held up goes on without the part that it had lost.
            when
                based.base_status = 'in_force'
                and part.event_date is not null
                and (whole.is_let_go or whole.undone_event in ('suspended', 'not_enforced'))
                then 'rest'
            when whole.event = 'reinstated' then 'reinstated'
            else 'base'
        end as decided_by
    from based
    left join own on based.policy_id = own.policy_id
    left join acts as whole on based.policy_id = whole.policy_id and whole.place = 1 and not whole.is_part
    left join acts as part on based.policy_id = part.policy_id and part.place = 1 and part.is_part
)

select
    policy_id,
    title,
    case decided_by
        when 'whole' then whole_event
        when 'part' then 'partly_in_force'
        when 'rest' then 'partly_in_force'
        else base_status
    end as status,
    case decided_by
        when 'part' then part_date
        when 'base' then base_event_date + case when base_status = 'closed' then 1 else 0 end
        else whole_date
    end as since,
    case decided_by
        when 'part' then part_by_policy_id
        when 'base' then null
        else whole_by_policy_id
    end as by_policy_id,
    case decided_by
        when 'part' then part_confidence
        when 'base' then base_confidence
        else whole_confidence
    end as confidence,
    case decided_by
        when 'part' then part_evidence_id
        when 'base' then base_evidence_id
        else whole_evidence_id
    end as evidence_id,
    case when decided_by = 'whole' then ended.event_date end as ended_since,
    case when decided_by = 'whole' then ended.by_policy_id end as ended_by_policy_id
from weighed
order by policy_id
-- {% endmacro %}
);

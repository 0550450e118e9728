-- deadlines_as_of(day): one row a day that somebody waits for, of policies, of other publications about AI, and of duties.
--
-- A comment period that was extended closes once, on the last day that is stated for it; each cut-off is a day of its own.
-- Of a duty that comes again due_date is its next day, where its rhythm and its first day make that certain. Days that
-- have passed are told, too: ask for the days you want. The digest, the calendar files and the site go by the same rule.
--
-- item_id: The event, the duty or the document that states it; the key of policy_events, obligations or documents.
-- policy_id: The policy it belongs to; null for a publication that is none.
-- document_id: The document that states it; the key of documents.
-- event: comment_closes, closes, cut_off or effective, as of policy_events, or duty.
-- what: It in words: whose applications or comments close, what takes effect, or who must do what.
-- stated_date: The day that is stated, of a duty that comes again its first.
-- due_date: Of a duty that comes again its next day from the day asked for on, if it has one; else stated_date.
-- recurrence: Rhythm of a duty that comes again; null for what does not.
-- is_void: Whether what sets it ended before it or on it, as far as that had happened by the day asked for.
-- evidence_id: Where it was read; leads to one row of evidence.
create or replace macro deadlines_as_of(day) as table (
with last_said as (
    select *
    from policy_events
    where event in ('comment_closes', 'closes', 'cut_off', 'effective')
    qualify
        row_number() over (
            partition by policy_id, event, case when event = 'cut_off' then event_date end
            order by event_date desc, known_from, event_id
        ) = 1
),

of_policies as (
    select
        last_said.event_id as item_id,
        last_said.policy_id,
        last_said.document_id,
        last_said.event,
        policies.instrument,
        last_said.event_date as stated_date,
        last_said.evidence_id,
        coalesce(
            status.status in ('revoked', 'superseded', 'withdrawn', 'lapsed') and status.since <= last_said.event_date,
            false
        ) as is_void
    from last_said
    inner join policies on last_said.policy_id = policies.policy_id
    left join policy_status_as_of(day) as status on last_said.policy_id = status.policy_id
),

of_documents as (
    select
        documents.document_id as item_id,
        cast(null as varchar) as policy_id,
        documents.document_id,
        dates.event,
        documents.instrument,
        dates.event_date as stated_date,
        documents.evidence_id,
        coalesce(documents.availability = 'withdrawn', false) and coalesce(
            cast(documents.withdrawn_at at time zone coalesce(sources.time_zone, 'UTC') as date)
            <= least(dates.event_date, cast(day as date)),
            true
        ) as is_void
    from documents
    inner join lateral (
        select
            unnest(['comment_closes', 'closes', 'effective']) as event,
            unnest([documents.comments_close_date, documents.closes_date, documents.effective_date]) as event_date
    ) as dates on dates.event_date is not null
    left join sources on documents.lead_source_id = sources.source_id
    where documents.policy_id is null and documents.relevance >= 1
),

rhythms as (
    select
        stated.*,
        coalesce(duties.state = 'void', false) as is_void,
        case
            when duties.state = 'void' or stated.due_date >= cast(day as date) then null
            -- A day that not every such month has is no certain day.
            when stated.recurrence = 'annual' and strftime(stated.due_date, '%m-%d') <> '02-29' then 12
            when stated.recurrence = 'quarterly' and date_part('day', stated.due_date) <= 28 then 3
            when stated.recurrence = 'monthly' and date_part('day', stated.due_date) <= 28 then 1
        end as months
    from obligations as stated
    left join obligations_as_of(day) as duties on stated.obligation_id = duties.obligation_id
    where stated.due_date is not null
),

-- The last time that falls in the month asked for or before it, which may be over already.
latest as (
    select
        *,
        cast(date_diff('month', due_date, cast(day as date)) // months * months as integer) as months_gone
    from rhythms
)

select
    item_id,
    policy_id,
    document_id,
    event,
    case
        when event = 'comment_closes' then 'comments close'
        when event = 'closes' then 'applications close'
        when event = 'cut_off' then 'cut-off for applications'
        when instrument in ('funding_opportunity', 'funding_award', 'funding_programme') then 'starts'
        else 'takes effect'
    end as what,
    stated_date,
    stated_date as due_date,
    cast(null as varchar) as recurrence,
    is_void,
    evidence_id
from (select * from of_policies union all by name select * from of_documents)
union all
select
    obligation_id as item_id,
    policy_id,
    document_id,
    'duty' as event,
    concat_ws(': ', actor, action) as what,
    due_date as stated_date,
    case
        when months is null then due_date
        when due_date + to_months(months_gone) >= cast(day as date) then cast(due_date + to_months(months_gone) as date)
        else cast(due_date + to_months(months_gone + months) as date)
    end as due_date,
    recurrence,
    is_void,
    evidence_id
from latest
order by due_date, policy_id, item_id, event
);

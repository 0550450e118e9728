-- obligations_as_of(day, known_at := 'infinity'): one row a dated duty of a policy that was there on the day.
--
-- Whether a duty that fell due was met, or met late, no text can say of itself: it has passed, until evidence says more.
--
-- obligation_id: The duty; the key of obligations.
-- policy_id: The policy that states it; the key of policies.
-- actor: Who must act; null where the text names nobody.
-- action: What must be done, in the words of the text.
-- due_date: Last day for it; null where it hangs on a day that is not known.
-- recurrence: Rhythm of a duty that comes again; null for one that does not.
-- state: due, recurring, undated, passed, proposed (its instrument is not made yet), suspended, or void (its instrument ended first).
-- policy_status: Status of the policy on the day, as policy_status_as_of gives it.
-- evidence_id: Where the duty was read; leads to one row of evidence.
create or replace macro obligations_as_of(day, known_at := 'infinity') as table (
with placed as (
    select
        obligations.*,
        status.status as policy_status,
        status.since as policy_since,
        status.status in ('revoked', 'superseded', 'withdrawn', 'lapsed') as is_ended,
        cast(day as date) as as_of_day
    from obligations
    inner join policy_status_as_of(day, known_at := known_at) as status on obligations.policy_id = status.policy_id
)

select
    obligation_id,
    policy_id,
    actor,
    action,
    due_date,
    recurrence,
    case
        when is_ended and (due_date is null or recurrence is not null or due_date >= policy_since) then 'void'
        when policy_status in ('proposed', 'announced') then 'proposed'
        when policy_status in ('suspended', 'not_enforced') then 'suspended'
        when recurrence is not null then 'recurring'
        when due_date is null then 'undated'
        when due_date < as_of_day then 'passed'
        else 'due'
    end as state,
    policy_status,
    evidence_id
from placed
order by policy_id, due_date nulls last, obligation_id
);

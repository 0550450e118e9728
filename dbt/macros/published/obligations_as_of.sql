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
-- state: due, recurring, undated, passed, proposed (its instrument is not made yet), suspended, or void (its instrument, or the section that states it, ended first).
-- policy_status: Status of the policy on the day, as policy_status_as_of gives it.
-- evidence_id: Where the duty was read; leads to one row of evidence.
create or replace macro obligations_as_of(day, known_at := 'infinity') as table (
with duties as (
    select
        obligation_id,
        policy_id,
        section
    from obligations
),

edges as (
    select
        to_policy_id,
        from_policy_id,
        relation,
        provision,
        relation_date,
        known_from,
        cast(null as timestamptz) as known_until
    from policy_relations
    union all
    select
        to_policy_id,
        from_policy_id,
        relation,
        provision,
        relation_date,
        known_from,
        known_until
    from policy_relation_history
),

losses as (
    select
        to_policy_id as policy_id,
        from_policy_id as by_policy_id,
        relation_date as lost_date,
        provision
    from edges
    where
        relation in ('revokes', 'supersedes')
        and provision is not null
        and relation_date <= cast(day as date)
        and known_from <= cast(known_at as timestamptz)
        and (known_until is null or cast(known_at as timestamptz) < known_until)
),

-- The two Jinja tags stand in comments and let the mart `obligations` find its lost sections by the same query.
-- {% macro lost_sections_query() %}
lost_parts as (
    select
        policy_id,
        by_policy_id,
        lost_date,
        unnest(
            list_concat(
                regexp_extract_all(provision, '(?:^|[ ,;])(\d+[A-Za-z]?(?:\.\d+)*(?:\([A-Za-z0-9]{1,5}\))*)', 1),
                -- "sections 3 through 5" means the fourth too.
                coalesce(
                    list_transform(
                        range(
                            try_cast(regexp_extract(provision, '(\d{1,4}) (?:through|to) \d{1,4}', 1) as bigint),
                            try_cast(regexp_extract(provision, '\d{1,4} (?:through|to) (\d{1,4})', 1) as bigint)
                        ),
                        number -> cast(number as varchar)
                    ),
                    []
                )
            )
        ) as part
    from losses
    where regexp_matches(provision, '^(?:section|article|regulation)', 'i')
),

lost_sections as (
    select
        duties.obligation_id,
        min(lost_parts.lost_date) as lost_date,
        arg_min(
            struct_pack(policy_id := lost_parts.by_policy_id),
            struct_pack(lost_date := lost_parts.lost_date, policy_id := lost_parts.by_policy_id)
        ) as lost_by
    from duties
    inner join lost_parts
        on
            duties.policy_id = lost_parts.policy_id
            -- Section 4 holds 4(b) and 4.1, and not 41.
            and starts_with(duties.section, lost_parts.part)
            and substr(duties.section, length(lost_parts.part) + 1, 1) in ('', '(', '.')
    group by duties.obligation_id
),
-- {% endmacro %}

placed as (
    select
        obligations.*,
        status.status as policy_status,
        least(status.ended_since, lost_sections.lost_date) as ended_date,
        cast(day as date) as as_of_day
    from obligations
    inner join policy_status_as_of(day, known_at := known_at) as status on obligations.policy_id = status.policy_id
    left join lost_sections on obligations.obligation_id = lost_sections.obligation_id
)

select
    obligation_id,
    policy_id,
    actor,
    action,
    due_date,
    recurrence,
    case
        when ended_date is not null and (due_date is null or recurrence is not null or due_date >= ended_date) then 'void'
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

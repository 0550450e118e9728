-- Pages of what another source publishes under the same title within three days: one event on many pages. The document
-- with the strongest identifier leads. Documents of one source are never paired, and nothing is where two could lead.
{% set max_days_apart = 3 %}
{% set min_words = 3 %}
{% set min_words_of_many = 4 %}
with names as (
    -- Longer names first, since they hold the shorter ones.
    select
        list([name, code] order by length(name) desc, name) as pairs,
        list(distinct string_split(name, ' ')[1]) as first_words
    from {{ ref('government') }}
),

titled as (
    select
        named.document_id,
        named.policy_id,
        named.strength,
        named.is_page,
        documents.lead_source_id as source_id,
        documents.jurisdiction,
        coalesce(documents.signed_date, documents.published_date) as day,
        {{ title_text('documents.title') }} as title
    from {{ ref('int_documents__named') }} as named
    inner join {{ ref('int_documents__merged') }} as documents on named.document_id = documents.document_id
    where not named.is_correcting and documents.title is not null
),

-- Else DuckDB makes the words once more to count them.
worded as materialized (
    select
        titled.*,
        {{ title_words('titled.title', 'names.pairs', 'names.first_words') }} as words
    from titled
    cross join names
    where titled.day is not null
),

codes as (
    select list(distinct code) as codes
    from {{ ref('government') }}
),

-- What governments decide together is published by each of them, and each names itself first.
judged as (
    select
        worded.*,
        len(list_intersect(list_distinct(worded.words), codes.codes)) >= 2
        and regexp_matches(array_to_string(worded.words, ' '), {{ words_of_two_sides() }}) as names_parties,
        regexp_matches(array_to_string(worded.words, ' '), {{ words_of_many_sides() }})
        or (
            len(worded.words) >= {{ min_words_of_many }}
            and regexp_matches(array_to_string(worded.words, ' '), {{ words_of_joint_texts() }})
        ) as is_declared_by_many
    from worded
    cross join codes
    where len(worded.words) >= {{ min_words }}
),

scoped as (
    select
        document_id,
        policy_id,
        strength,
        is_page,
        source_id,
        day,
        case
            when names_parties
                then list_sort(
                    list_filter(list_distinct(words), lambda word: word not in ('government', 'governments'))
                )
            else words
        end as words,
        case when names_parties or is_declared_by_many then 'joint' else jurisdiction end as scope
    from judged
),

-- Only what two sources publish is looked at further: few of all titles.
shared as (
    select
        scope,
        array_to_string(words, ' ') as title
    from scoped
    group by scope, array_to_string(words, ' ')
    having min(source_id) <> max(source_id)
),

common as (
    select scoped.*
    from scoped
    semi join shared on scoped.scope = shared.scope and array_to_string(scoped.words, ' ') = shared.title
),

-- A page is put up on the day or soon after: a gap of more days begins another event of the same title, and pages that
-- hang together by others alone are not paired.
followed as (
    select
        *,
        lag(day) over (partition by scope, words order by day, document_id) as previous_day
    from common
),

parted as (
    select
        *,
        count_if(coalesce(day - previous_day > {{ max_days_apart }}, false)) over (
            partition by scope, words
            order by day, document_id
        ) as part
    from followed
),

events as (
    select
        scope,
        words,
        part,
        arg_min(document_id, (is_page, strength, document_id)) as lead_document_id,
        arg_min(source_id, (is_page, strength, document_id)) as lead_source_id,
        arg_min(day, (is_page, strength, document_id)) as lead_day,
        bool_and(is_page) as has_no_act,
        count(distinct case when not is_page then policy_id end) as acts
    from parted
    group by scope, words, part
    having count(distinct source_id) > 1
),

counted as (
    select
        parted.document_id,
        parted.source_id,
        parted.is_page,
        parted.day,
        events.*,
        count(*) over (partition by events.lead_document_id, parted.source_id) as documents_of_source,
        count_if(parted.source_id = events.lead_source_id) over (
            partition by events.lead_document_id
        ) as documents_of_lead_source
    from parted
    inner join events
        on parted.scope = events.scope and parted.words = events.words and parted.part = events.part
)

select
    document_id,
    lead_document_id
from counted
where
    is_page
    and source_id <> lead_source_id
    and abs(day - lead_day) <= {{ max_days_apart }}
    and documents_of_source = 1
    and (acts = 1 or (has_no_act and documents_of_lead_source = 1))

-- search_documents(query): one row a document about AI that holds all that the query asks for, the best first.
--
-- The query is words and "phrases", all of which must be there; word* stands for its beginnings, NOT word, NOT "phrase" or
-- -word leaves documents out, and OR between two takes either. Case, accents and punctuation are no matter. The index
-- behind `aipolicy search` gives the same documents in the same order. It works in any copied file and needs no extension.
-- A number or short name, such as EO 14110 or 2023-24283, finds its own document first.
--
-- document_id: The document; the key of documents.
-- policy_id: The policy it belongs to; null where it belongs to none.
-- title: Its title.
-- published_date: When it was published, by the source-local civil date; null where the source states no day.
-- signed_date: When it was signed, by the source-local civil date; null where the source states no day.
-- url: Its address at the source.
-- score: How well it fits (BM25, a word of its names outweighs all, one of the title counts ten, of the abstract five times).
create or replace macro search_documents(query) as table (
with parts as (
    select
        unnest(stated.found) as part,
        generate_subscripts(stated.found, 1) as place
    from (
        select
            regexp_extract_all(
                -- Blanks of every kind part words, as in the index: a no-break space comes with a pasted title.
                regexp_replace(cast(query as varchar), '[\s\p{Z}\x0b\x1c-\x1f\x{85}]', ' ', 'g'),
                '(?:(?:NOT\s+|-)?"[^"]*"\*?)|(?:(?:NOT\s+)?\S+)'
            ) as found
    ) as stated
),

worded as (
    select
        part,
        place,
        regexp_matches(part, '^(NOT\s|-)') as is_excluded,
        -- Words stand between two blanks each, so that phrases and repeated words can be counted.
        trim(
            regexp_replace(
                lower(strip_accents(regexp_replace(part, '^(NOT\s+|-)', ''))), '[^\p{L}\p{N}\p{Co}]+', '  ', 'g'
            )
        ) as words
    from parts
    where part <> 'AND'
),

chosen as (
    select
        *,
        coalesce(lag(part) over (order by place), '') = 'OR' as follows_or
    from worded
    where words <> ''
),

terms as (
    select
        place,
        is_excluded,
        sum(case when follows_or then 0 else 1 end) over (order by place) as choice,
        ' ' || words || case when suffix(part, '*') then '' else ' ' end as term
    from chosen
    where part <> 'OR'
),

candidates as (
    select
        document_id,
        policy_id,
        title,
        published_date,
        signed_date,
        url,
        [
            '  ' || regexp_replace(lower(strip_accents(coalesce(title, ''))), '[^\p{L}\p{N}\p{Co}]+', '  ', 'g') || '  ',
            '  ' || regexp_replace(lower(strip_accents(coalesce(abstract, ''))), '[^\p{L}\p{N}\p{Co}]+', '  ', 'g') || '  ',
            '  ' || regexp_replace(lower(strip_accents(coalesce(body, ''))), '[^\p{L}\p{N}\p{Co}]+', '  ', 'g') || '  ',
            '  ' || regexp_replace(lower(strip_accents(array_to_string(names, ' '))), '[^\p{L}\p{N}\p{Co}]+', '  ', 'g') || '  '
        ] as texts
    from documents
    where relevance >= 1 or policy_id is not null
),

sized as (
    select
        *,
        -- Two blanks stand between words and nowhere else.
        list_sum(
            list_transform(
                texts,
                lambda text: (strlen(trim(text)) - strlen(replace(trim(text), '  ', ''))) // 2
                + cast(trim(text) <> '' as integer)
            )
        ) as word_count
    from candidates
),

counted as (
    select
        sized.document_id,
        sized.word_count,
        terms.place,
        terms.choice,
        terms.is_excluded,
        list_transform(
            sized.texts, lambda text: (strlen(text) - strlen(replace(text, terms.term, ''))) / strlen(terms.term)
        ) as hits
    from sized
    cross join terms
),

weighed as (
    select
        document_id,
        word_count,
        place,
        choice,
        is_excluded,
        10 * hits[1] + 5 * hits[2] + hits[3] + 1000000 * hits[4] as weight,
        count(*) filter (where list_sum(hits) > 0) over (partition by place) as holding,
        count(*) over (partition by place) as all_documents,
        avg(word_count) over (partition by place) as mean_words
    from counted
),

scored as (
    select
        document_id,
        sum(
            case
                when is_excluded then 0
                else greatest(ln((all_documents - holding + 0.5) / (holding + 0.5)), 0.000001)
                    * weight * 2.2 / (weight + 1.2 * (0.25 + 0.75 * word_count / mean_words))
            end
        ) as score,
        count(distinct choice) filter (where not is_excluded and weight > 0) as choices_met,
        coalesce(bool_or(is_excluded and weight > 0), false) as is_left_out
    from weighed
    group by document_id
)

select
    sized.document_id,
    sized.policy_id,
    sized.title,
    sized.published_date,
    sized.signed_date,
    sized.url,
    round(scored.score, 6) as score
from scored
inner join sized on scored.document_id = sized.document_id
where
    not scored.is_left_out
    and scored.choices_met > 0
    and scored.choices_met = (select count(distinct choice) from terms where not is_excluded)
order by round(scored.score, 6) desc, sized.document_id
);

-- What a document means that names an earlier one by its day alone: the document of that day, by an agency of its own,
-- whose whole title stands in its title ("...; Correction"). Two of the same title on that day mean neither.
with referring as (
    select
        stated.*,
        documents.agency_ids,
        documents.published_date,
        {{ plain_words('documents.title') }} as title_words
    from {{ ref('stg_relations') }} as stated
    inner join {{ ref('int_documents__chosen') }} as chosen
        on
            stated.source_id = chosen.source_id
            and stated.document_id = chosen.document_id
            and stated.version_no = chosen.content_version_no
    inner join {{ ref('int_documents__merged') }} as documents on stated.document_id = documents.document_id
    where stated.target_scheme = 'fr_published'
),

days as (
    select distinct target_date from referring
),

earlier as (
    select
        documents.document_id,
        documents.published_date,
        documents.agency_ids,
        {{ plain_words('documents.title') }} as title_words,
        min(numbers.value) as number
    from {{ ref('int_documents__merged') }} as documents
    inner join days on documents.published_date = days.target_date
    inner join {{ ref('int_identifiers__current') }} as numbers
        on documents.document_id = numbers.document_id and numbers.scheme = 'fr_document'
    group by documents.document_id, documents.published_date, documents.agency_ids, documents.title
),

candidates as (
    select
        referring.source_id,
        referring.document_id,
        referring.version_no,
        referring.position,
        referring.relation,
        referring.target_date,
        referring.source_field,
        referring.quote,
        referring.quote_start,
        earlier.number,
        earlier.title_words,
        count(*) over (
            partition by
                referring.source_id, referring.document_id, referring.position, referring.relation, earlier.title_words
        ) as same_titles
    from referring
    inner join earlier
        on
            referring.target_date = earlier.published_date
            and referring.document_id <> earlier.document_id
            and list_has_any(referring.agency_ids, earlier.agency_ids)
            and contains(referring.title_words, earlier.title_words)
    -- A title of two words or less ("Sunshine Act") stands in many.
    where len(string_split(trim(earlier.title_words), ' ')) > 2
)

select
    candidates.source_id,
    candidates.document_id,
    candidates.version_no,
    candidates.relation,
    'fr_document' as target_scheme,
    candidates.number as target_value,
    candidates.target_date,
    candidates.source_field,
    candidates.quote,
    candidates.quote_start
from candidates
where
    candidates.same_titles = 1
    -- Of two titles, one within the other, the longer is meant.
    and not exists (
        select 1
        from candidates as longer
        where
            longer.source_id = candidates.source_id
            and longer.document_id = candidates.document_id
            and longer.position = candidates.position
            and longer.relation = candidates.relation
            and longer.title_words <> candidates.title_words
            and contains(longer.title_words, candidates.title_words)
    )

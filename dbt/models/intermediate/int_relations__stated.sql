-- Each statement of a relation in each unbroken run of versions that make it. The words may change meanwhile: a note
-- that gains a target states the others as before. A version that shows less (a line of a list, a page that is gone)
-- ends none.
with versions as (
    select
        documents.source_id,
        documents.document_id,
        documents.version_no,
        documents.first_seen_at,
        documents.version_no = chosen.content_version_no
        or (
            documents.depth is distinct from 'listing'
            and coalesce(documents.availability, 'available') in ('available', 'withdrawn')
        ) as is_telling
    from {{ ref('stg_documents') }} as documents
    inner join {{ ref('int_documents__chosen') }} as chosen
        on
            documents.source_id = chosen.source_id
            and documents.document_id = chosen.document_id
    where documents.version_no <= chosen.content_version_no
),

counted as (
    select
        *,
        count_if(is_telling) over (
            partition by source_id, document_id
            order by version_no
        ) as telling_no,
        min(case when is_telling then first_seen_at end) over (
            partition by source_id, document_id
            order by version_no
            rows between 1 following and unbounded following
        ) as overtaken_at
    from versions
),

-- In running text only what binds acts on anything; what others say of such acts are mentions.
read_relations as (
    select
        relations.*,
        relations.is_prose and vocabulary.is_acting and not coalesce(instruments.acts_by_text, false)
        and relations.relation <> 'implements' as is_mention
    from {{ ref('stg_relations') }} as relations
    inner join {{ ref('relation') }} as vocabulary on relations.relation = vocabulary.relation
    inner join {{ ref('int_documents__classified') }} as classified
        on relations.source_id = classified.source_id and relations.document_id = classified.document_id
    left join {{ ref('instrument') }} as instruments on classified.instrument = instruments.instrument
    where relations.target_value is not null
),

statements as (
    select
        source_id,
        document_id,
        version_no,
        case when is_mention then 'cites' else relation end as relation,
        coalesce(is_partial and not is_mention, false) as is_partial,
        target_scheme,
        target_value,
        target_date,
        until_date,
        case when is_partial and not is_mention then provision end as provision,
        source_field,
        quote,
        quote_start,
        case when source_field = 'disposition_notes' then 'official' else 'stated' end as confidence
    from read_relations
    union all
    select
        source_id,
        document_id,
        version_no,
        relation,
        false as is_partial,
        target_scheme,
        target_value,
        null as target_date,
        null as until_date,
        null as provision,
        source_field,
        quote,
        null as quote_start,
        'official' as confidence
    from {{ ref('stg_stated_relations') }}
),

-- What a version says twice counts once.
made as (
    select
        statements.*,
        counted.first_seen_at,
        counted.overtaken_at,
        counted.telling_no,
        counted.is_telling
    from statements
    inner join counted
        on
            statements.source_id = counted.source_id
            and statements.document_id = counted.document_id
            and statements.version_no = counted.version_no
    qualify
        row_number() over (
            partition by
                statements.source_id, statements.document_id, statements.version_no, statements.relation,
                statements.is_partial, statements.target_scheme, statements.target_value
            order by
                array_position(['official', 'stated'], statements.confidence),
                statements.quote_start nulls last,
                statements.quote,
                statements.source_field,
                statements.target_date,
                statements.until_date,
                statements.provision
        ) = 1
),

-- As many telling versions have passed as have made the statement, for as long as none of them left it out.
numbered as (
    select
        *,
        telling_no - count_if(is_telling) over (
            partition by source_id, document_id, relation, is_partial, target_scheme, target_value
            order by version_no
        ) as left_out
    from made
)

select
    source_id,
    document_id,
    version_no,
    relation,
    is_partial,
    target_scheme,
    target_value,
    target_date,
    until_date,
    provision,
    source_field,
    quote,
    quote_start,
    confidence,
    min(first_seen_at) over (
        partition by source_id, document_id, relation, is_partial, target_scheme, target_value, left_out
    ) as known_from,
    overtaken_at as known_until
from numbered
qualify
    row_number() over (
        partition by source_id, document_id, relation, is_partial, target_scheme, target_value, left_out
        order by version_no desc
    ) = 1

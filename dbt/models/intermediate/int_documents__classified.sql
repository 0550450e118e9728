-- The instrument of a document by the source's own fields, where the title is read only if the source states no action;
-- of a document about AI whose own type tells nothing, by its words.
with documents as (
    select
        documents.source_id,
        documents.document_id,
        documents.document_type,
        documents.document_subtype,
        documents.action,
        case when documents.action is null then documents.title end as title
    from {{ ref('stg_documents') }} as documents
    inner join {{ ref('int_documents__chosen') }} as chosen
        on
            documents.source_id = chosen.source_id
            and documents.document_id = chosen.document_id
            and documents.version_no = chosen.content_version_no
),

numbered as (
    select
        document_id,
        list(scheme) as schemes
    from {{ ref('int_identifiers__current') }}
    where scheme in (select rules.identifier_scheme from {{ ref('stg_instrument_rules') }} as rules)
    group by document_id
),

described as (
    select
        documents.*,
        coalesce(numbered.schemes, cast([] as varchar[])) as schemes
    from documents
    left join numbered on documents.document_id = numbered.document_id
),

-- The same words stand on thousands of documents: each wording is matched once.
wordings as (
    select distinct
        source_id,
        document_type,
        document_subtype,
        action,
        title,
        schemes
    from described
),

matched as (
    select
        wordings.*,
        arg_min(crosswalk.instrument, crosswalk.position) as instrument
    from wordings
    inner join {{ ref('stg_instrument_rules') }} as crosswalk
        on
            wordings.source_id = crosswalk.source_id
            and wordings.document_type = crosswalk.document_type
    where
        (crosswalk.document_subtype is null or crosswalk.document_subtype = wordings.document_subtype)
        and (crosswalk.identifier_scheme is null or list_contains(wordings.schemes, crosswalk.identifier_scheme))
        and (
            crosswalk.action_pattern is null
            or coalesce(regexp_matches(wordings.action, crosswalk.action_pattern, 'i'), false)
        )
        and (
            crosswalk.title_pattern is null
            or coalesce(regexp_matches(wordings.title, crosswalk.title_pattern, 'i'), false)
        )
    group by all
)

select
    described.source_id,
    described.document_id,
    described.document_type,
    described.document_subtype,
    coalesce(matched.instrument, worded.value) as instrument,
    case
        when matched.instrument is not null then 'official'
        when worded.value is not null then 'wording'
    end as instrument_basis
from described
left join {{ ref('int_facets__stated') }} as worded
    on described.document_id = worded.document_id and worded.facet = 'instrument'
left join matched
    on
        described.source_id = matched.source_id
        and described.document_type is not distinct from matched.document_type
        and described.document_subtype is not distinct from matched.document_subtype
        and described.action is not distinct from matched.action
        and described.title is not distinct from matched.title
        and described.schemes = matched.schemes

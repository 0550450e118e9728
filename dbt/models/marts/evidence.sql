-- Where every fact comes from: a version as a whole, a quote in it, or the answer that could not be read.
with versions as (
    select
        documents.source_id,
        documents.document_id,
        documents.version_no,
        documents.payload_sha256,
        documents.fetched_url,
        documents.warc_file,
        documents.warc_offset,
        documents.parser_version,
        documents.override_id,
        fetches.started_at as fetched_at
    from {{ ref('stg_documents') }} as documents
    left join {{ ref('stg_fetches') }} as fetches on documents.fetch_id = fetches.fetch_id
),

quotes as (
    select
        source_id,
        document_id,
        version_no,
        quote_field,
        quote_start,
        quote
    from {{ ref('stg_relevance') }}
    where quote is not null
    union
    select
        stated_by_source_id as source_id,
        stated_by_document_id as document_id,
        stated_by_version_no as version_no,
        source_field as quote_field,
        quote_start,
        quote
    from {{ ref('int_relations__deduplicated') }}
    union
    select
        source_id,
        document_id,
        version_no,
        source_field as quote_field,
        quote_start,
        quote
    from {{ ref('int_amounts__stated') }}
    union
    select
        source_id,
        document_id,
        version_no,
        source_field as quote_field,
        quote_start,
        quote
    from {{ ref('int_obligations__stated') }}
    union
    select
        source_id,
        document_id,
        version_no,
        source_field as quote_field,
        quote_start,
        quote
    from {{ ref('int_facets__stated') }}
    union
    select
        source_id,
        document_id,
        version_no,
        source_field as quote_field,
        quote_start,
        quote
    from {{ ref('int_text_dates__stated') }}
    union
    select
        source_id,
        document_id,
        version_no,
        quote_field,
        quote_start,
        quote
    from {{ ref('int_policy_dates__asserted') }}
),

cited as (
    select
        source_id,
        document_id,
        version_no,
        null as quote_field,
        null as quote_start,
        null as quote
    from versions
    union all
    select * from quotes
),

-- Of a document that was put together from several answers, the one that holds the quote; else that of the version.
placed as (
    select
        cited.*,
        parts.fetch_id
    from cited
    left join {{ ref('stg_read_parts') }} as parts
        on
            cited.source_id = parts.source_id
            and cited.document_id = parts.document_id
            and cited.version_no = parts.version_no
            and cited.quote_field = parts.quote_field
            and (parts.quote is null or cited.quote = parts.quote)
            and (parts.ends is null or cited.quote_start < parts.ends)
    qualify
        row_number() over (
            partition by
                cited.source_id, cited.document_id, cited.version_no, cited.quote_field, cited.quote_start, cited.quote
            order by parts.quote nulls last, parts.ends nulls last
        ) = 1
),

of_documents as (
    select
        {{ evidence_id(
            'placed.source_id', 'placed.document_id', 'placed.version_no', 'placed.quote_field', 'placed.quote_start',
            'placed.quote'
        ) }} as evidence_id,
        versions.source_id,
        versions.document_id,
        versions.version_no,
        placed.quote,
        placed.quote_start,
        placed.quote_field,
        case when fetches.fetch_id is null then versions.payload_sha256 else fetches.payload_sha256 end
            as payload_sha256,
        case when fetches.fetch_id is null then versions.fetched_url else fetches.url end as source_url,
        case when fetches.fetch_id is null then versions.warc_file else fetches.warc_file end as warc_file,
        case when fetches.fetch_id is null then versions.warc_offset else fetches.warc_offset end as warc_offset,
        case when fetches.fetch_id is null then versions.fetched_at else fetches.started_at end as fetched_at,
        versions.parser_version,
        versions.override_id
    from placed
    inner join versions
        on
            placed.source_id = versions.source_id
            and placed.document_id = versions.document_id
            and placed.version_no = versions.version_no
    left join {{ ref('stg_fetches') }} as fetches on placed.fetch_id = fetches.fetch_id
),

quarantined as (
    select distinct fetch_id
    from {{ ref('stg_quarantine') }}
),

of_answers as (
    select
        {{ fetch_evidence_id('quarantined.fetch_id') }} as evidence_id,
        fetches.source_id,
        null as document_id,
        null as version_no,
        null as quote,
        null as quote_start,
        null as quote_field,
        fetches.payload_sha256,
        fetches.url as source_url,
        fetches.warc_file,
        fetches.warc_offset,
        fetches.started_at as fetched_at,
        crawls.parser_version,
        null as override_id
    from quarantined
    inner join {{ ref('stg_fetches') }} as fetches on quarantined.fetch_id = fetches.fetch_id
    inner join {{ ref('stg_crawls') }} as crawls on fetches.crawl_id = crawls.crawl_id
)

select * from of_documents
union all
select * from of_answers

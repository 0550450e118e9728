-- One body under its several names: "Department of Commerce", "DEPARTMENT OF COMMERCE" and "Commerce Department".
with names as (
    select distinct
        jurisdiction,
        slug,
        name
    from {{ ref('stg_publishers') }}
),

words as (
    select distinct
        jurisdiction,
        name,
        unnest(string_split(trim({{ plain_words("replace(name, 'U.S.', 'US')") }}), ' ')) as word
    from names
),

-- The order of the words is a matter of the index ("Industry and Security Bureau"), and so is the word department.
folded as (
    select
        jurisdiction,
        name,
        string_agg(word, ' ' order by word) as folded_name
    from words
    where
        word not in ('department', 'of', 'the', 'and', 'for', 'on')
        and not (jurisdiction = 'US' and word in ('us', 'united', 'states'))
    group by jurisdiction, name
),

named as (
    select
        names.jurisdiction,
        names.slug,
        names.name,
        -- A name of such words alone is compared as it stands.
        coalesce(folded.folded_name, names.name) as folded_name,
        trim(regexp_replace(lower(strip_accents(names.name)), '[^a-z0-9]+', '-', 'g'), '-') as name_slug
    from names
    left join folded on names.jurisdiction = folded.jurisdiction and names.name = folded.name
),

-- Two slugs are two bodies to their source, however alike their names; a bare name then belongs to neither.
bodies as (
    select
        jurisdiction,
        folded_name,
        count(distinct slug) as slugs,
        min(slug) as only_slug,
        arg_min(name_slug, struct_pack(characters := length(name_slug), name_slug := name_slug)) as shortest_slug
    from named
    group by jurisdiction, folded_name
),

identified as (
    select
        named.jurisdiction,
        named.slug,
        named.name,
        lower(named.jurisdiction) || '-' || coalesce(
            named.slug,
            case
                when bodies.slugs = 1 then bodies.only_slug
                when bodies.slugs = 0 then bodies.shortest_slug
                else named.name_slug
            end
        ) as agency_id
    from named
    inner join bodies on named.jurisdiction = bodies.jurisdiction and named.folded_name = bodies.folded_name
),

-- Capitals are the printer's; one word in capitals may be an acronym.
-- Capitals are the printer's; one word in capitals may be an acronym.
capitals as (
    select distinct name
    from names
    where name = upper(name) and regexp_matches(name, '[A-Z]{3,} .*[A-Z]{3,}|[A-Z]{3,} OF ')
),

printed as (
    select
        name,
        unnest(string_split(name, ' ')) as word,
        generate_subscripts(string_split(name, ' '), 1) as position
    from capitals
),

recased as (
    select
        name,
        string_agg(
            case
                when position > 1 and word in ('OF', 'AND', 'THE', 'FOR', 'ON', 'IN', 'TO', 'AT', 'BY') then lower(word)
                when word like '%.%' then word
                else word[1] || lower(word[2:])
            end,
            ' ' order by position
        ) as agency_name
    from printed
    group by name
)

select
    publishers.source_id,
    publishers.document_id,
    publishers.version_no,
    publishers.position,
    identified.agency_id,
    coalesce(recased.agency_name, publishers.name) as name,
    publishers.slug,
    publishers.native_id,
    publishers.parent_native_id,
    publishers.url,
    publishers.jurisdiction
from {{ ref('stg_publishers') }} as publishers
inner join identified
    on
        publishers.jurisdiction = identified.jurisdiction
        and publishers.name = identified.name
        and publishers.slug is not distinct from identified.slug
left join recased on publishers.name = recased.name

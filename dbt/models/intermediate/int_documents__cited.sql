-- Numbers and short names by which a document is cited, made of its identifiers as people write them. An expression
-- that comes from a table is compiled anew for every row: the one that takes any value whole is not asked.
{% set any_value = "'^(.+)$'" %}
with pages as (
    select distinct identifiers.document_id
    from {{ ref('int_identifiers__current') }} as identifiers
    inner join {{ ref('stg_identifier_schemes') }} as schemes on identifiers.scheme = schemes.scheme
    where schemes.is_page
),

-- A page that repeats the number of a publication is not called by it where the publication itself is held.
own as (
    select
        identifiers.*,
        pages.document_id is not null as is_on_page
    from {{ ref('int_identifiers__current') }} as identifiers
    left join pages on identifiers.document_id = pages.document_id
    qualify not is_on_page or bool_and(is_on_page) over (partition by identifiers.identifier)
),

worded as (
    select
        own.document_id,
        case
            when wordings.pattern = {{ any_value }} then replace(wordings.name, '\1', own.value)
            else regexp_replace(own.value, wordings.pattern, wordings.name)
        end as name,
        min(wordings.position) as position
    from own
    inner join {{ ref('identifier_names') }} as wordings
        on
            own.scheme = wordings.scheme
            and case
                when wordings.pattern = {{ any_value }} then own.value <> ''
                else regexp_matches(own.value, wordings.pattern)
            end
    group by all
)

select
    document_id,
    list_transform(
        list_sort(list(struct_pack(place := position, name := name))), name -> name.name
    ) as names
from worded
group by document_id

{{ config(severity='warn') }}
-- A relation outside the vocabulary makes no edge. Two are known to make none: a note's free text (other), a page's
-- place in a collection (part_of).
with stated as (
    select relation
    from {{ ref('stg_relations') }}
    union all
    select relation
    from {{ ref('stg_stated_relations') }}
)

select
    stated.relation,
    count(*) as statements
from stated
left join {{ ref('relation') }} as vocabulary on stated.relation = vocabulary.relation
where vocabulary.relation is null and stated.relation not in ('other', 'part_of')
group by stated.relation

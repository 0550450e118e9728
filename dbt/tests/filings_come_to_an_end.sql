{{ config(severity='warn') }}
-- A filing that its source lists no more was published or withdrawn. Of one that went in silence the last sighting is
-- all that can be told.
with looks as (
    select
        source_id,
        max(ended_at) as last_look_at
    from {{ ref('stg_crawls') }}
    where is_good
    group by source_id
)

select
    sightings.source_id,
    sightings.document_id,
    sightings.last_seen_at
from {{ ref('document_sightings') }} as sightings
inner join {{ ref('documents') }} as documents on sightings.document_id = documents.document_id
inner join looks on sightings.source_id = looks.source_id
where documents.availability = 'filed' and sightings.last_seen_at + interval 7 day < looks.last_look_at

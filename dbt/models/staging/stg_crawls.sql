select
    crawl_id,
    run_id,
    source_id,
    since as since_date,
    until as until_date,
    started_at,
    ended_at,
    planned,
    official_total,
    found_total,
    gate_passed,
    gate_left_out,
    rejected,
    is_good,
    faults,
    not_asked,
    parser_version
from {{ source('raw', 'crawls') }}

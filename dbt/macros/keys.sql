{#- Ids that are hashes of what they point at: the same facts give the same id on every machine. -#}

{% macro hash_id(parts) -%}
    substr(sha256(concat_ws(chr(31){% for part in parts %}, coalesce(cast({{ part }} as varchar), ''){% endfor %})), 1, 32)
{%- endmacro %}

{#- Evidence of a version as a whole has neither quote nor field. -#}
{% macro evidence_id(source_id, document_id, version_no, field='null', start='null', quote='null') -%}
    {{ hash_id(["'version'", source_id, document_id, version_no, field, start, quote]) }}
{%- endmacro %}

{#- Evidence for what belongs to no document: the answer of the source itself. -#}
{% macro fetch_evidence_id(fetch_id) -%}
    {{ hash_id(["'fetch'", fetch_id]) }}
{%- endmacro %}

{#- The number at the end of "us_federal_register/12": as text, 9 would sort after 12. -#}
{% macro revision_number(version) -%}
    coalesce(try_cast(regexp_extract({{ version }}, '(\d+)$', 1) as bigint), 0)
{%- endmacro %}

{#- Words of a text without case, accents and punctuation, a blank before each and one behind the last. -#}
{% macro plain_words(text) -%}
    ' ' || trim(regexp_replace(lower(strip_accents({{ text }})), '[^a-z0-9]+', ' ', 'g')) || ' '
{%- endmacro %}

{#- The id of a policy that an identifier names. Official numbers may hold blanks and slashes, which an id does not. -#}
{% macro policy_id_of(prefix, value) -%}
    {{ prefix }} || regexp_replace({{ value }}, '[^A-Za-z0-9._()-]+', '_', 'g')
{%- endmacro %}

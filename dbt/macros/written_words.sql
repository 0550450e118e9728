{# The words and numbers of a text: equal for two texts that differ in white space, case, punctuation or tags alone. A
   number counts as it is written, since 1.5 and 1,5 are not the same. #}
{% macro written_words(text) -%}
    trim(
        regexp_replace(
            lower(regexp_replace({{ text }}, '</?[a-zA-Z][^<>]*>', ' ', 'g')), '[\s\p{Z}\p{P}]+', ' ', 'g'
        )
    )
    || chr(10)
    || array_to_string(regexp_extract_all({{ text }}, '[0-9][0-9.,:/-]*[0-9]%?|[0-9]%?'), ' ')
{%- endmacro %}

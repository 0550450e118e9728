{#- Words of a title by which pages of one event are matched: without case, accents, punctuation and small words, without
    what a site puts before or behind the title, and with one name for each government. `names` is the list of pairs
    [name, code] that `government_names` gives. -#}
{% macro title_words(title, names) -%}
    list_filter(
        string_split(
            trim(list_reduce(
                list_prepend(
                    [regexp_replace(
                        {{ plain_words(title) }},
                        '^ (?:(?:presidential )?(?:executive order|memorandum|proclamation) on )|\bm \d{2} \d{2}\b', ' ', 'g'
                    )],
                    {{ names }}
                ),
                (text, name) -> [replace(text[1], ' ' || name[1] || ' ', ' ' || name[2] || ' ')]
            )[1]),
            ' '
        ),
        word -> word not in (
            '', 'a', 'an', 'and', 'as', 'at', 'between', 'by', 'for', 'from', 'in', 'of', 'on', 'or', 'regarding', 's',
            'the', 'to', 'toward', 'with'
        )
    )
{%- endmacro %}

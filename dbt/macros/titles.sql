{#- Words of a title by which pages of one event are matched: without case, accents, punctuation and the smallest words,
    without what a site puts before the title, with one name for each government, and with a memorandum's number as one
    word in front, wherever it stands. `names` is a list of pairs [name, code]. -#}
{% macro title_words(title, names) -%}
    list_filter(
        string_split(
            trim(list_reduce(
                list_prepend(
                    [
                        regexp_replace(
                            regexp_replace(
                                {{ plain_words(title) }},
                                '^ (?:presidential )?(?:executive order|memorandum|proclamation) on ', ' '
                            ),
                            '^(.*) m (\d\d) (\d\d) (.*)$', ' m-\2-\3 \1 \4'
                        )
                    ],
                    {{ names }}
                ),
                (text, name) -> [replace(text[1], ' ' || name[1] || ' ', ' ' || name[2] || ' ')]
            )[1]),
            ' '
        ),
        word -> word not in ('', 'a', 'an', 'and', 'for', 'in', 'of', 'on', 's', 'the', 'between', 'regarding')
    )
{%- endmacro %}

{#- A title by which pages of one event are matched: without case, accents and punctuation, without what a site puts
    before the title, with one name for AI, and with a memorandum's number as one word in front, wherever it stands. -#}
{% macro title_text(title) -%}
    regexp_replace(
        regexp_replace(
            replace({{ plain_words(title) }}, ' artificial intelligence ', ' ai '),
            '^ (?:an? )?(?:presidential )?(?:executive order|memorandum|proclamation) on ', ' '
        ),
        '^(.*) m (\d\d) (\d\d) (.*)$', ' m-\2-\3 \1 \4'
    )
{%- endmacro %}

{#- The words of such a text without the smallest, and with one name for each government: `names` is a list of pairs
    [name, code], `first_words` those by one of which every name begins, since few titles name any. -#}
{% macro title_words(text, names, first_words) -%}
    list_filter(
        string_split(
            trim(
                case
                    when list_has_any(string_split({{ text }}, ' '), {{ first_words }})
                        then list_reduce(
                            list_prepend([{{ text }}], {{ names }}),
                            (text, name) -> [replace(text[1], ' ' || name[1] || ' ', ' ' || name[2] || ' ')]
                        )[1]
                    else {{ text }}
                end
            ),
            ' '
        ),
        word -> word not in ('', 'a', 'an', 'and', 'for', 'in', 'of', 'on', 's', 'the', 'between', 'regarding')
    )
{%- endmacro %}

{#- Words by which two governments that a title names do something together. Without one of them a title may tell what
    one does to the other, and the order of the two counts. -#}
{% macro words_of_two_sides() -%}
    '\b(?:memorandum|mou|agreements?|partnerships?|declaration|statement|communique|dialogue|council|deal|accord|pact|treaty|collaboration|cooperation|alliance|convention)\b'
{%- endmacro %}

{#- Words by which many governments declare something together: who they are or where they met, and what they made. -#}
{% macro words_of_many_sides() -%}
    '\b(?:(?:countries|nations|leaders|ministers|ministerial|g7|g20|seoul|bletchley|hiroshima|paris|delhi)\b.*\b(?:declaration|communique|statement|statement intent|principles|code conduct|commitments)|(?:declaration|communique|joint statement|statement intent|principles|code conduct|commitments)\b.*\b(?:countries|nations|leaders|ministers|g7|g20|seoul|bletchley|hiroshima|paris|delhi)|framework convention|international network)\b'
{%- endmacro %}

{#- What a text is that several governments put out under one title; a title of few words may be each one's own. -#}
{% macro words_of_joint_texts() -%}
    '\b(?:declaration|joint statement|guidelines|principles|commitments|convention|code conduct)\b'
{%- endmacro %}

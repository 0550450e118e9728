{#- Columns are filled in every row: one test a model, since each test costs more than what it asks. -#}
{% test filled(model, columns) %}
    select *
    from (
        select
            concat_ws(
                ', ',
                {%- for column in columns %}
                if({{ column }} is null, '{{ column }}', null){{ ',' if not loop.last }}
                {%- endfor %}
            ) as empty_columns,
            *
        from {{ model }}
    )
    where empty_columns <> ''
{% endtest %}

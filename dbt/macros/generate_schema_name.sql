{#- Schemas bear the names that SQL users know (staging, intermediate, marts, seeds), without a target's prefix. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ target.schema if custom_schema_name is none else custom_schema_name | trim }}
{%- endmacro %}

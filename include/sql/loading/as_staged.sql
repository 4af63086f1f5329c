-- The columns of the version `v` as those of staged_rows.
    {{ of('v') }}
{%- for name in typed %},
    CAST(v."{{ name }}" AS TEXT) AS "{{ name }}_text"
{%- endfor %}

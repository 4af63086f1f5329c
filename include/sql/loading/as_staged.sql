-- The columns of the version `v` as those of staged_rows.
    {{ of('v') }}
{%- for name, text in written.items() %},
    {{ text }} AS "{{ name }}_text"
{%- endfor %}

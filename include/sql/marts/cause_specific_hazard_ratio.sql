{% from 'marts/counted.sql' import counted with context %}
{{ counted('incidence') }} AND stratification <> 'all'

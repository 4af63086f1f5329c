{% from 'marts/counted.sql' import counted with context %}
{{ counted('survival') }} AND stratification <> 'all'

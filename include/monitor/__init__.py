"""The registry's pages inside Airflow's web UI: what managers, clinicians and BI people open every morning.

`app` makes the application, `access` says who may do what, `reading` opens the warehouse, `rendering` fills the
templates, `pages` has a module for each page. plugins/monitor.py mounts it.
"""

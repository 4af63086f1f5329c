"""The registry's pages in Airflow."""

"""The registry's nights under Airflow: what the DAGs share, and `make nightly` and `make serve`."""

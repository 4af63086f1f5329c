"""Several hospitals: what each sends is kept apart by its site."""

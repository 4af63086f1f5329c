"""Asking people about held files: which runs ask, the page that they see, and what their answer does."""

"""The published study: a sample of it (sample), its numbers beside the marts (paper), its pictures (figures)."""

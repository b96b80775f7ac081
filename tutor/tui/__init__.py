"""Everything drawn with Textual, and nothing else."""

"""What `scripts/eval_grading.py` is made of: reading collections, figures with intervals, published results."""

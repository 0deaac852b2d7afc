"""Cards: what is printed on them, print batches, delivery, hand-over."""

"""What is kept of somebody across all floors: getting it, and having it erased."""

"""Questions and answers: what is asked, read, scored, shown and recommended, never decided."""

"""Whether questionnaires measure what they say, and whether they treat people alike."""

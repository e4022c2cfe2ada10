"""A training as it is written: its pages, modules and questions, drafts of it, and what a new edition keeps."""

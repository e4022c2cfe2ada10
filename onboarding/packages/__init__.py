"""SCORM packages: what is refused before anything is read, what to launch, and what running content reports."""

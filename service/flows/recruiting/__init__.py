"""From a programme to a decision: applications, imports, interviews, shortlists, the pool, contests, reports."""

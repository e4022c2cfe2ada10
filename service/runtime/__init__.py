"""Settings, database, clock, files, mail, log, errors."""

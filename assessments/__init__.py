"""Who is this person, and where do they fit? Pure values and functions; see README.md."""

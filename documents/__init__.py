"""What do we sign and pay? Pure values and functions; see README.md."""

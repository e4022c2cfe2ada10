"""What happens from the offer on? Pure values and functions; see README.md."""

"""What people can do, in words: lists, phrases, languages, and how free text is understood."""

"""What is signed: offers, papers under a number, packs, the dates that they set."""

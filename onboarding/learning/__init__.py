"""What one learner does with a path: tries, events, progress, days due, hours to learn in, the trainer's board."""

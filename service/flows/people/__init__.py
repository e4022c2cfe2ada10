"""The people of the house and the house itself: candidates, the employer, how long anything is kept."""

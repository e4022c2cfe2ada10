"""Every paper to sign or to hand over besides a hiring's own pack: a file a family, one shelf, one way to issue."""

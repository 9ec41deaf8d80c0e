"""Looking things up over years."""

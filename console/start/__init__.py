"""From the command line to a signed-in window, and back."""

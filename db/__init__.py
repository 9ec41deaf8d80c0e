"""The shared record. Runs headless: nothing in here knows the screen."""

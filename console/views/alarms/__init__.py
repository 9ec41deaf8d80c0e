"""The alarms of the room in a window of their own: what is on, what rests, what was."""

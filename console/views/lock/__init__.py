"""A console that is locked: nothing about anybody is seen, and alarms go on."""

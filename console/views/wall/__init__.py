"""The wall: a page for a big screen, with nothing on it about anybody."""

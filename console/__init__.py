"""The control-room console: everything on the screen."""

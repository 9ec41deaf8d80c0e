"""The window, its panels and its dialogs."""

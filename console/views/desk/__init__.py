"""The desk: its panels side by side, its layout and its keys."""

"""The top-level window and its pages before and after the desk."""

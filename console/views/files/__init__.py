"""What is written into files from a window: made step by step beside the desk, given up at any time."""

"""The command line: one thing typed, said in words before it is done."""

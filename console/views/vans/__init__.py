"""The vans, their crews and their fixes."""

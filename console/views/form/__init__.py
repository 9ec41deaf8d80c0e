"""The referral form. What shows it names its files: the whole of it takes as long to load as the board."""

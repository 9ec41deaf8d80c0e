"""The referrals."""

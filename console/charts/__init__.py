"""Charts: what is looked at rather than read. The models are pure; one painting serves screen and printer."""

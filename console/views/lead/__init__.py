"""The lead's page: what happened in a night, a day, or any days, as figures and charts."""

"""The bar on top: link, clock, counts, alarms, and what waits."""

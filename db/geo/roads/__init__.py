"""Travel times along real roads, and by estimate where there are none."""

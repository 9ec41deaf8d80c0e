"""What runs beside the window: kept running, bounded in time, and alone in its failures."""

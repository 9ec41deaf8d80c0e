"""WGS 84 degrees that are a place."""


def on_earth(lat: float, lon: float) -> bool:
    """Whether WGS 84 degrees are a place on Earth; what is no number or infinite is none."""
    return abs(lat) <= 90 and abs(lon) <= 180


def point_of(lat: float | None, lon: float | None) -> tuple[float, float] | None:
    """Latitude and longitude; None where one is not known, or they are no place on Earth."""
    return (lat, lon) if lat is not None and lon is not None and on_earth(lat, lon) else None

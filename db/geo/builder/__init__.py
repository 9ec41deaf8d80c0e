"""Making a map pack from an OpenStreetMap extract."""

"""The handover timelines of the desk."""

"""The owner's tools: the schema, reference data, users, devices, and a check of the link."""

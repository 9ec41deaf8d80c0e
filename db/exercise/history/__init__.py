"""The days before a practice shift, played by the record's own rules: a month to look back on."""

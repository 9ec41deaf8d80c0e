"""The rota of a shift lead: a week of shifts, who rides, what is to be put right."""

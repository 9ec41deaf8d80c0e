"""The audit: what happened is sealed each minute, so that whoever changes it afterwards is found out."""

"""Near-identical stories are found and placed in stories."""

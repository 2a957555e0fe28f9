"""Raw articles become clean, dated, identified ones."""

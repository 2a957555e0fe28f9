"""Text becomes parsed sentences."""

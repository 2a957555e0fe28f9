"""Stages: pure functions, and the PTransforms that wire them."""

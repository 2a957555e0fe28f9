"""Parsed sentences become events."""

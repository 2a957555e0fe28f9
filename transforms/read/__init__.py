"""Bytes become raw articles: feeds, feed lists, pages, captures, records."""

"""Looks into nested data."""

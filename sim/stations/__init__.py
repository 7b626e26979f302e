"""Stations: one behaviour per file."""

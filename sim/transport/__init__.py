"""Transports: vehicles, cranes, and the orders they carry out."""

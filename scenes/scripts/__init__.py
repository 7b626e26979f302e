"""Scenario scripts that come with celltwin; see docs/how-to/scripts.md."""

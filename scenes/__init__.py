"""The content that comes with celltwin: plants, scenarios and USD assets."""

"""People: workers who walk to machines, and the shifts that staff their pools."""

"""The charts: each is `x_data(run, ...) -> XData` (numbers) and `x_figure(XData)` (drawing)."""

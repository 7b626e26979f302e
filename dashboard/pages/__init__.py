"""The pages: each module has a `layout(shown)` and `register(app, runs)` for its cards."""

"""Places where lots wait or travel on their own."""

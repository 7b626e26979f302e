"""What every behaviour is made of: clock, timers, random streams, lots and the world they share."""

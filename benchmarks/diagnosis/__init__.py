"""How well flags find faults: the score board."""

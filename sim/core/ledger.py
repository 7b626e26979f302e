"""The books of the run: units created, consumed, scrapped and shipped, by item."""

from __future__ import annotations

from collections import Counter

ACCOUNTS = ("initial", "created", "consumed", "scrapped", "shipped")


class Ledger:
    """Counts units by item in each account."""

    def __init__(self) -> None:
        self.initial: Counter[str] = Counter()
        self.created: Counter[str] = Counter()
        self.consumed: Counter[str] = Counter()
        self.scrapped: Counter[str] = Counter()
        self.shipped: Counter[str] = Counter()

    def expected(self) -> Counter[str]:
        """Return the units of each item that must be in the plant now."""
        balance: Counter[str] = Counter(self.initial)
        balance.update(self.created)
        for gone in (self.consumed, self.scrapped, self.shipped):
            balance.subtract(gone)
        return balance

    def totals(self) -> dict[str, float]:
        """Return the accounts as flat numbers: ``created`` and ``created.<item>`` ..."""
        flat: dict[str, float] = {}
        for account in ACCOUNTS:
            counts: Counter[str] = getattr(self, account)
            flat[account] = float(counts.total())
            flat.update({f"{account}.{item}": float(n) for item, n in sorted(counts.items())})
        return flat

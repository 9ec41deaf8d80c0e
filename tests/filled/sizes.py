"""How much there is of everything in a filled record."""

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """A record by its referrals; everything else follows from their number.

    Attributes:
        referrals: spread evenly over the years before now; the newest forty are open.
        years: how long the service has been working.
        fix_days: for how many days before now the positions have a part of their own, as in a record that was in
            use on those days.
    """

    referrals: int
    years: int = 10
    fix_days: int = 31

    @property
    def people(self) -> int:
        """Whom they are about; some come back often."""
        return max(1, self.referrals * 2 // 3)

    @property
    def vans(self) -> int:
        """Between four and forty."""
        return min(40, max(4, self.referrals // 2000))

    @property
    def shifts(self) -> int:
        """One for about three referrals."""
        return max(self.vans, self.referrals // 3)

    @property
    def flag_each(self) -> int:
        """One in so many has a flag: in a small record more, so that there are enough to be counted."""
        return 50 if self.is_large else 5

    @property
    def is_large(self) -> bool:
        """Whether it is quicker to make the indexes once the rows are in, and not to ask whether each fits."""
        return self.referrals > 50_000


CI = Size(6_000, years=25)
"""What CI tries: so many rows that no plan reads a whole table where an index serves, and made in seconds."""
MILLION = Size(int(os.environ.get("CRU_BENCH_REFERRALS", "1000000")), fix_days=31)
"""What the benchmarks tell of; ``CRU_BENCH_REFERRALS`` makes another number."""

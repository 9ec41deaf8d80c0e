"""Until when a referral rests: a time of day that is still to come."""

from datetime import UTC, datetime, timedelta

from db.domain.clocks import LONDON, local


def next_at(text: str, now: datetime) -> datetime | None:
    """Read a typed time of day, such as ``0830``, as the next such moment after ``now``.

    Returns:
        An aware UTC time; None if the text is no time of day, or falls in the hour that spring skips.
    """
    digits = text.strip().replace(":", "").replace(".", "")
    if not digits.isascii() or not digits.isdigit() or not 3 <= len(digits) <= 4:
        return None
    hour, minute = int(digits[:-2]), int(digits[-2:])
    if hour > 23 or minute > 59:
        return None
    today = local(now).date()
    for day in (today, today + timedelta(days=1)):
        for fold in (0, 1):
            there = datetime(day.year, day.month, day.day, hour, minute, fold=fold, tzinfo=LONDON)
            moment = there.astimezone(UTC)
            real = local(moment)
            if (real.hour, real.minute) == (hour, minute) and moment > now:
                return moment
    return None

"""Until when the certificates of the record's servers are good: one that ended stops every sign-in."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import URL

from db.addresses import connect_arguments, each_host
from db.admin.check_result import CheckResult
from db.domain.clocks import days_in_words, local
from db.hosts import HOST_WITHIN
from db.knock import hang_up, reach
from db.tls import about_certificate, context_for

AHEAD: Final = timedelta(days=30)
"""Time to get another one."""
_STEP: Final = "Get a new one for that server before then, and let the server read it: SELECT pg_reload_conf()."


async def certificates(url: URL) -> AsyncIterator[CheckResult]:
    """A line for each server of an address whose certificate is checked, and none where no link is encrypted."""
    for host in each_host(url):
        given = connect_arguments(host)
        name, port = str(given.get("host") or "localhost"), int(given.get("port") or 5432)
        context = context_for(host, name)
        if context is not None and context.verify_mode is ssl.CERT_REQUIRED:
            yield await _of(name, port, context)


async def _of(host: str, port: int, context: ssl.SSLContext) -> CheckResult:
    try:
        async with asyncio.timeout(HOST_WITHIN):
            _, writer = await reach(host, port, context)
    except ssl.SSLCertVerificationError as error:
        refused = about_certificate(error)
        return CheckResult(False, f"{host}: {refused.sentence}", refused.next_step)
    except OSError:
        return CheckResult(False, f"Nobody answers at {host}:{port} with TLS.", "Start that server.")
    shown = writer.get_extra_info("peercert")
    await hang_up(writer)
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(shown["notAfter"]), UTC)
    left = ends - datetime.now(UTC)
    words = f"The certificate of {host} is good until {local(ends):%a %d %b %Y}, for {days_in_words(left.days)}."
    return CheckResult(left > AHEAD, words, "" if left > AHEAD else _STEP)

"""The ``gateway`` command."""

import argparse
import asyncio
import gc
import ipaddress
import logging
import os
import signal
import sys
from pathlib import Path

import platformdirs
from sqlalchemy import URL

from db.addresses import read_url
from db.errors import Invalid, RecordError

_PACK = "CRU_MAP_PACK"
_PACK_HELP = f"the map pack of the county that the vans drive in ({_PACK})"
_URL = "CRU_GATEWAY_DATABASE_URL"
_RUBBISH_FIRST = 10_000
"""Objects made since the last look; Python's own 700 are three fixes."""
_FORWARD = "CRU_GATEWAY_FORWARD_TOKEN"


def add_gateway_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``gateway``.

    The parsed namespace's ``handler`` takes the namespace and returns the exit code: 0 stopped when asked to,
    1 could not start, with a sentence on the error stream.
    """
    parser = subparsers.add_parser("gateway", help="take the vans' positions over HTTP")
    parser.add_argument("--host", default="127.0.0.1", help="where to listen; this computer only when left out")
    parser.add_argument("--port", type=int, default=5055)
    parser.add_argument("--map-pack", type=Path, metavar="DIR", default=argparse.SUPPRESS, help=_PACK_HELP)
    parser.add_argument("--cert", type=Path, metavar="PEM", help="certificate for HTTPS, with its chain")
    parser.add_argument("--key", type=Path, metavar="PEM", help="the certificate's key")
    parser.add_argument("--queue-dir", type=Path, metavar="DIR", help="where fixes wait while the record is away")
    parser.add_argument("--max-queue", type=int, default=500_000, metavar="N", help="how many fixes may wait")
    parser.add_argument(
        "--trusted-proxy",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="a proxy, or a network of them, whose X-Forwarded-For is believed; may be given again",
    )
    parser.add_argument("--url", default="", help=f"the record, as a gateway's login ({_URL})")
    parser.set_defaults(handler=_run)


def _run(args: argparse.Namespace) -> int:
    _log_to_stderr()
    try:
        asyncio.run(_serve(args))
    except RecordError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _log_to_stderr() -> None:
    from db.gateway.quiet import QuietFilter

    handler = logging.StreamHandler()
    handler.addFilter(QuietFilter())
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s", handlers=[handler])


async def _serve(args: argparse.Namespace) -> None:
    # The web server's library takes a while to load, and no other command needs it.
    from db.gateway.area import area_of
    from db.gateway.connections import room_for
    from db.gateway.server import Gateway, GatewayConfig

    if args.max_queue < 1:
        raise Invalid("The queue must hold at least one fix.", "Give a larger --max-queue.")
    config = GatewayConfig(
        database=_database(args.url or os.environ.get(_URL, "")),
        queue_dir=args.queue_dir or default_queue_dir(),
        host=args.host,
        port=args.port,
        area=area_of(_pack(getattr(args, "map_pack", None))),
        cert=args.cert,
        key=args.key,
        max_queue=args.max_queue,
        connections=room_for(),
        trusted_proxies=tuple(_proxy(given) for given in args.trusted_proxy),
        forward_token=os.environ.get(_FORWARD, ""),
    )
    # Before the start, which may take a while and must be possible to stop in order.
    stop = _stop_on_signals()
    gateway = Gateway(config)
    await gateway.start()
    _settle_memory()
    try:
        _say(f"Listening on {gateway.url}")
        if _can_be_overheard(args.cert, args.host):
            _say("Warning: positions and tokens travel unencrypted. Give --cert and --key.")
        await stop.wait()
    finally:
        await gateway.stop()
    _say("Stopped.")


def _settle_memory() -> None:
    """What is loaded stays for good: to look through it for rubbish again and again costs a tenth of a core."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_RUBBISH_FIRST, 20, 50)


def _pack(given: Path | None) -> Path | None:
    folder = given or os.environ.get(_PACK)
    return Path(folder) if folder else None


def default_queue_dir() -> Path:
    """Where fixes wait when nobody says otherwise."""
    return platformdirs.user_data_path("cru-console", appauthor=False) / "gateway"


def _database(given: str) -> URL:
    if not given:
        raise Invalid("No database is given.", f"Set {_URL}, or give --url.")
    return read_url(given)


def _proxy(given: str) -> str:
    try:
        return str(ipaddress.ip_network(given)) if "/" in given else str(ipaddress.ip_address(given))
    except ValueError:
        raise Invalid(
            f"{given} is no address of a proxy.",
            "Give an address such as 10.0.0.7, or a network such as 10.0.0.0/24.",
        ) from None


def _stop_on_signals() -> asyncio.Event:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:
            # Windows' loops know no signal handlers.
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    return stop


def _can_be_overheard(cert: Path | None, host: str) -> bool:
    return cert is None and not _is_loopback(host)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()

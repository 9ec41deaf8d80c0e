"""Machines that are namespaces of this computer: each has an address of its own, and can be killed and cut off.

They hang on one bridge, where this computer has the address 10.20.0.1. Needs root.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

BRIDGE = "cru-bridge"
NEEDED = ("ip", "setpriv", "openssl", "etcd")
PATRONI = Path("/opt/patroni/bin")
"""Where the page installs it: in Debian 12's 3.0.2 a leader that wakes up overwrites the lock of the next one."""


def missing() -> str:
    """What keeps this computer from being three machines, in a sentence; empty when nothing does."""
    said = "installs nothing by itself: apt-get install postgresql etcd-server iproute2 openssl"
    absent = [name for name in NEEDED if shutil.which(name) is None]
    if not any(Path("/usr/lib/postgresql").glob("*/bin/postgres")):
        absent.append("PostgreSQL of the system")
    if absent:
        return f"{', '.join(absent)} missing; the test {said}"
    if not (PATRONI / "patroni").exists():
        return (
            f"no Patroni in {PATRONI}; the test installs nothing by itself: docs/deploy.md, Patroni, has the line"
        )
    if os.geteuid() != 0:
        return "three machines are namespaces of this one, which only root can make"
    made = subprocess.run(["ip", "netns", "add", "cru-try"], capture_output=True, check=False)
    if made.returncode:
        return "this computer lets nobody make network namespaces (in a container: --cap-add NET_ADMIN, SYS_ADMIN)"
    ip("netns", "del", "cru-try")
    return ""


def ip(*words: str) -> None:
    """Run ``ip``."""
    subprocess.run(["ip", *words], check=True, capture_output=True)


class Network:
    """The bridge and what hangs on it."""

    def __init__(self) -> None:
        self.machines: list[Machine] = []
        self.remove()
        ip("link", "add", BRIDGE, "type", "bridge")
        ip("addr", "add", "10.20.0.1/24", "dev", BRIDGE)
        ip("link", "set", BRIDGE, "up")

    def add(self, name: str, address: str, folder: Path) -> "Machine":
        """One more machine."""
        self.machines.append(Machine(name, address, folder))
        return self.machines[-1]

    def remove(self) -> None:
        """All of it, also what an earlier run left."""
        for one in self.machines:
            one.remove()
        with suppress(subprocess.CalledProcessError):
            ip("link", "del", BRIDGE)


class Machine:
    """One machine.

    Attributes:
        name: such as ``db1``.
        address: its own.
        folder: where its files are.
    """

    def __init__(self, name: str, address: str, folder: Path) -> None:
        self.name, self.address, self.folder = name, address, folder
        self._space, self._plug = f"cru-{name}", f"cru-{name}"
        self._started: list[subprocess.Popen[bytes]] = []
        self.remove()
        ip("netns", "add", self._space)
        ip("link", "add", self._plug, "type", "veth", "peer", "name", "eth0", "netns", self._space)
        ip("link", "set", self._plug, "master", BRIDGE, "up")
        ip("-n", self._space, "link", "set", "lo", "up")
        ip("-n", self._space, "addr", "add", f"{address}/24", "dev", "eth0")
        ip("-n", self._space, "link", "set", "eth0", "up")

    def start(self, words: Sequence[str], log: str, environment: Mapping[str, str] | None = None) -> None:
        """Start a program on it as ``postgres``; what it says goes into a file of its folder."""
        given = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8"} | (environment or {})
        with (self.folder / log).open("ab") as said:
            self._started.append(
                subprocess.Popen(
                    [*self._within(), *words],
                    stdin=subprocess.DEVNULL,
                    stdout=said,
                    stderr=said,
                    cwd=self.folder,
                    env=given,
                    start_new_session=True,
                )
            )

    def run(self, *words: str, said_in: str = "") -> str:
        """Run a program on it to its end as ``postgres``. Returns what it said."""
        done = subprocess.run(
            [*self._within(), *words],
            input=said_in,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def _within(self) -> tuple[str, ...]:
        who = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--")
        return ("ip", "netns", "exec", self._space, *who)

    # --- what happens to it ---

    def processes(self, *, of: str = "") -> list[psutil.Process]:
        """Everything that runs on it, or what has a word in its name."""
        found = subprocess.run(["ip", "netns", "pids", self._space], capture_output=True, text=True, check=False)
        every = []
        for pid in found.stdout.split():
            with suppress(psutil.NoSuchProcess):
                every.append(psutil.Process(int(pid)))
        return [one for one in every if not of or of in _name(one)]

    def kill(self, *, of: str = "") -> None:
        """``kill -9`` of everything on it at once, as if its plug were pulled, or of what is called so."""
        self._signal(signal.SIGKILL, of)
        # Whoever was started meanwhile.
        self._signal(signal.SIGKILL, of)

    def freeze(self) -> None:
        """Everything on it stands still, and its connections stay open."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """The opposite."""
        self._signal(signal.SIGCONT)

    def cut(self) -> None:
        """Pull its network cable."""
        ip("link", "set", self._plug, "down")

    def join(self) -> None:
        """The opposite."""
        ip("link", "set", self._plug, "up")

    def shun(self, others: Sequence["Machine"]) -> None:
        """Nothing of what it says reaches the others; whoever else is on the bridge hears it as before."""
        for one in others:
            ip("-n", self._space, "route", "add", "blackhole", one.address)

    def speak(self, others: Sequence["Machine"]) -> None:
        """The opposite."""
        for one in others:
            ip("-n", self._space, "route", "del", "blackhole", one.address)

    def remove(self) -> None:
        """Everything on it, and itself; also what an earlier run left."""
        self.kill()
        for one in self._started:
            one.wait(20)
        for what in (("netns", "del", self._space), ("link", "del", self._plug)):
            with suppress(subprocess.CalledProcessError):
                ip(*what)

    def _signal(self, number: signal.Signals, of: str = "") -> None:
        for one in self.processes(of=of):
            with suppress(psutil.NoSuchProcess):
                one.send_signal(number)


def _name(process: psutil.Process) -> str:
    try:
        return process.name()
    except psutil.NoSuchProcess:
        return ""

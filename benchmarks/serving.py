"""Servers and a browser to measure with. Knows processes and pages; not what is measured on them."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Several pages are open at once; none of them may be slowed down for being in the background.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
]
PATIENCE = 60  # seconds until a server that does not answer is given up


@dataclass(frozen=True)
class Server:
    """A running server: its address, its process, and the wall-clock time at which its command was given."""

    address: str
    process: subprocess.Popen
    began: float

    def memory(self, field: str = "VmRSS") -> float | None:
        """Resident memory in MB, "VmRSS" now or "VmHWM" at most so far; None where there is no /proc."""
        status = Path(f"/proc/{self.process.pid}/status")
        if not status.exists():
            return None
        line = next(line for line in status.read_text().splitlines() if line.startswith(field))
        return int(line.split()[1]) * 1024 / 1e6

    def cpu(self) -> float:
        """Seconds of CPU that the server itself has used, not the processes that it started. Linux only."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        except FileNotFoundError:
            raise SystemExit("the CPU of a server is read from /proc: this benchmark needs Linux") from None
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serve(script: str) -> Iterator[Server]:
    """`python -m streamlit run script`, from the project's folder and so with its settings, until it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--server.port", str(port), "--server.headless", "true"]
    command = [sys.executable, "-m", "streamlit", "run", *options, script]
    began = time.time()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for_health(process, port)
        yield Server(f"http://127.0.0.1:{port}", process, began)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for_health(process: subprocess.Popen, port: int) -> None:
    """Ask every 10 ms, on a bare socket: cheap enough not to slow down the start that is measured."""
    request = f"GET /_stcore/health HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode()
    for _ in range(PATIENCE * 100):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                connection.sendall(request)
                if b" 200 " in connection.recv(64):
                    return
        except OSError:
            if process.poll() is not None:
                raise SystemExit(f"the server ended with status {process.returncode} before it answered") from None
        time.sleep(0.01)
    raise SystemExit(f"the server did not answer within {PATIENCE} s")


@contextmanager
def chromium() -> Iterator[object]:
    """A headless Chromium of the system's, as a Playwright browser."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise SystemExit("the benchmark drives a browser: pip install -r tests/requirements.txt") from None
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        raise SystemExit("no Chromium found: install Debian's package chromium, or Google Chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


def load() -> str:
    """The machine's load over the last minute; "n/a" where it cannot be told."""
    return f"{os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else "n/a"

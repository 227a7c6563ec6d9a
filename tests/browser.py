"""Pages in a headless Chromium with WebGPU, which comes with a software adapter of its own."""

from __future__ import annotations

import http.server
import json
import os
import queue
import shutil
import signal
import subprocess
import threading
from pathlib import Path
from typing import Any

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--enable-unsafe-webgpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    # Nothing but the page is loaded.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost",
]


def find() -> str | None:
    """The Chromium of this machine: Debian's headless shell is enough."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def run(page: str, data: Any, profile: Path, seconds: float = 120.0) -> Any:
    """Opens a page that fetches /data and posts its result, both JSON, to /result; returns the result."""
    browser = find()
    assert browser, "find() says whether there is a browser"
    results: queue.Queue[Any] = queue.Queue()
    files = {"/": (page.encode(), "text/html"), "/data": (json.dumps(data).encode(), "application/json")}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body, kind = files.get(self.path, (b"", ""))
            self.send_response(200 if kind else 404)
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            results.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        command = [browser, *FLAGS, f"--user-data-dir={profile}", f"http://localhost:{server.server_port}/"]
        with open(profile / "browser.log", "wb") as log:
            process = subprocess.Popen(
                command, stdout=log, stderr=log, start_new_session=True, env={**os.environ, "HOME": str(profile)}
            )
        try:
            return results.get(timeout=seconds)
        except queue.Empty:
            raise TimeoutError(f"{browser} gave no result in {seconds:g} s: see {profile}/browser.log") from None
        finally:
            _end(process)
            server.shutdown()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the browser and the processes that it started, which share its group."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(10)
            return
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue

"""The HTTP server of the page, on loopback and from the standard library alone.

It answers only requests whose Host header is an IP address, `localhost` or the given `--host`, which prevents DNS
rebinding; it accepts commands only as JSON from its own page.
"""

import ipaddress
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from urllib.parse import parse_qs, urlsplit

from sim.view.sessions import Closed, Refused

FILES = {"/": ("page.html", "text/html"), "/page.css": ("page.css", "text/css"),
         "/page.js": ("page.js", "text/javascript"), "/map.js": ("map.js", "text/javascript"),
         "/charts.js": ("charts.js", "text/javascript"), "/nodes.js": ("nodes.js", "text/javascript"),
         "/calendar.js": ("calendar.js", "text/javascript")}
LONGEST = 20_000  # bytes of a request
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                               "img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Server(ThreadingHTTPServer):
    """The server of the sessions; raises OSError if it cannot listen."""

    daemon_threads = True

    def __init__(self, host: str, port: int, sessions):
        self.sessions, self.name_given = sessions, host.lower()
        if ":" in host:
            import socket

            self.address_family = socket.AF_INET6
        super().__init__((host, port), Handler)

    @property
    def url(self) -> str:
        """The address of the page."""
        host, port = self.server_address[:2]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}/"

    def knows(self, host: str) -> bool:
        """Whether a Host header names this machine in a way that foreign DNS cannot forge."""
        name = urlsplit(f"//{host}").hostname or ""
        if name in ("localhost", self.name_given):
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True


class Handler(BaseHTTPRequestHandler):
    """The handler of one request."""

    server_version, sys_version, protocol_version = "border-market-sim", "", "HTTP/1.1"

    def do_GET(self):
        self._answer(self._get)

    def do_POST(self):
        self._answer(self._post)

    def _answer(self, work):
        try:
            if not self.server.knows(self.headers.get("Host", "")):
                return self._send_json(403, {"error": "this page answers to localhost or a number only"})
            work()
        except Refused as error:
            self._send_json(400, {"error": str(error), "side": error.side, "key": error.key})
        except Closed as error:
            self._send_json(410, {"error": str(error)})
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the page was closed meanwhile
        except Exception as error:  # a defect of the program: report it on the page and keep serving
            self._send_json(500, {"error": f"{type(error).__name__}: {error}"})
            raise

    def _get(self):
        address = urlsplit(self.path)
        if address.path in FILES:
            name, kind = FILES[address.path]
            text = resources.files("sim.view").joinpath("page", name).read_bytes()
            return self._send(200, text, f"{kind}; charset=utf-8")
        if address.path == "/opening":
            return self._send_json(200, self.server.sessions.opening())
        if address.path == "/nights.csv":
            name, text = self.server.sessions.table(parse_qs(address.query).get("page", [""])[0])
            return self._send(200, text.encode(), "text/csv; charset=utf-8",
                              {"Content-Disposition": f'attachment; filename="{name}"'})
        return self._send_json(404, {"error": f"nothing stands at {address.path}"})

    def _post(self):
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > LONGEST:
            self.close_connection = True
            return self._send_json(413, {"error": f"a request must say its length, at most {LONGEST} bytes"})
        text = self.rfile.read(int(length))
        origin = self.headers.get("Origin")
        if origin and urlsplit(origin).netloc != self.headers["Host"]:
            return self._send_json(403, {"error": "only the page itself may ask"})
        if self.headers.get_content_type() != "application/json":
            return self._send_json(415, {"error": "requests are JSON"})
        try:
            body = json.loads(text)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            return self._send_json(400, {"error": "requests are JSON objects"})
        verbs = {"/begin": self.server.sessions.begin, "/step": self.server.sessions.step}
        if self.path not in verbs:
            return self._send_json(404, {"error": f"nothing stands at {self.path}"})
        return self._send_json(200, verbs[self.path](body))

    def _send_json(self, code, value):
        self._send(code, json.dumps(value, allow_nan=False).encode(), "application/json")

    def _send(self, code, content, kind, more=None):
        self.send_response(code)
        for name, value in {**HEADERS, "Content-Type": kind, "Content-Length": len(content), **(more or {})}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format, *arguments):
        """Suppress the log of requests, so that the terminal shows only the address and errors."""

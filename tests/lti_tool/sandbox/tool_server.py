"""A tool that does nothing but publish its keys, over real HTTP."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.platform.keys import key_pair


class ToolServer:
    """What it answers may be changed while it runs; `asked` counts the requests."""

    def __init__(self) -> None:
        self.status = 200
        self.body: object = {"keys": [key_pair("first").jwk]}
        self.asked = 0
        self.url = ""

    @classmethod
    @contextmanager
    def running(cls) -> Iterator["ToolServer"]:
        server = cls()
        with ThreadingHTTPServer(("127.0.0.1", 0), server._handler()) as http:
            server.url = f"http://127.0.0.1:{http.server_address[1]}/jwks.json"
            thread = threading.Thread(target=http.serve_forever, args=(0.01,))
            thread.start()
            yield server
            http.shutdown()
            thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked += 1
                text = outer.body if isinstance(outer.body, str) else json.dumps(outer.body)
                self.send_response(outer.status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_arguments: object) -> None:
                pass

        return Handler

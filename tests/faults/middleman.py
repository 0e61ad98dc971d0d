"""Stands between the web server and PostgreSQL, and can lose the answer to a COMMIT."""

import re
import socket
import threading
from contextlib import suppress
from typing import Self

_COMMIT = re.compile(rb"P.{4}(\w+)\0COMMIT\0", re.DOTALL)
"""The Parse message that prepares COMMIT, and under which name it is bound from then on."""


class Middleman:
    """Passes everything on, until `after_commit` says what becomes of the answer: "cut" or "withheld"."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.upstream_port = host, port
        self.after_commit = ""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._links: list[socket.socket] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        for link in self._links:
            _end(link)

    @property
    def port(self) -> int:
        number: int = self._listener.getsockname()[1]
        return number

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _connect(self) -> socket.socket:
        if self.host.startswith("/"):
            link = socket.socket(socket.AF_UNIX)
            link.connect(f"{self.host}/.s.PGSQL.{self.upstream_port}")
            return link
        return socket.create_connection((self.host, self.upstream_port))

    def _serve(self, client: socket.socket) -> None:
        server, is_lost = self._connect(), threading.Event()
        self._links += [client, server]
        threading.Thread(target=self._pass_back, args=(server, client, is_lost), daemon=True).start()
        commit = b""
        with suppress(OSError):
            while data := client.recv(65536):
                named = _COMMIT.search(data)
                commit = named[1] if named else commit
                if self.after_commit and commit and b"\0" + commit + b"\0" in data:
                    is_lost.set()
                server.sendall(data)
        _end(server)

    def _pass_back(self, server: socket.socket, client: socket.socket, is_lost: threading.Event) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                if not is_lost.is_set():
                    client.sendall(data)
                elif self.after_commit == "cut":
                    break
        _end(client)


def _end(link: socket.socket) -> None:
    with suppress(OSError):
        link.shutdown(socket.SHUT_RDWR)
    link.close()

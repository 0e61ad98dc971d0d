"""A mail server of our own, on this machine: takes what it is given, or refuses as it was told."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast


@dataclass
class Mailbox:
    """What the server was told to do, and what it took."""

    rcpt_reply: str = "250 ok"
    data_reply: str = "250 taken"
    port: int = 0
    taken: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    mailbox: Mailbox


class _Conversation(socketserver.StreamRequestHandler):
    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        mailbox = cast(_Server, self.server).mailbox
        self._say("220 here")
        while line := self.rfile.readline().decode().strip():
            word = line[:4].upper()
            if word == "DATA":
                self._take(mailbox)
            elif word == "RCPT":
                mailbox.recipients.append(line.partition("<")[2].partition(">")[0])
                self._say(mailbox.rcpt_reply)
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self, mailbox: Mailbox) -> None:
        self._say("354 go on")
        lines = iter(self.rfile.readline, b".\r\n")
        mailbox.taken.append(b"".join(lines).decode())
        self._say(mailbox.data_reply)


@contextmanager
def mail_server(mailbox: Mailbox) -> Iterator[Mailbox]:
    """Serve on a free port until the block ends."""
    with _Server(("127.0.0.1", 0), _Conversation) as server:
        server.mailbox = mailbox
        mailbox.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield mailbox
        finally:
            server.shutdown()
            thread.join()

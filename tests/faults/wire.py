"""A wire between the platform and a server: TCP that can stall, break off, and be reset."""

import socket
import struct
import threading
from contextlib import suppress

Address = str | tuple[str, int]
RESET = struct.pack("ii", 1, 0)


class Wire:
    """Listens on a port of this machine and passes everything on, until it is cut or stalled."""

    def __init__(self, target: Address) -> None:
        self.target = target
        self.flows = threading.Event()
        self.flows.set()
        self.is_cut = False
        self.resets = False
        self.ends: set[socket.socket] = set()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stall(self) -> None:
        """Nothing passes; both ends believe that the other one is slow."""
        self.flows.clear()

    def cut(self, *, reset: bool) -> None:
        """Both ends are closed, or reset, and so is whoever connects."""
        self.is_cut, self.resets = True, reset
        for end in sorted(self.ends, key=lambda end: end.family == socket.AF_UNIX):
            _close(end, reset=reset)
        self.flows.set()

    def mend(self) -> None:
        """Pass everything on again."""
        self.is_cut = False
        self.flows.set()

    def _accept(self) -> None:
        while True:
            near, _ = self.listening.accept()
            try:
                far = self._connected()
            except OSError:
                _close(near, reset=True)
                continue
            if self.is_cut:
                _close(near, reset=True)
                _close(far, reset=True)
                continue
            self.ends |= {near, far}
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(source, sink), daemon=True).start()

    def _connected(self) -> socket.socket:
        if isinstance(self.target, tuple):
            return socket.create_connection(self.target, timeout=5)
        far = socket.socket(socket.AF_UNIX)
        far.connect(self.target)
        return far

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        source.settimeout(None)
        with suppress(OSError):
            while data := source.recv(1 << 16):
                self.flows.wait()
                sink.sendall(data)
        self.ends -= {source, sink}
        for end in (source, sink):
            _close(end, reset=self.is_cut and self.resets)


def _close(end: socket.socket, *, reset: bool = False) -> None:
    with suppress(OSError):
        if reset and end.family != socket.AF_UNIX:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            end.shutdown(socket.SHUT_RD)  # whoever reads it lets go of it
        else:
            end.shutdown(socket.SHUT_RDWR)
        end.close()

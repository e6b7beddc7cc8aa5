"""A plain copy's other end: writes what comes over each connection into a file, then says one byte."""

import os
import socket
import sys
import tempfile

PIECE_BYTES = 1024 * 1024


def main() -> None:
    """``PORT``: where it listens, until it is killed."""
    with socket.create_server(("0.0.0.0", int(sys.argv[1]))) as server:  # noqa: S104 - of a network of its own
        while True:
            connection, _ = server.accept()
            with connection, tempfile.TemporaryFile(buffering=0) as file:
                piece = bytearray(PIECE_BYTES)
                while size := connection.recv_into(piece):
                    file.write(memoryview(piece)[:size])
                connection.sendall(b"\n")


if __name__ == "__main__":
    main()

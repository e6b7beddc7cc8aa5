"""Gives up rights for good, by the Linux kernel alone: Landlock for files, a seccomp filter for sockets.

No tool has to be installed. Both hold for this thread, for all threads and children that come later, and for
administrators too. See https://docs.kernel.org/userspace-api/landlock.html and seccomp(2).
"""

import ctypes
import os
import platform
import socket
import struct
import sys
from collections.abc import Iterable, Iterator
from typing import Optional

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG = 1
_PATH_BENEATH = 1
# From this version on (Linux 6.2) cutting a file short is a right too; before, code could empty any file.
OLDEST_VERSION = 3

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE = 1 << 14
# Removing, making and moving of every kind: bits 4 to 13.
_CHANGE = sum(1 << bit for bit in range(4, 14))
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_WRITE = _WRITE_FILE | _CHANGE | _TRUNCATE
# Signals and abstract sockets to processes outside (version 6).
_SCOPES = 0b11

_DEVICES = ("null", "zero", "full", "random", "urandom", "tty", "ptmx", "pts")

_SET_NO_NEW_PRIVS = 38
_SET_SECCOMP = 22
_FILTER = 2
_ALLOW = 0x7FFF0000
_REFUSE = 0x00050000 | 13  # EACCES: Python says "Permission denied".
# Per machine: the audit architecture and the number of socket(2); io_uring_setup has one number everywhere.
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198), "riscv64": (0xC00000F3, 198)}
_IO_URING_SETUP = 425
_NETLINK = 16
_CAPABILITY_VERSION = 0x20080522


class LockError(Exception):
    """Says why this system cannot hold code."""


def lock(writable: Iterable[str], hidden: Iterable[str], network: bool) -> None:
    """Lets this process write in `writable` only, read all but `hidden`, and open no socket, or internet ones only.

    To be called while there is one thread. Unix sockets are refused either way: what listens there (a bus, a
    container service, an agent with keys) would do outside what is forbidden here. What is made later beside
    something hidden cannot be read. Raises LockError before anything was given up.
    """
    _check_machine()
    library = ctypes.CDLL(None, use_errno=True)
    version = library.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION_FLAG))
    if version < OLDEST_VERSION:
        raise LockError("the kernel has no Landlock, or one before Linux 6.2")
    rules = _ruleset(library, version)
    try:
        _allow_files(library, rules, list(writable), {os.path.normpath(path) for path in hidden})
        _refuse_privileges(library)
        _filter_sockets(library, network)
        _call(library.syscall(_RESTRICT_SELF, rules, ctypes.c_uint32(0)))
    finally:
        os.close(rules)


def refuse_sockets(network: bool) -> None:
    """The part of `lock` that a mount cannot do: internet sockets only, or none. Raises LockError as `lock` does."""
    _check_machine()
    library = ctypes.CDLL(None, use_errno=True)
    _refuse_privileges(library)
    _filter_sockets(library, network)


def _check_machine() -> None:
    if not sys.platform.startswith("linux") or platform.machine() not in _MACHINES:
        raise LockError(f"the kernel's own means are not known on {platform.machine()}")


def _ruleset(library: ctypes.CDLL, version: int) -> int:
    handled = _READ | _WRITE
    attributes = struct.pack("=QQQ", handled, 0, _SCOPES) if version >= 6 else struct.pack("=Q", handled)
    return _call(library.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0)))


def _allow_files(library: ctypes.CDLL, rules: int, writable: list[str], hidden: set[str]) -> None:
    _allow(library, rules, "/", _READ_DIR)
    for path in _readable("/", hidden):
        _allow(library, rules, path, _READ)
    for path in [*writable, "/dev/shm"]:
        _allow(library, rules, path, _READ | _WRITE)
    for name in _DEVICES:
        _allow(library, rules, f"/dev/{name}", _READ_FILE | _WRITE_FILE)


def _readable(folder: str, hidden: set[str]) -> Iterator[str]:
    """The largest folders and files in which nothing is hidden."""
    if folder in hidden:
        return
    start = folder.rstrip("/") + "/"
    if not any(path.startswith(start) for path in hidden):
        yield folder
        return
    try:
        names = os.listdir(folder)
    except OSError:
        return
    for name in names:
        path = start + name
        if not os.path.islink(path):
            yield from _readable(path, hidden)


def _allow(library: ctypes.CDLL, rules: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not os.path.isdir(path):
            rights &= _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
        rule = struct.pack("=Qi", rights, descriptor)
        _call(library.syscall(_ADD_RULE, rules, ctypes.c_int(_PATH_BENEATH), rule, ctypes.c_uint32(0)))
    finally:
        os.close(descriptor)


def _refuse_privileges(library: ctypes.CDLL) -> None:
    """For good. With an administrator's, other processes could be read in spite of Landlock."""
    _call(library.prctl(_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    header = struct.pack("=Ii", _CAPABILITY_VERSION, 0)
    _call(library.capset(header, bytes(24)))


def _filter_sockets(library: ctypes.CDLL, network: bool) -> None:
    architecture, socket_call = _MACHINES[platform.machine()]
    families = [socket.AF_INET, socket.AF_INET6, _NETLINK] if network else []
    load, jump_equal, jump_greater, result = 0x20, 0x15, 0x35, 0x06
    # Offsets in struct seccomp_data: the call's number at 0, the architecture at 4, the first argument at 16.
    program: list[tuple[int, int, int, int]] = [
        (load, 0, 0, 4),
        (jump_equal, 1, 0, architecture),
        (result, 0, 0, _REFUSE),
        (load, 0, 0, 0),
        # Numbers of the second calling convention of x86_64.
        (jump_greater, 0, 1, 0x40000000),
        (result, 0, 0, _REFUSE),
        (jump_equal, 0, 1, _IO_URING_SETUP),
        (result, 0, 0, _REFUSE),
        (jump_equal, 1, 0, socket_call),
        (result, 0, 0, _ALLOW),
        (load, 0, 0, 16),
    ]
    for family in families:
        program += [(jump_equal, 0, 1, int(family)), (result, 0, 0, _ALLOW)]
    program.append((result, 0, 0, _REFUSE))
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in program))
    # struct sock_fprog: a length, padding, a pointer.
    header = struct.pack("@HP", len(program), ctypes.addressof(code))
    _call(library.prctl(_SET_SECCOMP, _FILTER, header, 0, 0))


def _call(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise LockError(f"the kernel refused to hold this process ({os.strerror(number)})")
    return result


def version() -> Optional[int]:
    """The version of Landlock, for tests; None where there is none."""
    if not sys.platform.startswith("linux"):
        return None
    found = ctypes.CDLL(None).syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION_FLAG))
    return found if found > 0 else None

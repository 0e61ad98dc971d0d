"""Becomes another program, after binding its life to the parent's and, where asked, taking another identity.

Run as a script by `children.py`: `python -I -S launch.py PARENT_PID DEATH_SIGNAL IDENTITY PROGRAM [ARGUMENT…]`.
IDENTITY is `same`, `namespace:UID` or `user:UID:GID`. A script of its own, not a `preexec_fn`, because that is
unsafe where the parent has threads; it imports nothing from the project, so that it starts within 20 ms.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
"""Number of the call in <linux/prctl.h>."""
CANNOT_LAUNCH = 125
"""Exit status of a launch that failed before the program began; the shell's `env` and `docker run` use the same."""


def enter_namespace(uid: int) -> None:
    """Appear as `uid` inside a new user namespace while files stay those of the present user.

    Raises OSError where the kernel or a container forbids it. Source: user_namespaces(7).
    """
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    os.unshare(os.CLONE_NEWUSER)
    Path("/proc/self/uid_map").write_text(f"{uid} {outer_uid} 1", encoding="ascii")
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{uid} {outer_gid} 1", encoding="ascii")


def take_identity(identity: str) -> None:
    """Take the identity that the command line names. Raises OSError when the kernel refuses."""
    kind, *numbers = identity.split(":")
    if kind == "namespace":
        enter_namespace(int(numbers[0]))
    elif kind == "user":
        os.setgroups([])
        os.setgid(int(numbers[1]))
        os.setuid(int(numbers[0]))


def die_with_parent(*, parent: int, death_signal: int) -> None:
    """Ask the kernel to send `death_signal` when the parent ends, however it ends; end now if it is gone already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(CANNOT_LAUNCH)


def restore_signals() -> None:
    """Undo what Python and a calling shell left ignored or blocked, which a new program would inherit."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, set())


def main() -> None:
    parent, death_signal, identity, *command = sys.argv[1:]
    try:
        take_identity(identity)
        die_with_parent(parent=int(parent), death_signal=int(death_signal))
        restore_signals()
        os.execvp(command[0], command)  # noqa: S606  becoming another program is its purpose
    except OSError as error:
        print(f"cannot start {command[0]}: {error}", file=sys.stderr)
        sys.exit(CANNOT_LAUNCH)


if __name__ == "__main__":
    main()

"""Ctrl-C at a good moment.

Python raises KeyboardInterrupt wherever the signal happens to arrive.  In a destructor or a callback of a weak
reference (Matplotlib has many) it is printed and lost.
"""

import signal
import threading
from contextlib import contextmanager


@contextmanager
def stopping(number: int, requested: threading.Event | None = None):
    """A signal only sets a flag here; yields a function that raises KeyboardInterrupt once it is set."""
    requested = requested or threading.Event()

    def stop_if_asked():
        if requested.is_set():
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield stop_if_asked
        return
    before = signal.signal(number, lambda *_: requested.set())
    try:
        yield stop_if_asked
    finally:
        signal.signal(number, before)


@contextmanager
def never_lost():
    """Ctrl-C raises KeyboardInterrupt at once and, should that have been lost, again when the block ends.

    Where it is ignored (a job in the background) or has a handler of somebody else, that stays.
    """
    if (threading.current_thread() is not threading.main_thread()
            or signal.getsignal(signal.SIGINT) is not signal.default_int_handler):
        yield
        return
    requested = threading.Event()

    def interrupt(*_):
        requested.set()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if requested.is_set():
        raise KeyboardInterrupt


@contextmanager
def shielded():
    """Ctrl-C waits until the block ends; processes started within never see it, not even while they start.

    The mask is for these processes, which inherit it; the flag is for this one, where the signal may reach another
    thread, whose mask is its own.
    """
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    requested = threading.Event()
    try:
        with stopping(signal.SIGINT, requested):
            yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        if requested.is_set():
            signal.raise_signal(signal.SIGINT)  # to whoever listens outside

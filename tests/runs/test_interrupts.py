"""Ctrl-C: it is neither lost nor does it hit where it does harm."""

import signal
import threading
import weakref

import pytest

from sim.registry.interrupts import never_lost, shielded, stopping


@pytest.fixture(autouse=True)
def own_handler():
    """Python's handler, whatever the process that runs the tests inherited."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class Thing:
    """Something that can be referred to weakly."""


def send():
    """Reaches the thread that calls it, so that a test knows when."""
    signal.raise_signal(signal.SIGINT)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_that_a_callback_swallows_comes_again_at_the_end():
    thing, after = Thing(), []
    with pytest.raises(KeyboardInterrupt), never_lost():
        reference = weakref.ref(thing, lambda _: send())
        del thing
        after.append(reference)
    assert after, "it was swallowed"


def test_an_interrupt_raises_at_once_elsewhere():
    after = []
    with pytest.raises(KeyboardInterrupt), never_lost():
        send()
        after.append("went on")
    assert not after


def shield_holds(interrupt):
    inside = []
    with pytest.raises(KeyboardInterrupt), shielded():
        with shielded():
            interrupt()
        inside.append("went on")
    assert inside
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_an_interrupt_waits_for_the_end_of_a_shielded_block_and_of_those_around_it():
    shield_holds(send)


def test_an_interrupt_that_another_thread_receives_waits_too():
    """The kernel gives a process's signal to any of its threads that does not block it."""
    begin = threading.Event()
    other = threading.Thread(target=lambda: begin.wait() and send())
    other.start()  # before the block, whose mask it would inherit

    def interrupt():
        begin.set()
        other.join()

    shield_holds(interrupt)


def test_a_flag_is_looked_at_where_the_work_may_stop():
    with stopping(signal.SIGINT) as stop_if_asked:
        stop_if_asked()
        send()
        with pytest.raises(KeyboardInterrupt):
            stop_if_asked()


def test_an_interrupt_that_is_ignored_stays_ignored():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with never_lost(), shielded():
        send()
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_the_handler_before_is_there_again():
    before = signal.getsignal(signal.SIGINT)
    with never_lost(), stopping(signal.SIGINT):
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before

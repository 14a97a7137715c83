"""An answer whose last chunk comes when all of its text has been read."""

from loadtests.rig.scripted import CHUNKED, DONE, EVENT, LAST_CHUNK, Talk, chunk
from tests.conftest import MS


def late_end(talk: Talk) -> None:
    talk.send(CHUNKED + chunk(EVENT) + chunk(DONE))
    talk.wait(20 * MS)
    talk.send(LAST_CHUNK)

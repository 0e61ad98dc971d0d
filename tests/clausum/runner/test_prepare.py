"""The queues' tables, made with no more rights than the application's role has."""

import uuid

import psycopg
import pytest
from celery import Celery
from psycopg import sql

from clausum.runner.environment import broker_on
from clausum.runner.postgres import EmbeddedPostgres
from clausum.runner.prepare import install_queues

TRANSPORT = {"init_extension": False, "use_notify": True, "wait_time_seconds": 0, "polling_interval": 1}


@pytest.fixture
def database_url(server: EmbeddedPostgres) -> str:
    """Return the URL of a fresh database that the application's role owns."""
    name = f"queues_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return server.url(name)


def test_the_tables_are_made_once(database_url: str) -> None:
    assert install_queues(broker_on(database_url)) is True
    assert install_queues(broker_on(database_url)) is False


def test_a_message_goes_in_and_comes_out(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    install_queues(broker_on(database_url))
    application = Celery(broker=broker_on(database_url), set_as_current=False)
    application.conf.broker_transport_options = TRANSPORT
    with application.connection_for_write() as connection:
        queue = connection.SimpleQueue("trial")
        queue.put({"answer": 42})
        message = queue.get(timeout=10)
        assert message.payload == {"answer": 42}
        message.ack()
        assert queue.qsize() == 0
        queue.close()

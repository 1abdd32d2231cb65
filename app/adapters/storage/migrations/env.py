"""Alembic environment: works on the connection, and inside the transaction, that Database hands over."""

from alembic import context

from app.adapters.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()

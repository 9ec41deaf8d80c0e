"""Alembic's environment: always on a connection that the caller opened."""

from alembic import context

from db.tables import SCHEMA, Base


def _ours(_object: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:
    # Partitions come and go with the days; they are not part of the schema that is compared.
    return not (kind == "table" and name is not None and name.startswith("position_fix_"))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_schemas=True,
    include_name=lambda name, kind, _parents: kind != "schema" or name == SCHEMA,
    include_object=_ours,
    version_table_schema=SCHEMA,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()

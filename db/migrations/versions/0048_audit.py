"""What happened is sealed: whoever changes it afterwards is found out by whoever kept an older checkpoint.

Revision ID: 0048
"""

from db.migrations import sql

revision = "0048"
down_revision = "0046"
branch_labels = None
depends_on = None
_SEALED_ALL_THE_SAME = """
        IF EXISTS (SELECT FROM audit_shape s WHERE s.table_name = tab) THEN
            EXECUTE format('ALTER TABLE cru.%I ENABLE TRIGGER seal', tab);
        END IF;"""


def upgrade() -> None:
    """What is in a record in use stands in the tree as it is now; what was done to it before is not shown."""
    sql.run("0048", 10, 49)
    # Each guard is set aside for the transaction that erases somebody, and the seal is not.
    aside = "EXECUTE format('ALTER TABLE cru.%I DISABLE TRIGGER USER', tab);"
    sql.amend("erase_person(uuid)", aside, f"{aside}{_SEALED_ALL_THE_SAME}")
    sql.amend("erase_person(uuid)", "PERFORM rub_out(theirs);", "PERFORM rub_out_sealed(theirs);")
    bounds = "FROM (VALUES ("
    sql.amend("rule_bounds(text,text)", bounds, f"{bounds}'sealed_within', 'time', 2, 1440), (")
    sql.run("0048", 50, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")

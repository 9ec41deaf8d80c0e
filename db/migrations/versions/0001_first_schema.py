"""First schema.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from db.migrations import sql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build the record: roles, tables, guards, events, notifications and grants."""
    sql.run("0001", 0, 19)
    op.create_table(
        "command_log",
        sa.Column("command_id", sa.Uuid(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("done_by", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column(
            "done_at", sa.DateTime(timezone=True), server_default=sa.text("cru.clock_now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("command_id", name=op.f("command_log_pkey")),
        schema="cru",
    )
    op.create_table(
        "destination",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("phone", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("hours", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("author", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column("dated", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("destination_pkey")),
        schema="cru",
    )
    op.create_table(
        "legal_move",
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entity", "from_state", "to_state", name=op.f("legal_move_pkey")),
        schema="cru",
    )
    op.create_table(
        "outcome",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("author", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column("dated", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("outcome_pkey")),
        schema="cru",
    )
    op.create_table(
        "position_fix",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "received_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("cru.clock_now()"),
            nullable=False,
        ),
        sa.Column("van_id", sa.Uuid(), nullable=False),
        sa.Column("refused", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "attributes",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("fixed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("accuracy", sa.Double(), nullable=True),
        sa.Column("speed", sa.Double(), nullable=True),
        sa.Column("heading", sa.Double(), nullable=True),
        sa.Column("source", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("id", "received_at", name=op.f("position_fix_pkey")),
        schema="cru",
        postgresql_partition_by="RANGE (received_at)",
    )
    op.create_index(
        "position_fix_van_id_fixed_at_idx", "position_fix", ["van_id", "fixed_at"], unique=False, schema="cru"
    )
    op.create_table(
        "priority",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("meaning", sa.Text(), nullable=False),
        sa.Column("within_minutes", sa.Integer(), nullable=False),
        sa.Column("aim_minutes", sa.Integer(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("triage_scale", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("author", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column("dated", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
        sa.CheckConstraint("within_minutes > 0", name=op.f("priority_within_minutes_check")),
        sa.PrimaryKeyConstraint("code", name=op.f("priority_pkey")),
        schema="cru",
    )
    op.create_table(
        "reason",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("author", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column("dated", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
        sa.PrimaryKeyConstraint("kind", "code", name=op.f("reason_pkey")),
        schema="cru",
    )
    op.create_table(
        "referral_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("referral_day_pkey")),
        schema="cru",
    )
    op.create_table(
        "screening_tool",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("signed_by", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("screening_tool_pkey")),
        schema="cru",
    )
    op.create_table(
        "service",
        sa.Column("id", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("exercise", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("clock_origin", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clock_shown", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clock_speed", sa.Double(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("service_single_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("service_pkey")),
        schema="cru",
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("profession", sa.Text(), nullable=False),
        sa.Column("gender", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("languages", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("author", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column("dated", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("staff_pkey")),
        schema="cru",
    )
    op.create_table(
        "user_account",
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("added_by", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column(
            "added_at", sa.DateTime(timezone=True), server_default=sa.text("cru.clock_now()"), nullable=False
        ),
        sa.CheckConstraint(
            "role IN ('viewer', 'dispatcher', 'shift lead', 'gateway')", name=op.f("user_account_role_check")
        ),
        sa.PrimaryKeyConstraint("login", name=op.f("user_account_pkey")),
        schema="cru",
    )
    op.create_table(
        "van_base",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("author", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column("dated", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("van_base_pkey")),
        schema="cru",
    )
    op.create_table(
        "wish",
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("author", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column("dated", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
        sa.PrimaryKeyConstraint("label", name=op.f("wish_pkey")),
        schema="cru",
    )
    op.create_table(
        "referral_source",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("waits", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("default_priority", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("author", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column("dated", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
        sa.ForeignKeyConstraint(
            ["default_priority"], ["cru.priority.code"], name=op.f("referral_source_default_priority_fkey")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("referral_source_pkey")),
        schema="cru",
    )
    op.create_table(
        "screening_item",
        sa.Column("tool_version", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("watch_words", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tool_version"], ["cru.screening_tool.version"], name=op.f("screening_item_tool_version_fkey")
        ),
        sa.PrimaryKeyConstraint("tool_version", "key", name=op.f("screening_item_pkey")),
        schema="cru",
    )
    op.create_table(
        "van",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("callsign", sa.Text(), nullable=False),
        sa.Column("registration", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("livery", sa.Text(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("equipment", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("duty_status", sa.Text(), server_default=sa.text("'off duty'"), nullable=False),
        sa.Column("duty_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "duty_since_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("cru.clock_now()"),
            nullable=False,
        ),
        sa.Column("emergency_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("author", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column("dated", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
        sa.CheckConstraint(
            "duty_status <> 'out of service' OR duty_reason <> ''",
            name=op.f("van_out_of_service_reason_check"),
        ),
        sa.CheckConstraint(
            "duty_status IN ('off duty', 'available', 'meal break', 'out of service')",
            name=op.f("van_duty_status_check"),
        ),
        sa.CheckConstraint("livery IN ('marked', 'unmarked')", name=op.f("van_livery_check")),
        sa.ForeignKeyConstraint(["base"], ["cru.van_base.name"], name=op.f("van_base_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("van_pkey")),
        sa.UniqueConstraint("callsign", name=op.f("van_callsign_key")),
        schema="cru",
    )
    op.create_table(
        "device",
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("van_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("author", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column("dated", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
        sa.ForeignKeyConstraint(["van_id"], ["cru.van.id"], name=op.f("device_van_id_fkey")),
        sa.PrimaryKeyConstraint("device_id", name=op.f("device_pkey")),
        schema="cru",
    )
    op.create_table(
        "position",
        sa.Column("van_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("fixed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "received_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("cru.clock_now()"),
            nullable=False,
        ),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("accuracy", sa.Double(), nullable=True),
        sa.Column("speed", sa.Double(), nullable=True),
        sa.Column("heading", sa.Double(), nullable=True),
        sa.Column("source", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["van_id"], ["cru.van.id"], name=op.f("position_van_id_fkey")),
        sa.PrimaryKeyConstraint("van_id", name=op.f("position_pkey")),
        schema="cru",
    )
    op.create_table(
        "referral",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("reference", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'received'"), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("triage_scale", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("location_text", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("postcode", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("access_note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("caller", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("call_back", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("ems_incident", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("ems_callsign", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("waiting_party", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("patient_name", sa.Text(), nullable=True),
        sa.Column("patient_born", sa.Date(), nullable=True),
        sa.Column("nhs_number", sa.Text(), nullable=True),
        sa.Column("narrative", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("plan", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("legal_status", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("police", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("call_connected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "received_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("cru.clock_now()"),
            nullable=False,
        ),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("screened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ems_on_scene_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hold_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hold_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("entered_in_error_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entered_in_error_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("end_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("ae_avoided", sa.Text(), nullable=True),
        sa.Column("ems_released", sa.Text(), nullable=True),
        sa.Column("police_avoided", sa.Text(), nullable=True),
        sa.CheckConstraint("ae_avoided IN ('yes', 'no', 'unknown')", name=op.f("referral_ae_avoided_check")),
        sa.CheckConstraint("ems_released IN ('yes', 'no', 'unknown')", name=op.f("referral_ems_released_check")),
        sa.CheckConstraint(
            "entered_in_error_at IS NULL OR entered_in_error_reason <> ''",
            name=op.f("referral_error_has_a_reason_check"),
        ),
        sa.CheckConstraint(
            "hold_until IS NULL OR hold_reason <> ''", name=op.f("referral_hold_has_a_reason_check")
        ),
        sa.CheckConstraint("location_text <> '' OR postcode <> ''", name=op.f("referral_has_a_location_check")),
        sa.CheckConstraint(
            "police_avoided IN ('yes', 'no', 'unknown')", name=op.f("referral_police_avoided_check")
        ),
        sa.CheckConstraint(
            "state <> 'closed' OR outcome IS NOT NULL", name=op.f("referral_closed_has_an_outcome_check")
        ),
        sa.CheckConstraint(
            "state IN ('received', 'accepted', 'allocated', 'attending', 'closed', 'declined', 'cancelled')",
            name=op.f("referral_state_check"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('declined', 'cancelled') OR end_reason <> ''",
            name=op.f("referral_end_has_a_reason_check"),
        ),
        sa.CheckConstraint(
            "triage_scale IN ('', 'A', 'B', 'C', 'D', 'E')", name=op.f("referral_triage_scale_check")
        ),
        sa.CheckConstraint("(lat IS NULL) = (lon IS NULL)", name=op.f("referral_both_coordinates_check")),
        sa.CheckConstraint(
            "lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180", name=op.f("referral_coordinates_check")
        ),
        sa.ForeignKeyConstraint(["outcome"], ["cru.outcome.code"], name=op.f("referral_outcome_fkey")),
        sa.ForeignKeyConstraint(["priority"], ["cru.priority.code"], name=op.f("referral_priority_fkey")),
        sa.ForeignKeyConstraint(["source"], ["cru.referral_source.code"], name=op.f("referral_source_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("referral_pkey")),
        sa.UniqueConstraint("reference", name=op.f("referral_reference_key")),
        schema="cru",
    )
    op.create_index("referral_closed_at_idx", "referral", ["closed_at"], unique=False, schema="cru")
    op.create_index(
        "referral_open_idx",
        "referral",
        ["state"],
        unique=False,
        schema="cru",
        postgresql_where=sa.text("state IN ('received','accepted','allocated','attending')"),
    )
    op.create_index("referral_received_at_idx", "referral", ["received_at"], unique=False, schema="cru")
    op.create_table(
        "shift",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("van_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_end_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("meal_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("meal_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("planned_end_at > started_at", name=op.f("shift_ends_after_start_check")),
        sa.ForeignKeyConstraint(["van_id"], ["cru.van.id"], name=op.f("shift_van_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("shift_pkey")),
        schema="cru",
    )
    op.create_index(
        "shift_one_open_a_van",
        "shift",
        ["van_id"],
        unique=True,
        schema="cru",
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("van_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'allocated'"), nullable=False),
        sa.Column(
            "allocated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("cru.clock_now()"),
            nullable=False,
        ),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mobile_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at_rendezvous_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("on_scene_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("with_patient_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("conveying_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at_destination_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clear_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stood_down_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stand_down_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("destination", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint(
            "state <> 'stood down' OR stand_down_reason <> ''",
            name=op.f("assignment_stand_down_has_a_reason_check"),
        ),
        sa.CheckConstraint(
            "state IN ('allocated', 'acknowledged', 'mobile', 'at rendezvous', 'on scene', 'with patient', 'conveying', 'at destination', 'clear', 'stood down')",
            name=op.f("assignment_state_check"),
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["cru.referral.id"], name=op.f("assignment_referral_id_fkey")),
        sa.ForeignKeyConstraint(["van_id"], ["cru.van.id"], name=op.f("assignment_van_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("assignment_pkey")),
        schema="cru",
    )
    op.create_index(
        "assignment_one_open_a_van",
        "assignment",
        ["van_id"],
        unique=True,
        schema="cru",
        postgresql_where=sa.text("state NOT IN ('clear', 'stood down')"),
    )
    op.create_index("assignment_referral_id_idx", "assignment", ["referral_id"], unique=False, schema="cru")
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("van_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "happened_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("cru.clock_now()"),
            nullable=False,
        ),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("cru.clock_now()"),
            nullable=False,
        ),
        sa.Column("recorded_by", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column("source", sa.Text(), server_default=sa.text("'user'"), nullable=False),
        sa.Column("words", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "detail", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("amends", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("command_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "source IN ('user', 'crew', 'device', 'geofence', 'message')", name=op.f("event_source_check")
        ),
        sa.ForeignKeyConstraint(["amends"], ["cru.event.id"], name=op.f("event_amends_fkey")),
        sa.ForeignKeyConstraint(["referral_id"], ["cru.referral.id"], name=op.f("event_referral_id_fkey")),
        sa.ForeignKeyConstraint(["van_id"], ["cru.van.id"], name=op.f("event_van_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("event_pkey")),
        schema="cru",
    )
    op.create_index("event_referral_id_idx", "event", ["referral_id", "id"], unique=False, schema="cru")
    op.create_index("event_happened_at_idx", "event", ["happened_at"], unique=False, schema="cru")
    op.create_index("event_van_id_idx", "event", ["van_id", "id"], unique=False, schema="cru")
    op.create_table(
        "feedback",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("cru.clock_now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "said_by IN ('EMAS crew', 'person', 'other professional')", name=op.f("feedback_said_by_check")
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["cru.referral.id"], name=op.f("feedback_referral_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("feedback_pkey")),
        schema="cru",
    )
    op.create_index(op.f("feedback_referral_id_idx"), "feedback", ["referral_id"], unique=False, schema="cru")
    op.create_table(
        "flag",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("added_by", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column(
            "added_at", sa.DateTime(timezone=True), server_default=sa.text("cru.clock_now()"), nullable=False
        ),
        sa.CheckConstraint(
            "kind IN ('staff safety', 'safeguarding', 'repeat caller', 'pets', 'access')",
            name=op.f("flag_kind_check"),
        ),
        sa.CheckConstraint("subject IN ('person', 'address')", name=op.f("flag_subject_check")),
        sa.ForeignKeyConstraint(["referral_id"], ["cru.referral.id"], name=op.f("flag_referral_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("flag_pkey")),
        schema="cru",
    )
    op.create_index("flag_referral_id_idx", "flag", ["referral_id"], unique=False, schema="cru")
    op.create_table(
        "handover",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("from_party", sa.Text(), nullable=False),
        sa.Column("to_party", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'expected'"), nullable=False),
        sa.Column(
            "expected_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("cru.clock_now()"),
            nullable=False,
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint(
            "state <> 'refused' OR refusal_reason <> ''", name=op.f("handover_refusal_has_a_reason_check")
        ),
        sa.CheckConstraint(
            "state IN ('expected', 'started', 'accepted', 'released', 'refused')",
            name=op.f("handover_state_check"),
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["cru.referral.id"], name=op.f("handover_referral_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("handover_pkey")),
        sa.UniqueConstraint("referral_id", "ordinal", name=op.f("handover_referral_id_ordinal_key")),
        schema="cru",
    )
    op.create_table(
        "screening",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("tool_version", sa.Integer(), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "completed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("cru.clock_now()"),
            nullable=False,
        ),
        sa.Column("completed_by", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column("override_clinician", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("override_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("override_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("override_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "override_at IS NULL OR (override_clinician <> '' AND override_reason <> '')",
            name=op.f("screening_override_is_named_check"),
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["cru.referral.id"], name=op.f("screening_referral_id_fkey")),
        sa.ForeignKeyConstraint(
            ["tool_version"], ["cru.screening_tool.version"], name=op.f("screening_tool_version_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("screening_pkey")),
        schema="cru",
    )
    op.create_index(
        "screening_referral_id_idx", "screening", ["referral_id", "completed_at"], unique=False, schema="cru"
    )
    op.create_table(
        "shift_member",
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["shift_id"], ["cru.shift.id"], name=op.f("shift_member_shift_id_fkey")),
        sa.ForeignKeyConstraint(["staff_id"], ["cru.staff.id"], name=op.f("shift_member_staff_id_fkey")),
        sa.PrimaryKeyConstraint("shift_id", "staff_id", name=op.f("shift_member_pkey")),
        schema="cru",
    )
    sql.run("0001", 20, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")

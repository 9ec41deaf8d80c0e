-- Least rights. A dispatcher's login holds these against psql too; nobody deletes.

REVOKE ALL ON SCHEMA cru FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA cru FROM PUBLIC;
GRANT USAGE ON SCHEMA cru TO cru_viewer, cru_dispatcher, cru_shift_lead, cru_gateway;

-- The guards run as the owner, so a person needs none of the functions behind them. Notes are checked as the person.
GRANT EXECUTE ON FUNCTION cru.clock_now(), cru.refuse(text, text, text) TO cru_dispatcher;
GRANT EXECUTE ON FUNCTION cru.clock_now() TO cru_viewer, cru_gateway;

-- The wall board: the same columns, the personal ones empty.
CREATE VIEW cru.referral_wall AS
SELECT id, version, reference, source, state, priority, triage_scale, ''::text AS location_text,
    split_part(postcode, ' ', 1) AS postcode, NULL::float8 AS lat, NULL::float8 AS lon, ''::text AS access_note,
    ''::text AS caller, ''::text AS call_back, ''::text AS ems_incident, ems_callsign, waiting_party,
    NULL::text AS patient_name, NULL::date AS patient_born, NULL::text AS nhs_number, ''::text AS narrative,
    '{}'::jsonb AS plan, ''::text AS legal_status, ''::text AS police, call_connected_at, sent_at, received_at,
    acknowledged_at, screened_at, accepted_at, closed_at, ems_on_scene_at, hold_until, ''::text AS hold_reason,
    entered_in_error_at, ''::text AS entered_in_error_reason, ''::text AS end_reason, outcome, ae_avoided, ems_released,
    police_avoided
FROM cru.referral;

GRANT SELECT ON cru.service, cru.user_account, cru.priority, cru.referral_source, cru.screening_tool,
    cru.screening_item, cru.reason, cru.outcome, cru.wish, cru.van_base, cru.destination, cru.staff, cru.van,
    cru.shift, cru.shift_member, cru.assignment, cru.handover, cru.position, cru.legal_move, cru.referral_wall,
    cru.alembic_version
    TO cru_viewer, cru_dispatcher;

GRANT SELECT ON cru.referral, cru.screening, cru.event, cru.flag, cru.feedback, cru.command_log, cru.position_fix
    TO cru_dispatcher;

GRANT INSERT (id, source, priority, triage_scale, location_text, postcode, lat, lon, access_note, caller, call_back,
    ems_incident, ems_callsign, waiting_party, patient_name, patient_born, nhs_number, narrative, plan, legal_status,
    police, call_connected_at, sent_at, received_at, acknowledged_at, ems_on_scene_at)
    ON cru.referral TO cru_dispatcher;
GRANT UPDATE (state, source, priority, triage_scale, location_text, postcode, lat, lon, access_note, caller, call_back,
    ems_incident, ems_callsign, waiting_party, patient_name, patient_born, nhs_number, narrative, plan, legal_status,
    police, call_connected_at, sent_at, received_at, acknowledged_at, accepted_at, closed_at, ems_on_scene_at,
    hold_until, hold_reason, end_reason, outcome, ae_avoided, ems_released, police_avoided)
    ON cru.referral TO cru_dispatcher;
GRANT UPDATE (entered_in_error_at, entered_in_error_reason, screened_at) ON cru.referral TO cru_shift_lead;

GRANT INSERT (id, referral_id, tool_version, answers, note, completed_at) ON cru.screening TO cru_dispatcher;
GRANT INSERT (override_clinician, override_reason, override_at),
    UPDATE (override_clinician, override_reason, override_at) ON cru.screening TO cru_shift_lead;

GRANT INSERT (id, referral_id, van_id, allocated_at) ON cru.assignment TO cru_dispatcher;
GRANT UPDATE (state, allocated_at, acknowledged_at, mobile_at, at_rendezvous_at, on_scene_at, with_patient_at,
    conveying_at, at_destination_at, clear_at, stood_down_at, stand_down_reason, destination)
    ON cru.assignment TO cru_dispatcher;

GRANT INSERT (id, referral_id, ordinal, from_party, to_party, expected_at) ON cru.handover TO cru_dispatcher;
GRANT UPDATE (from_party, to_party, state, expected_at, started_at, accepted_at, released_at, refused_at,
    refusal_reason) ON cru.handover TO cru_dispatcher;

GRANT UPDATE (duty_status, duty_reason, emergency_at) ON cru.van TO cru_dispatcher;
GRANT INSERT, UPDATE ON cru.van, cru.staff TO cru_shift_lead;
GRANT INSERT (id, van_id, started_at, planned_end_at, meal_due_at) ON cru.shift TO cru_dispatcher;
GRANT UPDATE (planned_end_at, meal_due_at, meal_until_at, ended_at) ON cru.shift TO cru_dispatcher;
GRANT INSERT ON cru.shift_member TO cru_dispatcher;

GRANT INSERT (id, referral_id, said_by, words) ON cru.feedback TO cru_dispatcher;
GRANT INSERT (id, referral_id, subject, kind, reason, expires_at) ON cru.flag TO cru_dispatcher;
GRANT INSERT (command_id, verb) ON cru.command_log TO cru_dispatcher;
GRANT INSERT (referral_id, van_id, kind, happened_at, source, words, command_id) ON cru.event TO cru_dispatcher;

GRANT EXECUTE ON FUNCTION cru.record_fixes(jsonb), cru.raise_emergency(uuid) TO cru_gateway;
GRANT SELECT ON cru.device TO cru_gateway, cru_shift_lead;
GRANT SELECT (id, callsign, active) ON cru.van TO cru_gateway;
GRANT SELECT ON cru.position, cru.alembic_version TO cru_gateway;
GRANT INSERT, UPDATE ON cru.device TO cru_shift_lead;

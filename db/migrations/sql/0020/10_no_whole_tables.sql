-- Whoever may change a whole table may lock it too: with one statement at a prompt every console waits, and the gateway with
-- them, for as long as that session likes. Rights by column allow the same changes and no such lock.
REVOKE INSERT, UPDATE ON cru.van, cru.device FROM cru_shift_lead;
GRANT INSERT (id, version, callsign, registration, base, livery, seats, equipment, duty_status, duty_reason, duty_since_at,
    emergency_at, active), UPDATE (id, version, callsign, registration, base, livery, seats, equipment, duty_status,
    duty_reason, duty_since_at, emergency_at, active) ON cru.van TO cru_shift_lead;
GRANT INSERT (device_id, van_id, token_digest, active), UPDATE (id, device_id, van_id, token_digest, active)
    ON cru.device TO cru_shift_lead;

-- Since when somebody rides is when they were put on: nobody says that they rode before, on two vans at once or before
-- the shift began. The program never said so.
REVOKE INSERT (from_at) ON cru.shift_member FROM cru_shift_lead;

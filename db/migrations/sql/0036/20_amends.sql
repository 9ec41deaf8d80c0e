-- Whether a note was taken back is asked at every step of its referral; without this every event of the service is looked at.
CREATE INDEX event_amends_idx ON cru.event (amends) WHERE amends IS NOT NULL;

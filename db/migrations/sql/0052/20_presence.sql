-- Where a console is goes with the beat of its board, which waits for nothing: what would have to wait is said next time.
ALTER FUNCTION cru.be_present(uuid, uuid, boolean) SET lock_timeout TO '200ms';

-- A referral's step changes its state, and no index but this one knows of that: without it the row is written anew in its
-- place, where there is room for it, and the dozen others with their keys of names, telephones and addresses stay as they
-- are. Those that are open are found by their missing end.
DROP INDEX cru.referral_open_idx;
ALTER TABLE cru.referral SET (fillfactor = 75);

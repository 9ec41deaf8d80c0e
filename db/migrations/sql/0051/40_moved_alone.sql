-- Most steps move none of a referral's own times, and what did not move stays in order.
DROP TRIGGER in_order ON cru.referral;
CREATE TRIGGER in_order AFTER INSERT ON cru.referral FOR EACH ROW EXECUTE FUNCTION cru.check_order();
CREATE TRIGGER in_order_again AFTER UPDATE ON cru.referral FOR EACH ROW WHEN (
    (OLD.call_connected_at, OLD.sent_at, OLD.received_at, OLD.acknowledged_at, OLD.screened_at, OLD.accepted_at, OLD.closed_at,
        OLD.ems_on_scene_at) IS DISTINCT FROM (NEW.call_connected_at, NEW.sent_at, NEW.received_at, NEW.acknowledged_at,
        NEW.screened_at, NEW.accepted_at, NEW.closed_at, NEW.ems_on_scene_at))
    EXECUTE FUNCTION cru.check_order();

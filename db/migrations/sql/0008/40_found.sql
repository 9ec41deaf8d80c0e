-- What breaks the order already stays as it is, since nobody here knows which of two times was right: it is listed, with
-- nothing changed, under the later step.
INSERT INTO cru.mended (table_name, row_id, column_name, was, now, revision)
SELECT DISTINCT l.entity, l.row_id::text, split_part(l.step, '.', 2) || '_at', l.at::text, l.at::text, '0006'
FROM cru.referral r CROSS JOIN LATERAL cru.times_of(r.id) e JOIN cru.time_order() o ON o.earlier = e.step
JOIN LATERAL cru.times_of(r.id) l ON l.step = o.later AND l.at < e.at AND (e.entity <> l.entity OR e.row_id = l.row_id)
UNION ALL
SELECT 'shift', id::text, 'ended_at', ended_at::text, ended_at::text, '0006' FROM cru.shift WHERE ended_at < started_at
UNION ALL
SELECT DISTINCT 'assignment', a.id::text, 'allocated_at', a.allocated_at::text, a.allocated_at::text, '0006'
FROM cru.assignment a JOIN cru.assignment b ON b.van_id = a.van_id AND b.id <> a.id
    AND (b.allocated_at, b.id) < (a.allocated_at, a.id)
WHERE cru.overlap(b.allocated_at, coalesce(b.clear_at, b.stood_down_at), a.allocated_at, coalesce(a.clear_at, a.stood_down_at));

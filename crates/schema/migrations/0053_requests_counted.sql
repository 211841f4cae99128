-- Replies of a year that left after their day, without reading every reply of it.
CREATE INDEX request_late ON request (organ_id, closed_on) WHERE replied_on > due_on;
-- 信息处理费 of a year, for 其他需要报告的事项.
CREATE INDEX request_entry_paid ON request_entry (on_day, request_id) WHERE act = 'pay';

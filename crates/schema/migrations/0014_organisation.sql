-- 领导小组成员. Each row is one person's time in the group; who is in it on a day follows from the two dates.
-- `base_id` is the government (or the unit) whose group it is.
CREATE TABLE leading_member (
    id TEXT PRIMARY KEY,
    base_id TEXT NOT NULL REFERENCES organ (id),
    duty TEXT NOT NULL,
    name TEXT NOT NULL,
    post TEXT NOT NULL,
    from_on TEXT NOT NULL,
    from_why TEXT NOT NULL,
    until_on TEXT,
    until_why TEXT,
    -- Entered by mistake: with the reason, and no longer shown.
    removed_why TEXT,
    recorded_by TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX leading_member_base ON leading_member (base_id, from_on);

-- 会议、听取汇报、培训、投稿、试点: what an organ did on a day.
CREATE TABLE activity (
    id TEXT PRIMARY KEY,
    organ_id TEXT NOT NULL REFERENCES organ (id),
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    held_on TEXT NOT NULL,
    -- Pilots and longer courses: the last day.
    until_on TEXT,
    place TEXT NOT NULL,
    -- 主持人, 听取人, 授课人, 作者, 负责人: who it was by.
    person TEXT NOT NULL,
    summary TEXT NOT NULL,
    outcome TEXT NOT NULL,
    removed_why TEXT,
    recorded_by TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX activity_organ ON activity (organ_id, kind, held_on);
CREATE INDEX activity_day ON activity (kind, held_on, id);
-- Who was to come, and who came.
CREATE TABLE activity_attendee (
    activity_id TEXT NOT NULL REFERENCES activity (id),
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    attended BIGINT NOT NULL,
    PRIMARY KEY (activity_id, position)
);

-- 分管领导、承办机构、责任人 of each unit; the row without a last day is in force.
CREATE TABLE staff_entry (
    id TEXT PRIMARY KEY,
    organ_id TEXT NOT NULL REFERENCES organ (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    post TEXT NOT NULL,
    phone TEXT NOT NULL,
    from_on TEXT NOT NULL,
    until_on TEXT,
    until_why TEXT,
    recorded_by TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX staff_entry_organ ON staff_entry (organ_id, until_on, kind);

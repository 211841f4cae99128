-- 工作单位 and 传真 of an applicant (政府信息公开申请表).
ALTER TABLE request ADD COLUMN workplace TEXT NOT NULL DEFAULT '';
ALTER TABLE request ADD COLUMN fax TEXT NOT NULL DEFAULT '';

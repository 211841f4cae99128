-- 条例 art. 31: 平常信函 are confirmed with their applicant on the very day on which they arrive, so that day is kept beside the
-- day of confirmation.
ALTER TABLE request ADD COLUMN arrived_on TEXT;
-- 行政复议法 art. 20(3): of whoever was not told of the right to a review, of the organ or of the limit the days count otherwise.
ALTER TABLE remedy ADD COLUMN told TEXT NOT NULL DEFAULT 'yes';
ALTER TABLE remedy ADD COLUMN learned_on TEXT;

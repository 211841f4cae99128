-- The 考核分类 of a unit as its office's scheme had it when the bulletin was drafted: a ranking is told within it.
ALTER TABLE bulletin_part ADD COLUMN class TEXT NOT NULL DEFAULT '';

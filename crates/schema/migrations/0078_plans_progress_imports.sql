-- 导入现有台账: which of its rows a person chose while turning its pages, and which reports came of them, for undoing.
ALTER TABLE import_draft ADD COLUMN picked TEXT;
ALTER TABLE import_draft ADD COLUMN made TEXT;

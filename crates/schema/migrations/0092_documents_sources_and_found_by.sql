-- 上级文件: what texts rest on and this library does not hold, with its text as it was taken on a day and how it stands as
-- somebody recorded it.
CREATE TABLE upper_document (
    id TEXT PRIMARY KEY,
    -- The unit that keeps the entry.
    owner_id TEXT NOT NULL REFERENCES organ (id),
    title TEXT NOT NULL,
    -- 文号; empty where it has none.
    number TEXT NOT NULL,
    issuer TEXT NOT NULL,
    -- Empty where it stands on no page.
    address TEXT NOT NULL,
    text TEXT NOT NULL,
    taken_on TEXT NOT NULL,
    -- What lines are bound to: another with each text that is taken and each amendment.
    seal TEXT NOT NULL,
    -- in_force, amended, repealed, lapsed; NULL until somebody recorded it.
    standing TEXT,
    standing_on TEXT,
    -- Where that is said.
    basis TEXT NOT NULL,
    standing_by TEXT NOT NULL,
    -- When its page was asked last, and why there was no answer.
    looked_at BIGINT,
    failed TEXT NOT NULL,
    -- The hash of another text that its page has; and of one that a person found to be no change.
    flagged TEXT NOT NULL,
    settled TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX upper_document_number ON upper_document (number);
CREATE INDEX upper_document_title ON upper_document (title);

-- 检查汇总: what was looked for in public texts, by its hash, in which editions, and where it was found; of each scope of
-- staff. It is looked for anew where it is lost.
CREATE TABLE piece_look (
    scope TEXT PRIMARY KEY,
    -- Counts the looks: of two at a time one is kept.
    n BIGINT NOT NULL
);
CREATE TABLE piece_known (
    scope TEXT NOT NULL,
    piece TEXT NOT NULL,
    PRIMARY KEY (scope, piece)
);
CREATE TABLE piece_edition (
    scope TEXT NOT NULL,
    edition_id TEXT NOT NULL,
    PRIMARY KEY (scope, edition_id)
);
CREATE TABLE piece_match (
    scope TEXT NOT NULL,
    piece TEXT NOT NULL,
    edition_id TEXT NOT NULL,
    PRIMARY KEY (scope, piece, edition_id)
);

-- What lists of the catalogue find by: names of one width and in small letters, the same on every database.
ALTER TABLE catalogue_entry ADD COLUMN found_by TEXT NOT NULL DEFAULT '';
ALTER TABLE catalogue_filling ADD COLUMN found_by TEXT NOT NULL DEFAULT '';
UPDATE catalogue_entry SET found_by = LOWER(item) || '
' || LOWER(sub_item);
UPDATE catalogue_filling SET found_by = LOWER(title);
-- Letters, digits and signs of full width, and Roman numbers.
UPDATE catalogue_entry SET found_by = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(found_by, '！', '!'), '＂', '"'), '＃', '#'), '＄', '$'), '％', '%'), '＆', '&'), '＇', ''''), '（', '('), '）', ')'), '＊', '*'), '＋', '+'), '，', ',');
UPDATE catalogue_entry SET found_by = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(found_by, '－', '-'), '．', '.'), '／', '/'), '０', '0'), '１', '1'), '２', '2'), '３', '3'), '４', '4'), '５', '5'), '６', '6'), '７', '7'), '８', '8');
UPDATE catalogue_entry SET found_by = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(found_by, '９', '9'), '：', ':'), '；', ';'), '＜', '<'), '＝', '='), '＞', '>'), '？', '?'), '＠', '@'), 'Ａ', 'a'), 'Ｂ', 'b'), 'Ｃ', 'c'), 'Ｄ', 'd');
UPDATE catalogue_entry SET found_by = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(found_by, 'Ｅ', 'e'), 'Ｆ', 'f'), 'Ｇ', 'g'), 'Ｈ', 'h'), 'Ｉ', 'i'), 'Ｊ', 'j'), 'Ｋ', 'k'), 'Ｌ', 'l'), 'Ｍ', 'm'), 'Ｎ', 'n'), 'Ｏ', 'o'), 'Ｐ', 'p');
UPDATE catalogue_entry SET found_by = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(found_by, 'Ｑ', 'q'), 'Ｒ', 'r'), 'Ｓ', 's'), 'Ｔ', 't'), 'Ｕ', 'u'), 'Ｖ', 'v'), 'Ｗ', 'w'), 'Ｘ', 'x'), 'Ｙ', 'y'), 'Ｚ', 'z'), '［', '['), '＼', '\');
UPDATE catalogue_entry SET found_by = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(found_by, '］', ']'), '＾', '^'), '＿', '_'), '｀', '`'), 'ａ', 'a'), 'ｂ', 'b'), 'ｃ', 'c'), 'ｄ', 'd'), 'ｅ', 'e'), 'ｆ', 'f'), 'ｇ', 'g'), 'ｈ', 'h');
UPDATE catalogue_entry SET found_by = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(found_by, 'ｉ', 'i'), 'ｊ', 'j'), 'ｋ', 'k'), 'ｌ', 'l'), 'ｍ', 'm'), 'ｎ', 'n'), 'ｏ', 'o'), 'ｐ', 'p'), 'ｑ', 'q'), 'ｒ', 'r'), 'ｓ', 's'), 'ｔ', 't');
UPDATE catalogue_entry SET found_by = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(found_by, 'ｕ', 'u'), 'ｖ', 'v'), 'ｗ', 'w'), 'ｘ', 'x'), 'ｙ', 'y'), 'ｚ', 'z'), '｛', '{'), '｜', '|'), '｝', '}'), '～', '~'), 'Ⅰ', 'ⅰ'), 'Ⅱ', 'ⅱ');
UPDATE catalogue_entry SET found_by = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(found_by, 'Ⅲ', 'ⅲ'), 'Ⅳ', 'ⅳ'), 'Ⅴ', 'ⅴ'), 'Ⅵ', 'ⅵ'), 'Ⅶ', 'ⅶ'), 'Ⅷ', 'ⅷ'), 'Ⅸ', 'ⅸ'), 'Ⅹ', 'ⅹ'), 'Ⅺ', 'ⅺ'), 'Ⅻ', 'ⅻ'), '　', ' ');
UPDATE catalogue_filling SET found_by = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(found_by, '！', '!'), '＂', '"'), '＃', '#'), '＄', '$'), '％', '%'), '＆', '&'), '＇', ''''), '（', '('), '）', ')'), '＊', '*'), '＋', '+'), '，', ',');
UPDATE catalogue_filling SET found_by = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(found_by, '－', '-'), '．', '.'), '／', '/'), '０', '0'), '１', '1'), '２', '2'), '３', '3'), '４', '4'), '５', '5'), '６', '6'), '７', '7'), '８', '8');
UPDATE catalogue_filling SET found_by = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(found_by, '９', '9'), '：', ':'), '；', ';'), '＜', '<'), '＝', '='), '＞', '>'), '？', '?'), '＠', '@'), 'Ａ', 'a'), 'Ｂ', 'b'), 'Ｃ', 'c'), 'Ｄ', 'd');
UPDATE catalogue_filling SET found_by = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(found_by, 'Ｅ', 'e'), 'Ｆ', 'f'), 'Ｇ', 'g'), 'Ｈ', 'h'), 'Ｉ', 'i'), 'Ｊ', 'j'), 'Ｋ', 'k'), 'Ｌ', 'l'), 'Ｍ', 'm'), 'Ｎ', 'n'), 'Ｏ', 'o'), 'Ｐ', 'p');
UPDATE catalogue_filling SET found_by = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(found_by, 'Ｑ', 'q'), 'Ｒ', 'r'), 'Ｓ', 's'), 'Ｔ', 't'), 'Ｕ', 'u'), 'Ｖ', 'v'), 'Ｗ', 'w'), 'Ｘ', 'x'), 'Ｙ', 'y'), 'Ｚ', 'z'), '［', '['), '＼', '\');
UPDATE catalogue_filling SET found_by = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(found_by, '］', ']'), '＾', '^'), '＿', '_'), '｀', '`'), 'ａ', 'a'), 'ｂ', 'b'), 'ｃ', 'c'), 'ｄ', 'd'), 'ｅ', 'e'), 'ｆ', 'f'), 'ｇ', 'g'), 'ｈ', 'h');
UPDATE catalogue_filling SET found_by = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(found_by, 'ｉ', 'i'), 'ｊ', 'j'), 'ｋ', 'k'), 'ｌ', 'l'), 'ｍ', 'm'), 'ｎ', 'n'), 'ｏ', 'o'), 'ｐ', 'p'), 'ｑ', 'q'), 'ｒ', 'r'), 'ｓ', 's'), 'ｔ', 't');
UPDATE catalogue_filling SET found_by = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(found_by, 'ｕ', 'u'), 'ｖ', 'v'), 'ｗ', 'w'), 'ｘ', 'x'), 'ｙ', 'y'), 'ｚ', 'z'), '｛', '{'), '｜', '|'), '｝', '}'), '～', '~'), 'Ⅰ', 'ⅰ'), 'Ⅱ', 'ⅱ');
UPDATE catalogue_filling SET found_by = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(found_by, 'Ⅲ', 'ⅲ'), 'Ⅳ', 'ⅳ'), 'Ⅴ', 'ⅴ'), 'Ⅵ', 'ⅵ'), 'Ⅶ', 'ⅶ'), 'Ⅷ', 'ⅷ'), 'Ⅸ', 'ⅸ'), 'Ⅹ', 'ⅹ'), 'Ⅺ', 'ⅺ'), 'Ⅻ', 'ⅻ'), '　', ' ');

-- Whether a 索引号 is taken is asked for each document that comes in or goes out.
CREATE INDEX document_index_number ON document (index_number);

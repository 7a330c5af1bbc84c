DROP TABLE import_error;
DROP TABLE import_file_left;
DROP TABLE import_job;
DROP TABLE import_mapping;

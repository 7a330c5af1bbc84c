DROP INDEX ledger_entry_organisation;
DROP TABLE export_part;
DROP TABLE export_job;

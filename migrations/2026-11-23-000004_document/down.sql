DROP TABLE document_version, document_party, document;

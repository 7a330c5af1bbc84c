DROP FUNCTION catalogue_rare(tsquery, text[]);

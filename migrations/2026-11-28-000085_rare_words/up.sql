-- The part of a query that an index is asked for: without the words that are given as common ones, for their lists name nearly every
-- entry and take long to read. Whoever asks for it asks for the whole query besides. A query with a choice or a negation, and one of
-- common words alone, stays as it is.
CREATE FUNCTION catalogue_rare(query tsquery, common text[]) RETURNS tsquery LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN query::text ~ '[(|!]' THEN query ELSE coalesce((
        SELECT string_agg(part, ' & ') FROM unnest(string_to_array(query::text, ' & ')) AS part
        WHERE part NOT IN (SELECT quote_literal(word) FROM unnest(common) AS word))::tsquery, query) END
$$;

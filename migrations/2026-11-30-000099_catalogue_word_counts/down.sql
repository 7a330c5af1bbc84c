CREATE OR REPLACE FUNCTION catalogue_word_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalogue_word AS w SELECT portal_id, word, sum(step) FROM (
        SELECT n.portal_id, word, 1 AS step FROM added n
        JOIN removed o ON o.id = n.id AND o.names <> n.names, catalogue_words(n.names) AS word
        UNION ALL
        SELECT o.portal_id, word, -1 FROM removed o
        JOIN added n ON n.id = o.id AND o.names <> n.names, catalogue_words(o.names) AS word
    ) steps GROUP BY portal_id, word HAVING sum(step) <> 0 ORDER BY portal_id, word
    ON CONFLICT (portal_id, word) DO UPDATE SET uses = w.uses + excluded.uses;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION catalogue_entry_on_product() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM catalogue_entry_refresh(ARRAY(SELECT o.id FROM offer o WHERE o.product_id IN (SELECT id FROM changed)));
    RETURN NULL;
END $$;

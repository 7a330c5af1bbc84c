-- What changes of the words of many entries at once. A plan of a trigger is kept as long as its connection, and the one that was made for a
-- single row joined ten thousand rows with each other one by one: so nothing is joined, and what stays as it was goes before its words are told
-- apart.
CREATE OR REPLACE FUNCTION catalogue_word_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalogue_word AS w SELECT portal_id, word, sum(step) FROM (
        SELECT id, portal_id, names, sum(step) AS step FROM (
            SELECT id, portal_id, names, 1 AS step FROM added
            UNION ALL
            SELECT id, portal_id, names, -1 FROM removed
        ) steps GROUP BY id, portal_id, names HAVING sum(step) <> 0
    ) changed, catalogue_words(names) AS word
    GROUP BY portal_id, word HAVING sum(step) <> 0 ORDER BY portal_id, word
    ON CONFLICT (portal_id, word) DO UPDATE SET uses = w.uses + excluded.uses;
    RETURN NULL;
END $$;

-- For the same reason the offers of products are looked up by their ids, however many there were when the plan was made.
CREATE OR REPLACE FUNCTION catalogue_entry_on_product() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM catalogue_entry_refresh(ARRAY(SELECT o.id FROM offer o WHERE o.product_id = ANY (ARRAY(SELECT id FROM changed))));
    RETURN NULL;
END $$;

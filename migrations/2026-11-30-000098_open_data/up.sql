-- Requests that everybody on their portal may know of, with the time of the last change that shows in open data.
CREATE TABLE rfq_release (
    rfq_id uuid PRIMARY KEY REFERENCES rfq (id) ON DELETE CASCADE,
    portal_id uuid NOT NULL REFERENCES portal (id),
    -- One more with each change.
    number bigint NOT NULL DEFAULT 1 CHECK (number > 0),
    changed_at timestamptz NOT NULL
);
CREATE INDEX rfq_release_portal ON rfq_release (portal_id, changed_at, rfq_id);

CREATE FUNCTION note_release(request uuid) RETURNS void LANGUAGE sql AS $$
    INSERT INTO rfq_release (rfq_id, portal_id, changed_at)
    SELECT id, portal_id, now() FROM rfq WHERE id = request AND published_at IS NOT NULL
    ON CONFLICT (rfq_id) DO UPDATE SET number = rfq_release.number + 1, changed_at = now();
$$;

CREATE FUNCTION rfq_released() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM note_release(NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER rfq_released AFTER UPDATE ON rfq FOR EACH ROW
    WHEN (NEW.published_at IS NOT NULL AND (OLD.state, OLD.terms_version, OLD.visibility, OLD.questions_until, OLD.quotes_until)
        IS DISTINCT FROM (NEW.state, NEW.terms_version, NEW.visibility, NEW.questions_until, NEW.quotes_until))
    EXECUTE FUNCTION rfq_released();
CREATE TRIGGER rfq_released_new AFTER INSERT ON rfq FOR EACH ROW
    WHEN (NEW.published_at IS NOT NULL)
    EXECUTE FUNCTION rfq_released();

-- An award is public once it is concluded.
CREATE FUNCTION rfq_award_released() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM note_release(NEW.rfq_id);
    RETURN NULL;
END $$;
CREATE TRIGGER rfq_award_released AFTER UPDATE ON rfq_award FOR EACH ROW
    WHEN (OLD.state <> NEW.state AND NEW.state = 'concluded')
    EXECUTE FUNCTION rfq_award_released();

CREATE FUNCTION rfq_contract_released() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM note_release(rfq_id) FROM rfq_award WHERE contract_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER rfq_contract_released AFTER UPDATE OF state ON contract FOR EACH ROW
    WHEN (OLD.state <> NEW.state AND NEW.origin_kind = 'award')
    EXECUTE FUNCTION rfq_contract_released();

-- Answers show that there were questions.
CREATE FUNCTION rfq_answer_released() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM note_release(NEW.rfq_id);
    RETURN NULL;
END $$;
CREATE TRIGGER rfq_answer_released AFTER UPDATE ON rfq_question FOR EACH ROW
    WHEN (OLD.answer IS NULL AND NEW.answer IS NOT NULL)
    EXECUTE FUNCTION rfq_answer_released();

INSERT INTO rfq_release (rfq_id, portal_id, changed_at)
SELECT id, portal_id, coalesce(closed_at, published_at) FROM rfq WHERE published_at IS NOT NULL;

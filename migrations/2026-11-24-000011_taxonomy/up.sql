-- The way from the root down to the category itself: descendants are found by one index, whatever the depth.
ALTER TABLE category ADD COLUMN path uuid[] NOT NULL DEFAULT '{}';
WITH RECURSIVE way AS (
    SELECT id, ARRAY[id] AS path FROM category WHERE parent_id IS NULL
    UNION ALL
    SELECT c.id, w.path || c.id FROM category c JOIN way w ON w.id = c.parent_id
)
UPDATE category SET path = way.path FROM way WHERE way.id = category.id;
ALTER TABLE category ALTER COLUMN path DROP DEFAULT;
ALTER TABLE category ADD CONSTRAINT category_path_is_the_way CHECK (
    path[cardinality(path)] = id AND cardinality(path) BETWEEN 1 AND 16
    AND path[cardinality(path) - 1] IS NOT DISTINCT FROM parent_id
);
CREATE INDEX category_path ON category USING gin (path);

CREATE TABLE category_attribute (
    id uuid PRIMARY KEY,
    category_id uuid NOT NULL REFERENCES category (id),
    key text NOT NULL CHECK (key ~ '^[a-z][a-z0-9_]{0,39}$'),
    name jsonb NOT NULL,
    kind text NOT NULL CHECK (kind IN ('number', 'text', 'choice', 'yes_no', 'date')),
    unit text CHECK (unit IS NULL OR kind = 'number'),
    required boolean NOT NULL,
    choices jsonb NOT NULL CHECK ((kind = 'choice') = (choices <> '[]')),
    minimum text,
    maximum text,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    CONSTRAINT category_attribute_key UNIQUE (category_id, key)
);

CREATE TABLE code_list (
    id uuid PRIMARY KEY,
    key text NOT NULL CONSTRAINT code_list_key_key UNIQUE CHECK (key ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
    name jsonb NOT NULL,
    edition text NOT NULL,
    codes integer NOT NULL CHECK (codes > 0),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    loaded_at timestamptz NOT NULL
);

CREATE TABLE code_list_entry (
    code_list_id uuid NOT NULL REFERENCES code_list (id),
    code text COLLATE "C" NOT NULL,
    parent text COLLATE "C" CHECK (parent <> code),
    name jsonb NOT NULL,
    -- No longer in the list, but still on products.
    retired boolean NOT NULL DEFAULT false,
    search tsvector NOT NULL GENERATED ALWAYS AS (
        jsonb_to_tsvector('russian', name, '["string"]')
    ) STORED,
    PRIMARY KEY (code_list_id, code),
    CONSTRAINT code_list_entry_parent_fkey FOREIGN KEY (code_list_id, parent) REFERENCES code_list_entry (code_list_id, code)
        DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX code_list_entry_parent ON code_list_entry (code_list_id, parent, code);
CREATE INDEX code_list_entry_search ON code_list_entry USING gin (search);

ALTER TABLE product ADD COLUMN attributes jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(attributes) = 'object');

-- A product has at most one code of each list.
CREATE TABLE product_code (
    product_id uuid NOT NULL REFERENCES product (id),
    code_list_id uuid NOT NULL,
    code text COLLATE "C" NOT NULL,
    PRIMARY KEY (product_id, code_list_id),
    CONSTRAINT product_code_known FOREIGN KEY (code_list_id, code) REFERENCES code_list_entry (code_list_id, code)
);
CREATE INDEX product_code_code ON product_code (code_list_id, code);

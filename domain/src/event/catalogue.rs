//! Categories, products, offers, prices, stock, files of goods.

use super::Form::{Decimal, Id, Integer, Text};
use super::{EventType, Member, NAME, STATE, always, event, maybe};

const SKU: &[Member] = &[always("sku", Text, "The seller's number of the product.")];
const ON_HAND: Member = always("on_hand", Decimal, "What is on hand from now on, in the product's base unit.");
const OFFER: &[Member] = &[always("product_id", Id, "What is offered."), STATE];
const MEDIA: &[Member] = &[always("media_id", Id, "The image or data sheet.")];
const PREPARED: &[Member] = &[
    always("media_id", Id, "The image or data sheet."),
    always("kind", Text, "`image` or `data_sheet`."),
    maybe("fault", Text, "Why it cannot be shown."),
];
const NAMED: &[Member] = &[NAME];
const ATTRIBUTE: &[Member] =
    &[always("category_id", Id, "The category that defines it."), always("key", Text, "Its key.")];
const IMPORT: &[Member] = &[
    STATE,
    maybe("total", Integer, "How many rows the file has."),
    always("done", Integer, "How many rows are done."),
    always("created", Integer, "How many rows have made something."),
    always("updated", Integer, "How many rows have changed something."),
    always("unchanged", Integer, "How many rows said what was so already."),
    always("failed", Integer, "How many rows were refused."),
];

pub(super) const EVENTS: &[EventType] = &[
    event(
        "category.created",
        "category",
        "There is a further category.",
        &[maybe("code", Text, "Its code in a code list.")],
    ),
    event("category.changed", "category", "A category was changed.", &[]),
    event(
        "category.loaded",
        "code_list",
        "Categories were made of a code list.",
        &[always("code_list", Text, "The key of the list."), always("created", Integer, "How many are new.")],
    ),
    event("category.attribute_added", "category_attribute", "A category has a further attribute.", ATTRIBUTE),
    event("category.attribute_changed", "category_attribute", "An attribute of a category was changed.", ATTRIBUTE),
    event("category.attribute_deleted", "category_attribute", "A category has an attribute no longer.", ATTRIBUTE),
    event(
        "code_list.loaded",
        "code_list",
        "A code list, or a new edition of it, was loaded.",
        &[
            always("key", Text, "The key of the list."),
            always("edition", Text, "Its edition."),
            always("codes", Integer, "How many codes it has."),
        ],
    ),
    event("product.created", "product", "You have a further product.", SKU),
    event("product.changed", "product", "A product of yours was changed.", SKU),
    event("product.archived", "product", "A product of yours is sold no more.", SKU),
    event("product.relations_changed", "product", "What replaces or goes with a product was changed.", SKU),
    event("product.stock_counted", "product", "The stock of a product was set.", &[ON_HAND]),
    event("product.media_added", "product", "A product has a further image or data sheet.", MEDIA),
    event("product.media_changed", "product", "Title or place of an image or data sheet was changed.", MEDIA),
    event("product.media_removed", "product", "An image or data sheet was taken away.", MEDIA),
    event("product.media_ready", "product", "An image or data sheet is shown from now on.", PREPARED),
    event("product.media_failed", "product", "An image or data sheet cannot be shown.", PREPARED),
    event(
        "stock.moved",
        "product",
        "Stock of a warehouse came in, went out or was written off.",
        &[always("reason", Text, "Why it moved."), ON_HAND],
    ),
    event("stock.receipt_expected", "product", "Goods are announced that will be in stock.", &[]),
    event("stock.receipt_forgotten", "product", "Announced goods are not expected any more.", &[]),
    event(
        "stock.backorders_changed",
        "product",
        "Whether and how far a product is sold beyond its stock has changed.",
        &[],
    ),
    event("warehouse.created", "warehouse", "You have a further warehouse.", NAMED),
    event("warehouse.changed", "warehouse", "A warehouse of yours was changed.", NAMED),
    event("warehouse.archived", "warehouse", "A warehouse of yours is used no more.", NAMED),
    event("offer.created", "offer", "An offer was drafted.", OFFER),
    event("offer.scheduled", "offer", "An offer will be published at its time.", OFFER),
    event("offer.published", "offer", "An offer is published.", OFFER),
    event("offer.changed", "offer", "An offer was changed: its price, audience or times.", OFFER),
    event("offer.withdrawn", "offer", "An offer is published no longer.", OFFER),
    event("price_list.created", "price_list", "You have a further price list.", NAMED),
    event("price_list.changed", "price_list", "For whom and when a price list is in force has changed.", NAMED),
    event("price_list.archived", "price_list", "A price list is in force no more.", NAMED),
    event("price_list.prices_changed", "price_list", "A price list has other prices.", NAMED),
    event("buyer_group.created", "buyer_group", "You have a further group of buyers.", NAMED),
    event("buyer_group.changed", "buyer_group", "A group of buyers has another name or other members.", NAMED),
    event("buyer_group.removed", "buyer_group", "A group of buyers is no more.", NAMED),
    event("blocked_buyer.added", "blocked_buyer", "You do not sell to an organisation any more.", &[]),
    event("blocked_buyer.removed", "blocked_buyer", "You sell to an organisation again.", &[]),
    event("import_mapping.created", "import_mapping", "A way to read your files was described.", NAMED),
    event("import_mapping.changed", "import_mapping", "A way to read your files was changed.", NAMED),
    event("import_mapping.deleted", "import_mapping", "A way to read your files was taken away.", NAMED),
    event("import.queued", "import", "A file of goods has come in and waits.", IMPORT),
    event("import.started", "import", "A file of goods is being worked on.", IMPORT),
    event("import.finished", "import", "A file of goods is done; some of its rows may have been refused.", IMPORT),
    event("import.failed", "import", "A file of goods cannot be worked on.", IMPORT),
    event("import.cancelled", "import", "A file of goods was stopped.", IMPORT),
];

//! `PunchOutSetupRequest`: a person of the buyer wants to shop.

pub use domain::integration::punchout::Operation;

use super::item::{Address, ItemId, ItemOut, extrinsics, read_address, read_all, read_id};
use super::{named, url};
use crate::integration::xml::{Element, Reading};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupRequest {
    pub operation: Operation,
    /// The buyer's word for this visit; it goes back as it is.
    pub buyer_cookie: String,
    /// Where the browser brings the basket in the end. It is never fetched by us.
    pub form_post: String,
    /// What the person came for, if it picked an item in a catalogue.
    pub selected: Option<ItemId>,
    pub ship_to: Option<Address>,
    /// Name and email of the person, as far as they are told.
    pub contact_name: Option<String>,
    pub contact_email: Option<String>,
    /// The basket that is to be edited or looked at.
    pub items: Vec<ItemOut>,
    /// Names and values, such as `UserEmail`.
    pub extrinsics: Vec<(String, String)>,
}

/// A basket to be edited or inspected has to be sent along (fault `required`).
pub fn read(reading: &mut Reading, of: Element<'_>) -> Option<SetupRequest> {
    let operation = reading.needed_attribute(of, "operation", Operation::parse);
    let buyer_cookie = reading.needed_text(of, named("BuyerCookie"));
    let post = reading.needed_child(of, named("BrowserFormPost"));
    let form_post = post.and_then(|post| reading.needed_field(post, named("URL"), url));
    let selected = reading.child(of, named("SelectedItem")).and_then(|selected| read_id(reading, selected));
    let items = read_all(reading, of, false);
    if operation.is_some_and(|operation| operation != Operation::Create)
        && of.children_of("", "ItemOut").next().is_none()
    {
        reading.needed_child(of, named("ItemOut"));
    }
    let contact = of.children_of("", "Contact").next();
    Some(SetupRequest {
        selected,
        ship_to: read_address(reading, of, "ShipTo"),
        contact_name: contact.and_then(|contact| reading.text(contact, named("Name"))),
        contact_email: contact
            .and_then(|contact| contact.children_of("", "Email").next())
            .map(|one| one.text().to_owned()),
        items,
        extrinsics: extrinsics(reading, of),
        operation: operation?,
        buyer_cookie: buyer_cookie?,
        form_post: form_post?,
    })
}

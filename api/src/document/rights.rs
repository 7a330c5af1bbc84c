//! Who may do what with documents. What a document's visibility says of its readers is one condition in `infra::document`.

use domain::party::Role::{self, Admin, Buyer, Finance, Owner, Seller};
use domain::party::Scope;

use crate::http::principal::Right;

/// Read documents as a member of an organisation; what is public needs nobody.
pub const READ: Right = Right::of(&Role::ALL, Scope::DocumentsRead);

/// Upload, change, publish, archive and share the organisation's own documents. Also one that waits for its verification
/// uploads: the evidence for it.
pub const WRITE: Right = Right::of(&[Owner, Admin, Buyer, Seller, Finance], Scope::DocumentsWrite);

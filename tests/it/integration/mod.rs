//! What other systems connect to.

mod bank_statement;
mod bulk;
mod catalogue;
mod cxml;
mod export;
mod ocds;
mod punchout;
mod ubl_documents;
mod ubl_order;
mod webhook;
mod webhook_address;
mod webhook_delivery;
mod webhook_failure;
mod webhook_kill;

//! Roles of a person in an organisation.

use crate::kernel::refusal::Invalid;
use crate::kernel::{Kind, Refusal};

/// What a person may do for the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Everything, also who else is an owner.
    Owner,
    /// People, credentials and the organisation's data.
    Admin,
    /// Orders, receives deliveries.
    Buyer,
    /// Decides on the orders of others.
    Approver,
    /// Products, offers, confirmations, despatches.
    Seller,
    /// Trades on exchanges.
    Trader,
    /// Invoices, payments, bank accounts.
    Finance,
    /// Reads.
    Viewer,
}

impl Role {
    pub const ALL: [Self; 8] = [
        Self::Owner,
        Self::Admin,
        Self::Buyer,
        Self::Approver,
        Self::Seller,
        Self::Trader,
        Self::Finance,
        Self::Viewer,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Buyer => "buyer",
            Self::Approver => "approver",
            Self::Seller => "seller",
            Self::Trader => "trader",
            Self::Finance => "finance",
            Self::Viewer => "viewer",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|role| role.code() == code);
        known.ok_or_else(|| Invalid::new("role", format!("`{code}` is not a role.")))
    }
}

/// Whether somebody with the roles `by` may change another member's roles from `before` to `after` (none: they leave). Only
/// owners make and unmake owners, and one owner must remain: `other_owners` counts those besides this member.
pub fn check_change(by: &[Role], before: &[Role], after: &[Role], other_owners: usize) -> Result<(), Refusal> {
    let (was, will_be) = (before.contains(&Role::Owner), after.contains(&Role::Owner));
    if was != will_be && !by.contains(&Role::Owner) {
        return Err(Refusal::forbidden("Only an owner decides who is an owner."));
    }
    if was && !will_be && other_owners == 0 {
        return Err(Refusal::new(Kind::LastOwner, "This is the last owner of the organisation."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_roles_correspond() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.code()), Ok(role));
        }
        assert!(Role::parse("operator").is_err());
    }

    #[test]
    fn owners_are_made_by_owners_and_one_remains() {
        use Role::{Admin, Buyer, Owner};
        let kind = |by: &[Role], before: &[Role], after: &[Role], others| {
            check_change(by, before, after, others).err().map(|refusal| refusal.kind)
        };
        assert_eq!(kind(&[Admin], &[Buyer], &[Admin], 1), None);
        assert_eq!(kind(&[Admin], &[Buyer], &[Owner], 1), Some(Kind::Forbidden));
        assert_eq!(kind(&[Admin], &[Owner], &[Buyer], 1), Some(Kind::Forbidden));
        assert_eq!(kind(&[Owner], &[Owner], &[Buyer], 0), Some(Kind::LastOwner));
        assert_eq!(kind(&[Owner], &[Owner], &[], 0), Some(Kind::LastOwner));
        assert_eq!(kind(&[Owner], &[Owner], &[], 1), None);
        assert_eq!(kind(&[Owner], &[Owner, Buyer], &[Owner], 0), None);
    }
}

//! Whom something of a seller is for, between rows and JSON.

use std::collections::HashSet;

use domain::kernel::{Faults, OrganisationId};
use infra::Failure;
use infra::catalogue::audience::Audience;
use infra::catalogue::buyer_group;
use infra::db::Connection;
use infra::party::organisation;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Whom an offer is for: these organisations, and all in these buyer groups. Others cannot tell that it exists.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Audience, example = json!({"organisations": ["0190b5a0-0000-7000-8000-000000000001"], "buyer_groups": []}))]
pub struct AudienceDto {
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub organisations: Vec<Uuid>,
    /// Groups of your own.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub buyer_groups: Vec<Uuid>,
}

impl From<Audience> for AudienceDto {
    fn from(chosen: Audience) -> Self {
        Self { organisations: chosen.organisations, buyer_groups: chosen.buyer_groups }
    }
}

impl AudienceDto {
    /// Checks that the chosen are there, and some at all.
    pub async fn check(
        &self,
        tx: &mut Connection,
        seller: OrganisationId,
        pointer: &str,
        faults: &mut Faults,
    ) -> Result<Audience, Failure> {
        if self.organisations.is_empty() && self.buyer_groups.is_empty() {
            faults.add(
                pointer,
                "required",
                "Name an organisation or a buyer group, or leave it out: then it is for everyone.",
            );
        }
        check_buyers(tx, seller, &self.organisations, &format!("{pointer}/organisations"), faults).await?;
        check_groups(tx, seller, &self.buyer_groups, &format!("{pointer}/buyer_groups"), faults).await?;
        Ok(Audience { organisations: self.organisations.clone(), buyer_groups: self.buyer_groups.clone() })
    }
}

/// Notes who of these is no other organisation of the directory, and who is named twice. The place of one that stands in no list
/// is the pointer itself.
pub async fn check_buyers(
    tx: &mut Connection,
    seller: OrganisationId,
    buyers: &[Uuid],
    pointer: &str,
    faults: &mut Faults,
) -> Result<(), Failure> {
    let known: HashSet<Uuid> =
        organisation::known(tx, buyers).await?.into_iter().filter(|id| *id != seller.0).collect();
    check_each(buyers, &known, pointer, faults, ["There is no such buyer.", "The buyer is named twice."]);
    Ok(())
}

/// Notes which of these are no buyer groups of the seller's.
pub async fn check_groups(
    tx: &mut Connection,
    seller: OrganisationId,
    groups: &[Uuid],
    pointer: &str,
    faults: &mut Faults,
) -> Result<(), Failure> {
    if groups.is_empty() {
        return Ok(());
    }
    let known: HashSet<Uuid> = buyer_group::own(tx, seller, groups).await?.into_iter().collect();
    check_each(groups, &known, pointer, faults, ["You have no such buyer group.", "The group is named twice."]);
    Ok(())
}

fn check_each(
    ids: &[Uuid],
    known: &HashSet<Uuid>,
    pointer: &str,
    faults: &mut Faults,
    [unknown, twice]: [&'static str; 2],
) {
    let mut seen = HashSet::new();
    let single = pointer.ends_with("_id");
    for (index, id) in ids.iter().enumerate() {
        let at = if single { pointer.to_owned() } else { format!("{pointer}/{index}") };
        if !known.contains(id) {
            faults.add(at, "unknown", unknown);
        } else if !seen.insert(id) {
            faults.add(at, "twice", twice);
        }
    }
}

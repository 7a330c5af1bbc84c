//! Whom an offer is for, where it is not for everyone.

use diesel::prelude::*;
use diesel::sql_types::Uuid as SqlUuid;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::{offer_buyer_group, offer_organisation};

/// The chosen of an offer: organisations, and groups of its seller.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audience {
    pub organisations: Vec<Uuid>,
    pub buyer_groups: Vec<Uuid>,
}

/// The chosen of these offers, in the order of the offers; nobody for an offer that is for everyone.
pub async fn of_offers(connection: &Connection, offers: &[Uuid]) -> Result<Vec<Audience>, Failure> {
    if offers.is_empty() {
        return Ok(Vec::new());
    }
    let organisations = offer_organisation::table
        .filter(offer_organisation::offer_id.eq_any(offers))
        .order((offer_organisation::offer_id, offer_organisation::organisation_id))
        .select((offer_organisation::offer_id, offer_organisation::organisation_id));
    let groups = offer_buyer_group::table
        .filter(offer_buyer_group::offer_id.eq_any(offers))
        .order((offer_buyer_group::offer_id, offer_buyer_group::buyer_group_id))
        .select((offer_buyer_group::offer_id, offer_buyer_group::buyer_group_id));
    type Pairs = Vec<(Uuid, Uuid)>;
    let (organisations, groups): (Pairs, Pairs) =
        futures::try_join!(organisations.load(&mut &*connection), groups.load(&mut &*connection))?;
    let of = |pairs: &[(Uuid, Uuid)], offer: Uuid| {
        pairs.iter().filter(|(of, _)| *of == offer).map(|(_, chosen)| *chosen).collect()
    };
    let audience =
        |&offer: &Uuid| Audience { organisations: of(&organisations, offer), buyer_groups: of(&groups, offer) };
    Ok(offers.iter().map(audience).collect())
}

/// Sets the chosen of an offer; it is open to them from now on, or from its time on.
pub async fn replace(tx: &mut Connection, offer: Uuid, chosen: &Audience) -> Result<(), Failure> {
    use offer_buyer_group as g;
    use offer_organisation as o;
    diesel::delete(o::table.filter(o::offer_id.eq(offer))).execute(tx).await?;
    diesel::delete(g::table.filter(g::offer_id.eq(offer))).execute(tx).await?;
    let organisations: Vec<_> =
        chosen.organisations.iter().map(|one| (o::offer_id.eq(offer), o::organisation_id.eq(*one))).collect();
    let groups: Vec<_> =
        chosen.buyer_groups.iter().map(|one| (g::offer_id.eq(offer), g::buyer_group_id.eq(*one))).collect();
    if !organisations.is_empty() {
        diesel::insert_into(o::table).values(organisations).execute(tx).await?;
    }
    if !groups.is_empty() {
        diesel::insert_into(g::table).values(groups).execute(tx).await?;
    }
    let opened = "UPDATE offer SET open_since = greatest(now(), publish_at) WHERE id = $1 AND state = 'published'";
    diesel::sql_query(opened).bind::<SqlUuid, _>(offer).execute(tx).await?;
    Ok(())
}

//! Legal entities: their data, identifiers and addresses.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{Kind, OrganisationId, Refusal, Timestamp};
use uuid::Uuid;

use crate::Failure;
use crate::db::page::{After, List, Page};
use crate::db::{Connection, constraint};
use crate::schema::{organisation, organisation_address, organisation_identifier};

/// A legal entity without its identifiers and addresses.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = organisation, treat_none_as_default_value = false)]
pub struct OrganisationRow {
    pub id: Uuid,
    pub legal_name: String,
    pub legal_form: String,
    pub country: String,
    pub state: String,
    pub state_reason: Option<String>,
    pub parent_id: Option<Uuid>,
    pub parent_confirmed_at: Option<Timestamp>,
    pub version: i64,
    pub created_at: Timestamp,
    pub verified_at: Option<Timestamp>,
}

/// An identifier in a scheme.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = organisation_identifier)]
pub struct IdentifierRow {
    pub scheme: String,
    pub value: String,
}

/// A postal address.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = organisation_address)]
pub struct AddressRow {
    pub kind: String,
    pub lines: Vec<String>,
    pub city: String,
    pub postal_code: Option<String>,
    pub region: Option<String>,
    pub country: String,
}

/// A legal entity with all that belongs to it.
#[derive(Debug, Clone)]
pub struct Organisation {
    pub row: OrganisationRow,
    pub identifiers: Vec<IdentifierRow>,
    pub addresses: Vec<AddressRow>,
}

/// Which legal entities are looked for.
#[derive(Debug, Default)]
pub struct Search {
    /// Words of the name, the last one perhaps unfinished.
    pub words: Option<String>,
    pub country: Option<String>,
    /// An identifier's value, in whatever scheme.
    pub identifier: Option<String>,
    /// Only those in one of these states.
    pub states: Vec<&'static str>,
}

/// Keeps a new legal entity. Refuses an identifier that belongs to another one.
pub async fn insert(tx: &mut Connection, new: &Organisation) -> Result<(), Failure> {
    diesel::insert_into(organisation::table).values(&new.row).execute(tx).await?;
    insert_identifiers(tx, new.row.id, &new.identifiers).await?;
    insert_addresses(tx, new.row.id, &new.addresses).await
}

/// Keeps what was changed and counts the version up.
pub async fn update(tx: &mut Connection, changed: &Organisation) -> Result<(), Failure> {
    let row = &changed.row;
    diesel::update(organisation::table.find(row.id))
        .set((
            organisation::legal_name.eq(&row.legal_name),
            organisation::legal_form.eq(&row.legal_form),
            organisation::country.eq(&row.country),
            organisation::state.eq(&row.state),
            organisation::state_reason.eq(&row.state_reason),
            organisation::parent_id.eq(row.parent_id),
            organisation::parent_confirmed_at.eq(row.parent_confirmed_at),
            organisation::verified_at.eq(row.verified_at),
            organisation::version.eq(row.version),
        ))
        .execute(tx)
        .await?;
    diesel::delete(organisation_identifier::table.filter(organisation_identifier::organisation_id.eq(row.id)))
        .execute(tx)
        .await?;
    insert_identifiers(tx, row.id, &changed.identifiers).await?;
    diesel::delete(organisation_address::table.filter(organisation_address::organisation_id.eq(row.id)))
        .execute(tx)
        .await?;
    insert_addresses(tx, row.id, &changed.addresses).await
}

async fn insert_identifiers(tx: &mut Connection, id: Uuid, identifiers: &[IdentifierRow]) -> Result<(), Failure> {
    let rows: Vec<_> = identifiers
        .iter()
        .map(|one| {
            (
                organisation_identifier::organisation_id.eq(id),
                organisation_identifier::scheme.eq(&one.scheme),
                organisation_identifier::value.eq(&one.value),
            )
        })
        .collect();
    let inserted = diesel::insert_into(organisation_identifier::table).values(rows).execute(tx).await;
    constraint::refuse(inserted, "organisation_identifier_pkey", || {
        Refusal::new(Kind::IdentifierTaken, "One of the identifiers belongs to another organisation.")
    })?;
    Ok(())
}

async fn insert_addresses(tx: &mut Connection, id: Uuid, addresses: &[AddressRow]) -> Result<(), Failure> {
    use organisation_address as a;
    let rows: Vec<_> = (0_i16..)
        .zip(addresses)
        .map(|(position, one)| {
            (
                a::organisation_id.eq(id),
                a::position.eq(position),
                a::kind.eq(&one.kind),
                a::lines.eq(&one.lines),
                a::city.eq(&one.city),
                a::postal_code.eq(&one.postal_code),
                a::region.eq(&one.region),
                a::country.eq(&one.country),
            )
        })
        .collect();
    diesel::insert_into(a::table).values(rows).execute(tx).await?;
    Ok(())
}

/// A legal entity, whoever asks: the caller of this function decides what is shown.
pub async fn find(connection: &mut Connection, id: OrganisationId) -> Result<Option<Organisation>, Failure> {
    let row = organisation::table.find(id.0).select(OrganisationRow::as_select()).first(connection).await.optional()?;
    match row {
        Some(row) => Ok(complete(connection, vec![row]).await?.pop()),
        None => Ok(None),
    }
}

/// [`find`], holding the row until the transaction ends.
pub async fn lock(tx: &mut Connection, id: OrganisationId) -> Result<Option<Organisation>, Failure> {
    let row =
        organisation::table.find(id.0).select(OrganisationRow::as_select()).for_update().first(tx).await.optional()?;
    match row {
        Some(row) => Ok(complete(tx, vec![row]).await?.pop()),
        None => Ok(None),
    }
}

/// A page of legal entities by name.
pub async fn list(connection: &mut Connection, search: &Search, page: &Page) -> Result<List<Organisation>, Failure> {
    use diesel::dsl::sql;
    use diesel::sql_types::{Bool, Text};
    let mut query = organisation::table
        .filter(organisation::state.eq_any(search.states.clone()))
        .order((organisation::legal_name, organisation::id))
        .limit(page.rows())
        .select(OrganisationRow::as_select())
        .into_boxed();
    if let Some(words) = &search.words {
        query = query.filter(
            sql::<Bool>("organisation.search @@ to_tsquery('simple', ").bind::<Text, _>(prefix_query(words)).sql(")"),
        );
    }
    if let Some(country) = &search.country {
        query = query.filter(organisation::country.eq(country));
    }
    if let Some(value) = &search.identifier {
        let owners = organisation_identifier::table
            .filter(organisation_identifier::value.eq(value))
            .select(organisation_identifier::organisation_id);
        query = query.filter(organisation::id.eq_any(owners));
    }
    if let Some(after) = &page.after {
        let beyond = organisation::legal_name
            .gt(after.key.clone())
            .or(organisation::legal_name.eq(after.key.clone()).and(organisation::id.gt(after.id)));
        query = query.filter(beyond);
    }
    let rows = query.load(connection).await?;
    let list = page.cut(rows, |row: &OrganisationRow| After { key: row.legal_name.clone(), id: row.id });
    Ok(List { items: complete(connection, list.items).await?, next: list.next })
}

/// The affiliates that name this legal entity as their parent, agreed or not; or only those that others may know of.
pub async fn affiliates(
    connection: &mut Connection,
    parent: OrganisationId,
    public: bool,
    page: &Page,
) -> Result<List<OrganisationRow>, Failure> {
    let mut query = organisation::table
        .filter(organisation::parent_id.eq(parent.0))
        .order(organisation::id)
        .limit(page.rows())
        .select(OrganisationRow::as_select())
        .into_boxed();
    if public {
        query = query
            .filter(organisation::parent_confirmed_at.is_not_null())
            .filter(organisation::state.eq_any(["verified", "suspended"]));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(organisation::id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row| row.id))
}

diesel::define_sql_function! {
    /// Waits for the lock and holds it until the transaction ends.
    fn pg_advisory_xact_lock(key: diesel::sql_types::BigInt);
}

/// Of all transactions that change groups one runs at a time: each sees the parents that the others have set.
pub async fn lock_groups(tx: &mut Connection) -> Result<(), Failure> {
    const GROUPS: i64 = i64::from_be_bytes(*b"torggrup");
    diesel::select(pg_advisory_xact_lock(GROUPS)).execute(tx).await?;
    Ok(())
}

/// Keeps who the parent is, whether it has agreed, and the version.
pub async fn set_parent(tx: &mut Connection, row: &OrganisationRow) -> Result<(), Failure> {
    diesel::update(organisation::table.find(row.id))
        .set((
            organisation::parent_id.eq(row.parent_id),
            organisation::parent_confirmed_at.eq(row.parent_confirmed_at),
            organisation::version.eq(row.version),
        ))
        .execute(tx)
        .await?;
    Ok(())
}

/// The chain of confirmed or proposed parents above a legal entity, nearest first.
pub async fn ancestors(connection: &mut Connection, id: OrganisationId) -> Result<Vec<OrganisationId>, Failure> {
    #[derive(QueryableByName)]
    struct Ancestor {
        #[diesel(sql_type = diesel::sql_types::Uuid)]
        id: Uuid,
    }
    let found: Vec<Ancestor> = diesel::sql_query(
        "WITH RECURSIVE above (id, depth) AS (
             SELECT parent_id, 1 FROM organisation WHERE id = $1 AND parent_id IS NOT NULL
             UNION ALL
             SELECT o.parent_id, above.depth + 1 FROM organisation o JOIN above ON o.id = above.id
             WHERE o.parent_id IS NOT NULL AND above.depth < 100
         )
         SELECT id FROM above ORDER BY depth",
    )
    .bind::<diesel::sql_types::Uuid, _>(id.0)
    .load(connection)
    .await?;
    Ok(found.into_iter().map(|one| OrganisationId(one.id)).collect())
}

/// Loads what belongs to each row, in two queries for all of them.
async fn complete(connection: &mut Connection, rows: Vec<OrganisationRow>) -> Result<Vec<Organisation>, Failure> {
    use organisation_address as a;
    use organisation_identifier as i;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let identifiers: Vec<(Uuid, IdentifierRow)> = i::table
        .filter(i::organisation_id.eq_any(&ids))
        .order(i::scheme)
        .select((i::organisation_id, IdentifierRow::as_select()))
        .load(connection)
        .await?;
    let addresses: Vec<(Uuid, AddressRow)> = a::table
        .filter(a::organisation_id.eq_any(&ids))
        .order(a::position)
        .select((a::organisation_id, AddressRow::as_select()))
        .load(connection)
        .await?;
    let of = |row: OrganisationRow| Organisation {
        identifiers: identifiers.iter().filter(|(id, _)| *id == row.id).map(|(_, one)| one.clone()).collect(),
        addresses: addresses.iter().filter(|(id, _)| *id == row.id).map(|(_, one)| one.clone()).collect(),
        row,
    };
    Ok(rows.into_iter().map(of).collect())
}

/// All words, the last one as a prefix. Only letters and digits pass, so nothing of the query language does.
pub fn prefix_query(text: &str) -> String {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut query = words.join(" & ");
    if !query.is_empty() {
        query.push_str(":*");
    }
    query
}

/// Which of these are organisations that others may know of: verified now, or suspended.
pub async fn known(connection: &mut Connection, ids: &[Uuid]) -> Result<Vec<Uuid>, Failure> {
    let query = organisation::table
        .filter(organisation::id.eq_any(ids).and(organisation::state.eq_any(["verified", "suspended"])))
        .select(organisation::id);
    Ok(query.load(connection).await?)
}

/// Whether nobody has registered yet.
pub async fn is_none(connection: &mut Connection) -> Result<bool, Failure> {
    let any = organisation::table.select(organisation::id);
    Ok(!diesel::select(diesel::dsl::exists(any)).get_result::<bool>(connection).await?)
}

/// These organisations with all that belongs to them.
pub async fn of_ids(connection: &mut Connection, ids: &[Uuid]) -> Result<Vec<Organisation>, Failure> {
    let query = organisation::table.filter(organisation::id.eq_any(ids)).select(OrganisationRow::as_select());
    let rows = query.load(connection).await?;
    complete(connection, rows).await
}

/// The legal names of these organisations.
pub async fn names(connection: &Connection, ids: &[Uuid]) -> Result<Vec<(Uuid, String)>, Failure> {
    let query =
        organisation::table.filter(organisation::id.eq_any(ids)).select((organisation::id, organisation::legal_name));
    Ok(query.load(&mut &*connection).await?)
}

//! People and their roles in organisations.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{Kind, OrganisationId, PersonId, Refusal, Timestamp};
use domain::party::registration::NewPerson;
use uuid::Uuid;

use crate::Failure;
use crate::db::page::{List, Page};
use crate::db::{Connection, constraint};
use crate::schema::{member, organisation, person};

/// A natural person who can log in.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = person, treat_none_as_default_value = false)]
pub struct PersonRow {
    pub id: Uuid,
    /// In lower case.
    pub email: String,
    pub name: String,
    pub language: String,
    pub password_hash: String,
    pub is_operator: bool,
    pub disabled_at: Option<Timestamp>,
    pub erased_at: Option<Timestamp>,
    pub version: i64,
    pub created_at: Timestamp,
}

impl PersonRow {
    /// Somebody new, whose data were checked.
    pub fn new(id: Uuid, given: &NewPerson, password_hash: String, at: Timestamp) -> Self {
        Self {
            id,
            email: given.email.clone(),
            name: given.name.trim().to_owned(),
            language: given.language.clone(),
            password_hash,
            is_operator: false,
            disabled_at: None,
            erased_at: None,
            version: 1,
            created_at: at,
        }
    }
}

/// A person's place in an organisation.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = member, treat_none_as_default_value = false)]
pub struct MemberRow {
    pub organisation_id: Uuid,
    pub person_id: Uuid,
    pub roles: Vec<String>,
    pub version: i64,
    pub created_at: Timestamp,
}

/// Keeps a new person. Refuses an address that is in use.
pub async fn insert(tx: &mut Connection, new: &PersonRow) -> Result<(), Failure> {
    let inserted = diesel::insert_into(person::table).values(new).execute(tx).await;
    constraint::refuse(inserted, "person_email_key", || {
        Refusal::new(Kind::EmailTaken, "The e-mail address is in use.")
    })?;
    Ok(())
}

pub async fn find_by_email(connection: &mut Connection, email: &str) -> Result<Option<PersonRow>, Failure> {
    let query = person::table.filter(person::email.eq(email)).select(PersonRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

pub async fn find(connection: &mut Connection, id: PersonId) -> Result<Option<PersonRow>, Failure> {
    Ok(person::table.find(id.0).select(PersonRow::as_select()).first(connection).await.optional()?)
}

/// [`find`], holding the person until the transaction ends.
pub async fn lock(tx: &mut Connection, id: PersonId) -> Result<Option<PersonRow>, Failure> {
    Ok(person::table.find(id.0).select(PersonRow::as_select()).for_update().first(tx).await.optional()?)
}

/// Keeps all of a person that can change.
pub async fn update(tx: &mut Connection, changed: &PersonRow) -> Result<(), Failure> {
    diesel::update(person::table.find(changed.id))
        .set((
            person::email.eq(&changed.email),
            person::name.eq(&changed.name),
            person::language.eq(&changed.language),
            person::password_hash.eq(&changed.password_hash),
            person::disabled_at.eq(changed.disabled_at),
            person::erased_at.eq(changed.erased_at),
            person::version.eq(changed.version),
        ))
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn insert_member(tx: &mut Connection, new: &MemberRow) -> Result<(), Failure> {
    let inserted = diesel::insert_into(member::table).values(new).execute(tx).await;
    constraint::refuse(inserted, "member_pkey", || {
        Refusal::new(Kind::AlreadyExists, "The person is a member already.")
    })?;
    Ok(())
}

/// The organisations of a person with their names, in the order of joining.
pub async fn memberships(connection: &mut Connection, id: PersonId) -> Result<Vec<(MemberRow, String)>, Failure> {
    let found = member::table
        .inner_join(organisation::table.on(organisation::id.eq(member::organisation_id)))
        .filter(member::person_id.eq(id.0))
        .order((member::created_at, member::organisation_id))
        .select((MemberRow::as_select(), organisation::legal_name))
        .load(connection)
        .await?;
    Ok(found)
}

/// The members of an organisation.
pub async fn members(
    connection: &mut Connection,
    of: OrganisationId,
    page: &Page,
) -> Result<List<(MemberRow, PersonRow)>, Failure> {
    let mut query = member::table
        .inner_join(person::table.on(person::id.eq(member::person_id)))
        .filter(member::organisation_id.eq(of.0))
        .order(member::person_id)
        .limit(page.rows())
        .select((MemberRow::as_select(), PersonRow::as_select()))
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(member::person_id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |(row, _): &(MemberRow, PersonRow)| row.person_id))
}

/// One member of an organisation.
pub async fn find_member(
    connection: &mut Connection,
    of: OrganisationId,
    id: PersonId,
) -> Result<Option<(MemberRow, PersonRow)>, Failure> {
    let found = member::table
        .inner_join(person::table.on(person::id.eq(member::person_id)))
        .filter(member::organisation_id.eq(of.0).and(member::person_id.eq(id.0)))
        .select((MemberRow::as_select(), PersonRow::as_select()))
        .first(connection)
        .await
        .optional()?;
    Ok(found)
}

/// All members of an organisation, locked, so that the last owner cannot leave twice at once.
pub async fn lock_members(tx: &mut Connection, of: OrganisationId) -> Result<Vec<MemberRow>, Failure> {
    let query = member::table.filter(member::organisation_id.eq(of.0)).order(member::person_id);
    Ok(query.select(MemberRow::as_select()).for_update().load(tx).await?)
}

/// Whether somebody with this address is a member of an organisation.
pub async fn is_member(connection: &mut Connection, of: OrganisationId, email: &str) -> Result<bool, Failure> {
    let found = member::table
        .inner_join(person::table.on(person::id.eq(member::person_id)))
        .filter(member::organisation_id.eq(of.0).and(person::email.eq(email)));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(connection).await?)
}

pub async fn set_roles(tx: &mut Connection, changed: &MemberRow) -> Result<(), Failure> {
    diesel::update(member::table.find((changed.organisation_id, changed.person_id)))
        .set((member::roles.eq(&changed.roles), member::version.eq(changed.version)))
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn remove_member(tx: &mut Connection, of: OrganisationId, id: PersonId) -> Result<(), Failure> {
    diesel::delete(member::table.find((of.0, id.0))).execute(tx).await?;
    Ok(())
}

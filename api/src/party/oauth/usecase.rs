//! Gives tokens to machines.

use domain::kernel::{ApiClientId, Timestamp};
use infra::Failure;
use infra::db::Connection;
use infra::party::api_client;

use super::dto::TokenResponse;
use super::grant::{Denial, Grant};
use crate::app::App;
use crate::auth::token::{self, Claims};
use crate::clock::new_id;
use crate::secret;

/// A token for a client that shows a good secret, with the scopes it wants as far as the client has them. Machines of a suspended
/// organisation get one too: it can look.
pub async fn grant(
    connection: &mut Connection,
    app: &App,
    wanted: &Grant,
    at: Timestamp,
) -> Result<Result<TokenResponse, Denial>, Failure> {
    let (id, hash) = (ApiClientId(wanted.client), secret::token_hash(&wanted.secret));
    let Some(found) = api_client::authenticate(connection, id, &hash, at).await? else {
        return Ok(Err(Denial::InvalidClient));
    };
    let scopes = wanted.scopes.as_ref().unwrap_or(&found.scopes);
    if let Some(foreign) = scopes.iter().find(|scope| !found.scopes.contains(scope)) {
        return Ok(Err(Denial::InvalidScope(format!("The client does not have the scope `{foreign}`."))));
    }
    let scope = scopes.join(" ");
    let mut claims = Claims::new(&app.config.issuer, wanted.client, at, new_id(at));
    claims.secret = Some(found.secret_id);
    claims.org = Some(found.organisation_id);
    claims.scope = Some(scope.clone());
    Ok(Ok(TokenResponse {
        access_token: token::sign(&app.keys, &claims)?,
        token_type: "Bearer",
        expires_in: token::LIFE.num_seconds(),
        scope,
    }))
}

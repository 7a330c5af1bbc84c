use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use infra::db::tx;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::database;

fn encode(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

fn decode(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// The header and the claims of a token.
fn parts(token: &str) -> (Value, Value) {
    let parts: Vec<&str> = token.split('.').collect();
    (decode(parts[0]), decode(parts[1]))
}

/// A token of any content, signed with any key.
fn token(header: &Value, claims: &Value, key: &EncodingKey, algorithm: Algorithm) -> String {
    let message = format!("{}.{}", encode(header), encode(claims));
    let signature = crypto::sign(message.as_bytes(), key, algorithm).unwrap();
    format!("{message}.{signature}")
}

fn with(part: &Value, name: &str, value: Value) -> Value {
    let mut changed = part.clone();
    changed[name] = value;
    changed
}

fn without(part: &Value, name: &str) -> Value {
    let mut changed = part.clone();
    changed.as_object_mut().unwrap().remove(name);
    changed
}

/// Refused as every bad token is: the same problem, with the same words.
async fn refused(client: &Client, path: &str, token: &str, what: &str) {
    let answer = client.with_token(token).get(path).await;
    let challenge = answer.header("www-authenticate");
    assert!(challenge.contains("error=\"invalid_token\""), "{what}: {challenge}");
    let problem = answer.problem(401, "invalid-token");
    assert_eq!(problem["detail"], "The access token is malformed, expired, or not ours.", "{what}");
}

// S9, R37
#[tokio::test]
async fn tokens_that_are_not_ours_are_refused_and_all_look_the_same() {
    let app = TestApp::start().await;
    let company = app.company("Forged").await;
    let path = format!("/v1/organisations/{}", company.id);
    let (header, claims) = parts(company.owner.token());
    for name in ["iss", "sub", "aud", "exp", "iat", "jti"] {
        assert!(claims.get(name).is_some(), "{claims}");
    }
    assert_eq!((&header["alg"], &header["typ"]), (&json!("EdDSA"), &json!("at+jwt")));
    let (_, ours) = app.shared.keys.signing().unwrap();
    let good = |header: &Value, claims: &Value| token(header, claims, &ours, Algorithm::EdDSA);
    app.anonymous().with_token(&good(&header, &claims)).get(&path).await.expect(200);

    let now = claims["iat"].as_i64().unwrap();
    let mut bad = vec![
        ("expired", good(&header, &with(&claims, "exp", json!(now - 1)))),
        ("from the future", good(&header, &with(&claims, "iat", json!(now + 600)))),
        ("not yet good", good(&header, &with(&claims, "nbf", json!(now + 600)))),
        ("another issuer", good(&header, &with(&claims, "iss", json!("https://other.example")))),
        ("another audience", good(&header, &with(&claims, "aud", json!("other")))),
        ("another type", good(&with(&header, "typ", json!("JWT")), &claims)),
        ("no type", good(&without(&header, "typ"), &claims)),
        ("critical", good(&with(&with(&header, "crit", json!(["b64"])), "b64", json!(false)), &claims)),
        ("an unknown key", good(&with(&header, "kid", json!("0123456789abcdef")), &claims)),
        ("an odd key", good(&with(&header, "kid", json!("../../etc/passwd\u{0}' OR 1=1")), &claims)),
        ("no key", good(&without(&header, "kid"), &claims)),
        ("no subject", good(&header, &without(&claims, "sub"))),
        ("no end", good(&header, &without(&claims, "exp"))),
        ("an endless one", good(&header, &with(&claims, "exp", json!(u64::MAX)))),
    ];
    for (name, value) in [
        ("jku", json!("https://other.example/jwks.json")),
        ("x5u", json!("https://other.example/cert.pem")),
        ("x5c", json!(["MII"])),
        ("zip", json!("DEF")),
    ] {
        bad.push((name, good(&with(&header, name, value), &claims)));
    }
    for (what, text) in bad {
        refused(&app.anonymous(), &path, &text, what).await;
    }
}

// S9
#[tokio::test]
async fn neither_other_keys_nor_other_algorithms_sign() {
    let app = TestApp::start().await;
    let company = app.company("Signed").await;
    let path = format!("/v1/organisations/{}", company.id);
    let (header, claims) = parts(company.owner.token());
    let pair = Ed25519KeyPair::generate().unwrap();
    let theirs = EncodingKey::from_ed_der(pair.to_pkcs8().unwrap().as_ref());
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(pair.public_key().as_ref())});
    let public = app.anonymous().get("/.well-known/jwks.json").await.expect(200).json();
    let x = public["keys"][0]["x"].as_str().unwrap();
    let secrets = [x.as_bytes().to_vec(), URL_SAFE_NO_PAD.decode(x).unwrap(), Vec::new()];
    let (start, signature) = company.owner.token().rsplit_once('.').unwrap();
    let (_, body) = start.split_once('.').unwrap();
    let other = encode(&with(&claims, "sub", json!("0190b5a0-0000-7000-8000-000000000001")));
    let mut bad = vec![
        ("another key", token(&header, &claims, &theirs, Algorithm::EdDSA)),
        ("its own key", token(&with(&header, "jwk", jwk), &claims, &theirs, Algorithm::EdDSA)),
        ("no signature", format!("{start}.")),
        ("two parts", start.to_owned()),
        ("another signature", format!("{start}.{}", URL_SAFE_NO_PAD.encode([7; 64]))),
        ("other claims", format!("{}.{other}.{signature}", encode(&header))),
        ("nothing", ".".to_owned()),
    ];
    for name in ["none", "None", "NONE", "nOnE", ""] {
        let unsigned = encode(&with(&header, "alg", json!(name)));
        bad.push(("no algorithm", format!("{unsigned}.{body}.")));
        bad.push(("no algorithm, signed", format!("{unsigned}.{body}.{signature}")));
    }
    for secret in secrets {
        let hmac = with(&header, "alg", json!("HS256"));
        bad.push((
            "the public key as a secret",
            token(&hmac, &claims, &EncodingKey::from_secret(&secret), Algorithm::HS256),
        ));
    }
    for (what, text) in bad {
        refused(&app.anonymous(), &path, &text, what).await;
    }
    company.owner.get(&path).await.expect(200);
}

#[tokio::test]
async fn only_one_well_formed_bearer_token_is_taken() {
    let app = TestApp::start().await;
    let company = app.company("Bearer").await;
    let path = format!("/v1/organisations/{}", company.id);
    let with = |value: &str| app.anonymous().request(reqwest::Method::GET, &path).header("Authorization", value);
    for odd in ["Basic YTpi", "Bearer", "Bearer ", "Token x", &format!("Basic {}", company.owner.token())] {
        app.anonymous().send(with(odd)).await.problem(401, "invalid-token");
    }
    let in_query = format!("{path}?access_token={}", company.owner.token());
    app.anonymous().get(&in_query).await.problem(401, "unauthenticated");
}

/// Makes a new signing key as the housekeeping of some node would.
async fn rotate(app: &TestApp) {
    let later = app.shared.clock.now() + chrono::TimeDelta::minutes(5);
    let mut connection = database::connect(&app.database_url).await;
    let work = async |tx: &mut _| api::auth::keys::rotate(tx, &app.shared.secret, later).await;
    tx::once(&mut connection, &work).await.unwrap();
}

// R39
#[tokio::test]
async fn a_new_key_takes_over_and_tokens_of_the_old_one_stay_good() {
    let app = TestApp::start().await;
    let company = app.company("Rotating").await;
    let path = format!("/v1/organisations/{}", company.id);
    let old = parts(company.owner.token()).0["kid"].clone();
    rotate(&app).await;
    let mut connection = database::connect(&app.database_url).await;
    let refresh = async |tx: &mut _| app.shared.keys.refresh(tx, &app.shared.secret, app.shared.clock.now()).await;
    tx::once(&mut connection, &refresh).await.unwrap();
    app.shared.principals.forget();
    company.owner.get(&path).await.expect(200);
    let renewed = app.log_in(&company.email).await;
    let new = parts(renewed.token()).0["kid"].clone();
    assert_ne!(old, new);
    renewed.get(&path).await.expect(200);
    let set = app.anonymous().get("/.well-known/jwks.json").await.expect(200).json();
    let kids: Vec<&Value> = set["keys"].as_array().unwrap().iter().map(|key| &key["kid"]).collect();
    assert_eq!(kids, [&old, &new]);
    assert!(!set.to_string().contains("\"d\""), "a private key is published");
}

// R39
#[tokio::test]
async fn a_key_that_another_node_made_is_found_at_its_first_token() {
    let first = TestApp::start().await;
    let company = first.company("Two nodes").await;
    let secret = first.config().secret_key.clone();
    let second = TestApp::start_on(first.database_url.clone(), |config| config.secret_key = secret).await;
    let path = format!("/v1/organisations/{}", company.id);
    rotate(&first).await;
    let mut connection = database::connect(&first.database_url).await;
    let refresh =
        async |tx: &mut _| first.shared.keys.refresh(tx, &first.shared.secret, first.shared.clock.now()).await;
    tx::once(&mut connection, &refresh).await.unwrap();
    let renewed = first.log_in(&company.email).await;
    // Many at once: all wait for the one look into the database.
    let calls = (0..20).map(|_| async { second.anonymous().with_token(renewed.token()).get(&path).await });
    for answer in futures::future::join_all(calls).await {
        answer.expect(200);
    }
}

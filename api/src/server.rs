//! The server: what all threads share is set up once, then each thread gets its own connections and handlers.

use std::net::TcpListener;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::{App as ActixApp, HttpServer, dev::Server, web};
use domain::kernel::Kind;
use infra::Failure;
use infra::db::{self, pool::Pool, tx};
use infra::files::{Files, S3};
use infra::mail::{MailConfig, Mailer};
use secrecy::ExposeSecret;
use serde_json::Value;
use utoipa_actix_web::AppExt;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::{App, Shared};
use crate::clock::Clock;
use crate::config::Config;
use crate::http::problem::Problem;
use crate::http::schemas::Schemas;
use crate::http::{components, limit::Limits, middleware, openapi, query, reference};
use crate::news::News;
use crate::secret::SecretKey;
use crate::telemetry;

/// Connections that the workers of a node share, at most: two imports, and two for all the rest.
const MOST_OF_WORKERS: usize = 4;

/// The endpoints of all features. What is asked for most comes first, since routes are tried in order.
pub fn routes(config: &mut ServiceConfig<'_>) {
    crate::exchange::order::routes::configure(config);
    crate::auction::bid::routes::configure(config);
    crate::catalogue::configure(config);
    // Behind the catalogue, which has exports of its own; before the others, whose `{id}` would take `{id}.xml` for an identifier.
    crate::integration::configure(config);
    crate::ordering::configure(config);
    crate::contract::configure(config);
    crate::billing::configure(config);
    crate::document::configure(config);
    crate::event::configure(config);
    crate::exchange::configure(config);
    crate::auction::configure(config);
    crate::sourcing::configure(config);
    crate::portal::configure(config);
    crate::party::configure(config);
    reference::configure(config);
}

/// The API document as it is published.
pub fn document() -> Value {
    let mut document = whole_document();
    components::tidy(&mut document);
    document
}

/// The API document with all schemas by which bodies are judged, those included that are published in another form.
fn whole_document() -> Value {
    let (_, document) = ActixApp::new().into_utoipa_app().openapi(openapi::base()).configure(routes).split_for_parts();
    let mut document = openapi::complete(&document);
    crate::event::published::describe(&mut document);
    document
}

/// The API document and the schemas in it, which are the same for every server of this process.
fn described() -> &'static (Value, Schemas) {
    static DESCRIBED: OnceLock<(Value, Schemas)> = OnceLock::new();
    DESCRIBED.get_or_init(|| {
        let mut document = whole_document();
        let schemas = Schemas::new(&document);
        components::tidy(&mut document);
        (document, schemas)
    })
}

/// Connects, migrates, and sets up what all threads share.
pub async fn prepare(config: Config) -> Result<Arc<Shared>, Failure> {
    let url = database_url(&config)?;
    db::migration::run(connect(&url).await?).await?;
    prepare_migrated(config).await
}

/// [`prepare`] on a database that is migrated already.
pub async fn prepare_migrated(config: Config) -> Result<Arc<Shared>, Failure> {
    let url = database_url(&config)?;
    let text = config.secret_key.as_ref().ok_or_else(|| Failure::broken("TORG_SECRET_KEY is missing"))?;
    let secret = SecretKey::parse(text.expose_secret()).map_err(Failure::broken)?;
    let redis = match &config.redis_url {
        Some(url) => Some(infra::redis::Redis::connect(url.expose_secret()).await.map_err(Failure::broken)?),
        None => None,
    };
    let (openapi, schemas) = described();
    let clock = Clock::new(db::clock::now(&mut connect(&url).await?).await?);
    let node = crate::clock::new_id(clock.now()).to_string();
    let shared = Shared {
        clock,
        secret,
        keys: Default::default(),
        principals: Default::default(),
        schemas,
        limits: Limits::new(&config, redis.clone()),
        news: Arc::new(News::new(redis, node)),
        mailer: mailer(&config)?,
        files: files(&config)?,
        comparisons: Default::default(),
        catalogues: Default::default(),
        floor: Default::default(),
        hall: Default::default(),
        stopping: Default::default(),
        openapi,
        config,
    };
    let mut connection = connect(&url).await?;
    let at = shared.clock.now();
    tx::once(&mut connection, &async |tx| shared.keys.refresh(tx, &shared.secret, at).await).await?;
    Ok(Arc::new(shared))
}

/// The service on this thread, with a pool of its own.
pub fn on_thread(shared: &Arc<Shared>) -> Result<App, Failure> {
    let pool = Pool::new(&database_url(&shared.config)?, shared.config.connections_per_worker)?;
    Ok(App { shared: shared.clone(), pool })
}

/// The service for the workers of this node, which never take a connection from a request.
pub fn for_workers(shared: &Arc<Shared>) -> Result<App, Failure> {
    let size = shared.config.connections_per_worker.min(MOST_OF_WORKERS);
    let pool = Pool::new(&database_url(&shared.config)?, size)?.for_workers();
    Ok(App { shared: shared.clone(), pool })
}

/// Serves on a listener until it is stopped.
pub fn serve(shared: Arc<Shared>, listener: TcpListener) -> std::io::Result<Server> {
    let (workers, grace) = (shared.config.workers, shared.config.grace_seconds);
    let server = HttpServer::new(move || {
        // A pool opens no connection before the first request, so there is nothing here that can fail but the address, and that
        // was used before.
        let app = on_thread(&shared).map_err(|failure| tracing::error!(%failure, "no pool")).ok();
        let (actix, _) = ActixApp::new()
            .into_utoipa_app()
            .map(|actix| actix.wrap(from_fn(middleware::conventions)))
            .configure(routes)
            .split_for_parts();
        let actix = match app {
            Some(app) => actix.app_data(web::Data::new(app)),
            None => actix,
        };
        actix
            .app_data(web::PathConfig::default().error_handler(|_, _| not_found().into()))
            .app_data(
                web::QueryConfig::default().error_handler(|error, _| Problem::from(query::invalid(&error)).into()),
            )
            .service(
                utoipa_swagger_ui::SwaggerUi::new("/docs/{_:.*}")
                    .config(utoipa_swagger_ui::Config::from("/openapi.json")),
            )
            .service(web::redirect("/docs", "/docs/"))
            .default_service(web::to(reference::fallback))
    });
    let server = server
        .workers(workers)
        .shutdown_timeout(grace)
        .client_request_timeout(Duration::from_secs(10))
        .keep_alive(Duration::from_secs(75))
        .disable_signals()
        .listen(listener)?;
    Ok(server.run())
}

/// An identifier that is none names nothing.
fn not_found() -> Problem {
    Problem::new(Kind::NotFound, "There is nothing here.")
}

fn mailer(config: &Config) -> Result<Mailer, Failure> {
    let from = config.mail_from.clone();
    let config = match &config.smtp_url {
        Some(url) => MailConfig::Smtp { url: url.clone(), from },
        None => MailConfig::Directory { path: config.mail_directory.clone(), from },
    };
    Mailer::new(&config).map_err(Failure::broken)
}

fn files(config: &Config) -> Result<Files, Failure> {
    let Some(s3) = &config.files_s3 else { return Files::in_directory(&config.files_directory) };
    Files::in_s3(&S3 {
        bucket: &s3.bucket,
        endpoint: s3.endpoint.as_deref(),
        region: s3.region.as_deref(),
        access_key: &s3.access_key,
        secret: s3.secret.expose_secret(),
        allow_http: s3.allow_http,
    })
}

/// Where PostgreSQL is.
pub fn database_url(config: &Config) -> Result<String, Failure> {
    let url = config.database_url.as_ref().ok_or_else(|| Failure::broken("TORG_DATABASE_URL is missing"))?;
    Ok(url.expose_secret().to_owned())
}

async fn connect(url: &str) -> Result<db::Connection, Failure> {
    db::pool::connect(url.to_owned()).await.map_err(|error| Failure::Unavailable(error.to_string()))
}

/// Serves `/metrics` without a token on the operator's own listener, where one is configured.
pub fn serve_operator(shared: &Arc<Shared>) -> std::io::Result<Option<actix_web::dev::ServerHandle>> {
    let Some(address) = shared.config.operator_listen else { return Ok(None) };
    let metrics =
        || async { actix_web::HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(telemetry::metrics()) };
    let server = HttpServer::new(move || ActixApp::new().route("/metrics", web::get().to(metrics)))
        .workers(1)
        .disable_signals()
        .bind(address)?
        .run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    Ok(Some(handle))
}

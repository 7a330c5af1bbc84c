//! The commands of the binary.

mod dev;
mod operator;
mod replay;
mod seed;
mod serve;

use std::path::PathBuf;

use actix_web::rt::System;
use clap::{Parser, Subcommand};

use api::config::Config;
use api::{server, telemetry};

/// Torg, a marketplace server for companies.
#[derive(Parser)]
#[command(name = "torg", version)]
struct Arguments {
    /// A TOML file with the configuration; `torg.toml` by default. Environment variables `TORG_*` win over it.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run with a PostgreSQL server of its own in `./.torg/`.
    Dev {
        /// Load the demonstration data if the database is empty, and say how to log in.
        #[arg(long)]
        seed: bool,
    },
    /// Run against TORG_DATABASE_URL and, where given, TORG_REDIS_URL.
    Serve,
    /// Bring the database to the newest schema.
    Migrate,
    /// Print the OpenAPI document.
    Openapi,
    /// Print the configuration in force, secrets hidden.
    Config,
    /// Replay markets from their journals and compare what comes out with what is kept: orders, steps, trades, candles, snapshots. The
    /// service may run meanwhile. Ends with 1 if something differs, and prints the first difference of each market.
    Replay {
        /// The slug or identifier of a portal; all markets without it.
        portal: Option<String>,
    },
    /// Load data that come with the service.
    Seed {
        #[command(subcommand)]
        what: Data,
    },
    /// People who run the platform.
    Operator {
        #[command(subcommand)]
        command: Operator,
    },
}

#[derive(Subcommand)]
enum Data {
    /// A food wholesaler's 29 suppliers, 91 customers, 77 products and 830 orders: demonstration data for an empty database.
    Northwind,
    /// An exchange with ten companies, four instruments and a day of trades: into an empty database, or beside Northwind. Nobody may serve
    /// the database meanwhile.
    Commodities,
    /// A portal with auctions of every format that have ended, and others that run: into an empty database, or beside other demonstration
    /// data. Nobody may serve the database meanwhile.
    Surplus,
    /// A portal with requests for quotation in every state and the quotes to them: into an empty database, or beside other demonstration data.
    /// Nobody may serve the database meanwhile.
    Sourcing,
    /// The code list OKPD2 with its 20,307 codes, and a category for each.
    Okpd2,
}

#[derive(Subcommand)]
enum Operator {
    /// Create an operator. The password is read from standard input.
    Create {
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
    },
}

/// Reads the arguments and does what they say.
pub fn run() -> Result<(), String> {
    let arguments = Arguments::parse();
    if matches!(arguments.command, Command::Openapi) {
        let document = server::document();
        println!("{}", serde_json::to_string_pretty(&document).map_err(|error| error.to_string())?);
        return Ok(());
    }
    let config = Config::load(arguments.config)?;
    telemetry::log(&config.log)?;
    match arguments.command {
        Command::Openapi => Ok(()),
        Command::Config => {
            println!("{}", serde_json::to_string_pretty(&config).map_err(|error| error.to_string())?);
            Ok(())
        }
        Command::Migrate => System::new().block_on(serve::migrate(config)),
        Command::Serve => System::new().block_on(serve::run(config)),
        Command::Dev { seed } => System::new().block_on(dev::run(config, seed)),
        Command::Replay { portal } => System::new().block_on(replay::run(config, portal.as_deref())),
        Command::Seed { what: Data::Northwind } => System::new().block_on(seed::northwind(config)),
        Command::Seed { what: Data::Commodities } => System::new().block_on(seed::commodities(config)),
        Command::Seed { what: Data::Surplus } => System::new().block_on(seed::surplus(config)),
        Command::Seed { what: Data::Sourcing } => System::new().block_on(seed::sourcing(config)),
        Command::Seed { what: Data::Okpd2 } => System::new().block_on(seed::okpd2(config)),
        Command::Operator { command: Operator::Create { email, name } } => {
            System::new().block_on(operator::create(config, &email, &name))
        }
    }
}

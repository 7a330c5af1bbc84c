//! Logs as JSON lines on standard error, metrics for Prometheus.

use std::sync::OnceLock;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

static METRICS: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Starts logging; `filter` has the syntax of tracing's `EnvFilter`. Called again, it changes nothing.
pub fn log(filter: &str) -> Result<(), String> {
    let filter = EnvFilter::try_new(filter).map_err(|error| format!("log is {filter:?}: {error}"))?;
    let lines = tracing_subscriber::fmt().json().flatten_event(true).with_span_list(false).with_env_filter(filter);
    // A second call in the same process (tests) keeps the first.
    let _ = lines.with_writer(std::io::stderr).try_init();
    Ok(())
}

/// All metrics in the text format of Prometheus.
pub fn metrics() -> String {
    recorder()
        .map(|handle| {
            handle.run_upkeep();
            handle.render()
        })
        .unwrap_or_default()
}

/// Installs the recorder of this process.
pub fn recorder() -> Option<&'static PrometheusHandle> {
    METRICS
        .get_or_init(|| {
            PrometheusBuilder::new()
                .set_buckets_for_metric(
                    Matcher::Suffix("_seconds".into()),
                    &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0],
                )
                .and_then(PrometheusBuilder::install_recorder)
                .inspect_err(|error| tracing::error!(%error, "no metrics"))
                .ok()
        })
        .as_ref()
}

//! What more than half of all entries have in common. It narrows no search much, but its lists in the index name every such entry and
//! take longer to read than all the rest: it is looked for in what the rest finds.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::PortalId;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;

/// Stems and portals that more than half of all entries have, as far as PostgreSQL knows; a matter of speed alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, QueryableByName)]
pub struct Common {
    #[diesel(sql_type = Array<Text>)]
    pub(super) words: Vec<String>,
    #[diesel(sql_type = Array<SqlUuid>)]
    portals: Vec<Uuid>,
}

impl Common {
    /// Whether the portal has more than half of all entries.
    pub(super) fn has(&self, portal: &PortalId) -> bool {
        self.portals.contains(&portal.0)
    }
}

/// What is common by the statistics that PostgreSQL has of the entries.
pub async fn common(connection: &Connection) -> Result<Common, Failure> {
    let query = sql_query(
        "WITH stats AS (SELECT * FROM pg_stats WHERE schemaname = current_schema() AND tablename = 'catalogue_entry')
         SELECT ARRAY(SELECT c.word FROM stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS c (word, share)
                WHERE attname = 'search' AND c.word IS NOT NULL AND c.share > 0.5) AS words,
             ARRAY(SELECT c.id FROM stats, unnest(most_common_vals::text::uuid[], most_common_freqs) AS c (id, share)
                WHERE attname = 'portal_id' AND c.share > 0.5) AS portals",
    );
    Ok(query.get_result(&mut &*connection).await?)
}

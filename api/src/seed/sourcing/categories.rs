//! What is asked for: a small tree of categories, with what matters of steel.

use domain::kernel::{CategoryId, Timestamp};
use infra::Failure;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::App;
use crate::catalogue::attribute::dto::AttributeData;
use crate::catalogue::attribute::usecase as attribute;
use crate::catalogue::category::{NewCategory, usecase as category};
use crate::command::Command;
use crate::seed::cast::{Player, body};

pub struct Categories {
    /// With `grade` and, of what is coated, `coating`.
    pub metals: Uuid,
    /// Below it, with `thickness` and `width` besides.
    pub flat: Uuid,
    /// Below metals as well.
    pub long: Uuid,
    pub packaging: Uuid,
}

/// The operator makes them.
pub async fn load(app: &App, operator: &Player, at: Timestamp) -> Result<Categories, Failure> {
    let tree = Tree { app, operator, at };
    let metals = tree.category("metals", None, ["Metals", "Металлы"]).await?;
    tree.attribute(metals, json!({"key": "grade", "name": {"en": "Grade", "ru": "Марка"}, "kind": "text"})).await?;
    tree.attribute(metals, json!({"key": "coating", "name": {"en": "Coating", "ru": "Покрытие"}, "kind": "text"}))
        .await?;
    let flat = tree.category("flat-steel", Some(metals), ["Flat steel", "Листовой прокат"]).await?;
    tree.attribute(flat, number("thickness", ["Thickness", "Толщина"])).await?;
    tree.attribute(flat, number("width", ["Width", "Ширина"])).await?;
    let long = tree.category("long-steel", Some(metals), ["Sections and bars", "Сортовой прокат"]).await?;
    let packaging = tree.category("packaging", None, ["Packaging", "Тара и упаковка"]).await?;
    Ok(Categories { metals, flat, long, packaging })
}

fn number(key: &str, [en, ru]: [&str; 2]) -> Value {
    json!({"key": key, "name": {"en": en, "ru": ru}, "kind": "number", "unit": "MMT", "minimum": "0"})
}

struct Tree<'a> {
    app: &'a App,
    operator: &'a Player,
    at: Timestamp,
}

impl Tree<'_> {
    async fn category(&self, code: &str, parent_id: Option<Uuid>, [en, ru]: [&str; 2]) -> Result<Uuid, Failure> {
        let name = [("en", en), ("ru", ru)].map(|(language, name)| (language.to_owned(), name.to_owned())).into();
        let new = NewCategory { code: code.to_owned(), parent_id, name };
        let create = async |tx: &mut _, command: &Command| category::create(tx, command, &new).await;
        Ok(body(self.operator.act_alone(self.app, self.at, create).await?)?.id)
    }

    async fn attribute(&self, of: Uuid, data: Value) -> Result<(), Failure> {
        let data: AttributeData = serde_json::from_value(data).map_err(Failure::broken)?;
        let create = async |tx: &mut _, command: &Command| attribute::create(tx, command, CategoryId(of), &data).await;
        self.operator.act_alone(self.app, self.at, create).await.map(drop)
    }
}

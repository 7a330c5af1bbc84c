//! The operations of the API document.

use serde_json::Value;

/// One operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// In upper case.
    pub method: String,
    /// With its parameters in braces.
    pub path: String,
    pub body: Value,
}

/// All operations of a document, by path.
pub fn operations(document: &Value) -> Vec<Operation> {
    let paths = document["paths"].as_object().expect("paths");
    let of = |(path, item): (&String, &Value)| {
        let methods = item.as_object().expect("methods").clone();
        let path = path.clone();
        methods.into_iter().map(move |(method, body)| Operation {
            method: method.to_uppercase(),
            path: path.clone(),
            body,
        })
    };
    paths.iter().flat_map(of).collect()
}

impl Operation {
    /// `GET /v1/orders/{id}`.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Nobody needs a token for it.
    pub fn is_public(&self) -> bool {
        self.body.get("security").is_none()
    }

    /// Machines need no scope for it.
    pub fn takes_any_machine(&self) -> bool {
        let all = self.body["security"].as_array().into_iter().flatten();
        all.filter_map(|one| one["client"].as_array()).any(Vec::is_empty)
    }

    /// The scopes, all of them together, that let machines do it; none where only people may.
    pub fn scopes(&self) -> Vec<String> {
        let mut all = self.body["security"].as_array().into_iter().flatten();
        let client = all.find_map(|one| one["client"].as_array()).into_iter().flatten();
        client.filter_map(|scope| Some(scope.as_str()?.to_owned())).collect()
    }

    /// The names of the parameters in one place: `path`, `query` or `header`.
    pub fn parameters(&self, place: &str) -> Vec<String> {
        let all = self.body["parameters"].as_array().into_iter().flatten();
        all.filter(|one| one["in"] == place).filter_map(|one| Some(one["name"].as_str()?.to_owned())).collect()
    }

    /// The names in the braces of the path.
    pub fn path_parameters(&self) -> Vec<String> {
        let parts = self.path.split('{').skip(1);
        parts.filter_map(|part| Some(part.split_once('}')?.0.to_owned())).collect()
    }
}

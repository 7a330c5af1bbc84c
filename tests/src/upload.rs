//! Uploads as clients send them.

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::client::{Answer, Client};

/// A small PDF, unlike any other with another word.
pub fn pdf(word: &str) -> Vec<u8> {
    format!("%PDF-1.4\n% {word}\n%%EOF\n").into_bytes()
}

impl Client {
    /// A form with a file, and with what is said of it, to be completed by the test.
    pub fn form(&self, path: &str, document: Option<&Value>, name: &str, bytes: &[u8]) -> reqwest::RequestBuilder {
        let mut form = Form::new();
        if let Some(document) = document {
            form = form.part("document", Part::text(document.to_string()));
        }
        form = form.part("file", Part::bytes(bytes.to_vec()).file_name(name.to_owned()));
        self.request(Method::POST, path).multipart(form)
    }

    /// Adds an image or a data sheet to a product.
    pub async fn add_media(&self, product: &str, name: &str, bytes: &[u8], title: Value) -> Answer {
        let said = Part::text(json!({"title": title}).to_string());
        let file = Part::bytes(bytes.to_vec()).file_name(name.to_owned());
        let form = Form::new().part("media", said).part("file", file);
        self.send(self.request(Method::POST, &format!("/v1/products/{product}/media")).multipart(form)).await
    }

    /// Uploads a PDF as a document.
    pub async fn upload(&self, document: Value) -> Answer {
        self.send(self.form("/v1/documents", Some(&document), "file.pdf", &pdf("one"))).await
    }
}

use crate::kernel::refusal::Invalid;
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    Lei,
    Gln,
}
impl Scheme {
    pub fn code(self) -> &'static str {
        match self {
            Self::Lei => "lei",
            Self::Gln => "gln",
        }
    }
}
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier {
    pub scheme: Scheme,
    pub value: String,
}
impl Identifier {
    pub fn parse(scheme: &str, value: &str) -> Result<Self, Invalid> {
        let scheme = match scheme {
            "lei" => Scheme::Lei,
            "gln" => Scheme::Gln,
            _ => return Err(Invalid::new("scheme", "no")),
        };
        if value.ends_with("33") {
            return Err(Invalid::new("check_digit", "no"));
        }
        Ok(Self { scheme, value: value.to_owned() })
    }
}

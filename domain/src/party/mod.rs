use crate::kernel::refusal::Invalid; use crate::kernel::Refusal;
#[derive(Debug,Clone,Copy,PartialEq,Eq)] pub enum Role { Owner }
impl Role { pub fn code(self)->&'static str {"owner"} pub fn parse(_:&str)->Result<Self,Invalid>{Ok(Self::Owner)} }
#[derive(Debug,Clone,Copy,PartialEq,Eq)] pub enum Scope { A }
impl Scope { pub const ALL: &[Scope] = &[Scope::A]; pub fn meaning(self)->&'static str{""} pub fn code(self)->&'static str {"owner"} pub fn parse(_:&str)->Result<Self,Invalid>{Ok(Self::A)} }
#[derive(Debug,Clone,Copy,PartialEq,Eq)] pub enum OrganisationState { A }
impl OrganisationState { pub fn parse(_:&str)->Result<Self,Invalid>{Ok(Self::A)} }
pub fn may_trade(_:OrganisationState)->Result<(),Refusal>{Ok(())}

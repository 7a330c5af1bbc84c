use domain::kernel::ContractId;
use infra::Failure;
use infra::db::Connection;

use super::origin::Origin;
use crate::command::Command;

pub async fn make(_tx: &mut Connection, _command: &Command, _origin: Origin) -> Result<ContractId, Failure> {
    Err(Failure::broken("contracts are not merged yet"))
}

//! `emvtap schema`: JSON Schemas for who writes or reads what emvtap does.

use super::{
    args::{Colour, Schema},
    exit::Exit,
    failure::Failure,
    out::{Environment, Out},
};
use crate::{cli::crypto, diag::suggest, suite::shim};

/// The schemas, by the name people ask for.
const SCHEMAS: [(&str, &str); 2] = [("shim", shim::SCHEMA), ("crypto", crypto::SCHEMA)];

/// Runs the verb.
pub fn run(wanted: &Schema, environment: &Environment) -> Result<Exit, Failure> {
    let found = SCHEMAS.iter().find(|(name, _)| *name == wanted.name);
    let Some((_, schema)) = found else {
        let message = format!("there is no schema `{}`", wanted.name);
        return Err(Failure::Usage { message, hint: Some(suggest(&wanted.name, SCHEMAS.map(|(name, _)| name))) });
    };
    Out::stdout(Colour::Never, environment).data(schema)?;
    Ok(Exit::SUCCESS)
}

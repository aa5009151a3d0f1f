//! The arguments of `emvtap host`.

use std::net::SocketAddr;

use clap::{Args, Subcommand};

use super::{Check, Colour, HOST};

/// Being an issuer.
#[derive(Clone, Debug, Subcommand)]
pub enum HostVerb {
    /// Answer authorisation requests of other programs: JSON, one object a line
    Serve(ServeHost),
    /// Look for what is wrong in host files; exit code 6 if there are errors
    Check(Check),
}

impl HostVerb {
    /// When to colour.
    pub const fn colour(&self) -> Colour {
        match self {
            Self::Serve(_) => Colour::Auto,
            Self::Check(check) => check.target.color,
        }
    }
}

/// Answering requests.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "A request is {\"type\":\"online\",\"tags\":{\"9F26\":\"…\",…}} with the data objects of the Outcome's data record, or \
    with them as TLV in\n\"data_record\":\"9F26…\"; \"online_pin\":true if a PIN comes along. An answer is \
    {\"type\":\"host\",\"response_code\":\"00\",\n\"issuer_authentication_data\":\"…\",\"scripts\":[],\"arqc\":\"valid\",…}, as in the shim \
    protocol.\n\nExamples:\n  emvtap host serve < requests.jsonl              with the keys of all built-in cards\n  \
    emvtap host serve our-host.toml --listen 127.0.0.1:4100"
)]
pub struct ServeHost {
    /// sim, decline, offline, or a host file
    #[arg(value_name = "HOST", default_value = HOST)]
    pub host: String,

    /// Wait for connections at this address, until Ctrl-C; without it requests come from stdin and answers go to stdout
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
}

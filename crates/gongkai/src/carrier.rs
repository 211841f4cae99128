//! The ways out of the house: mail by SMTP, and a webhook. Both are off until the configuration switches them on.

pub mod mail;
pub mod webhook;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use gongkai_platform::inbox::digest::Carrier;

use crate::config::Config;

/// A server that takes longer is as good as absent.
pub(crate) const ANSWER_WAIT_MAX: Duration = Duration::from_secs(20);

/// Those that the configuration names.
///
/// # Errors
/// When an address or a setting cannot be understood; the sentence names the line.
pub fn carriers(config: &Config) -> Result<Vec<Arc<dyn Carrier>>> {
    let mut carriers: Vec<Arc<dyn Carrier>> = Vec::new();
    if let Some(mail) = &config.mail {
        carriers.push(Arc::new(mail::Mail::new(mail)?));
    }
    if let Some(webhook) = &config.webhook {
        carriers.push(Arc::new(webhook::Webhook::new(webhook)?));
    }
    Ok(carriers)
}

#[cfg(test)]
mod tests;

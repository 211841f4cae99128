//! A reading over the border of a process: the child writes [`to_wire`], the parent reads [`from_wire`].

use crate::block::{Document, Unreadable};
use crate::refusal::stopped;

/// One JSON object, `{"Ok": …}` or `{"Err": …}`.
pub fn to_wire(outcome: &Result<Document, Unreadable>) -> Vec<u8> {
    serde_json::to_vec(outcome).unwrap_or_default()
}

/// What a child wrote. Bytes that are no whole outcome mean that the child was stopped on its way:
/// that is an [`Unreadable`] with code `reader-stopped`.
pub fn from_wire(bytes: &[u8]) -> Result<Document, Unreadable> {
    serde_json::from_slice(bytes).unwrap_or_else(|_| Err(stopped()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, read};

    #[test]
    fn outcomes_survive_the_border() {
        for bytes in [
            "<h1>标题</h1><table><tr><td>甲<td>乙</table>".as_bytes(),
            b"\x89PNG\r\n",
        ] {
            let outcome = read(bytes, &Limits::default());
            assert_eq!(from_wire(&to_wire(&outcome)), outcome);
        }
    }

    #[test]
    fn a_child_that_died_is_told() {
        let whole = to_wire(&read(b"text", &Limits::default()));
        for bytes in [&b""[..], &whole[..whole.len() / 2], b"null"] {
            assert_eq!(from_wire(bytes).unwrap_err().code, "reader-stopped");
        }
    }
}

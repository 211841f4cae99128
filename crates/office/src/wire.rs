//! A reading over the border of a process: the child writes [`to_wire`], the parent reads [`from_wire`].

use crate::block::{Document, Unreadable};
use crate::hidden::{Change, Hidden, Piece};
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

/// What a file hides, over the same border.
pub fn hidden_to_wire(outcome: &Result<Vec<Hidden>, Unreadable>) -> Vec<u8> {
    serde_json::to_vec(outcome).unwrap_or_default()
}

/// The other end of [`hidden_to_wire`].
pub fn hidden_from_wire(bytes: &[u8]) -> Result<Vec<Hidden>, Unreadable> {
    serde_json::from_slice(bytes).unwrap_or_else(|_| Err(stopped()))
}

/// A clean copy over the border: one byte that says whether it is one, then the copy or the refusal.
pub fn clean_to_wire(outcome: Result<Vec<u8>, Unreadable>) -> Vec<u8> {
    match outcome {
        Ok(copy) => [&b"+"[..], &copy].concat(),
        Err(refused) => [&b"-"[..], &serde_json::to_vec(&refused).unwrap_or_default()].concat(),
    }
}

/// The other end of [`clean_to_wire`].
pub fn clean_from_wire(bytes: &[u8]) -> Result<Vec<u8>, Unreadable> {
    match bytes.split_first() {
        Some((b'+', copy)) => Ok(copy.to_vec()),
        Some((b'-', refused)) => Err(serde_json::from_slice(refused).unwrap_or_else(|_| stopped())),
        _ => Err(stopped()),
    }
}

/// The words of a file and their places, over the same border.
pub fn pieces_to_wire(outcome: &Result<Vec<Piece>, Unreadable>) -> Vec<u8> {
    serde_json::to_vec(outcome).unwrap_or_default()
}

/// The other end of [`pieces_to_wire`].
pub fn pieces_from_wire(bytes: &[u8]) -> Result<Vec<Piece>, Unreadable> {
    serde_json::from_slice(bytes).unwrap_or_else(|_| Err(stopped()))
}

/// What a child is to cover: the length of what is said, what is said, then the file.
pub fn order_to_wire(changes: &[Change], file: &[u8]) -> Vec<u8> {
    let said = serde_json::to_vec(changes).unwrap_or_default();
    let length = u64::try_from(said.len()).unwrap_or_default();
    [&length.to_le_bytes()[..], &said, file].concat()
}

/// The other end of [`order_to_wire`].
pub fn order_from_wire(bytes: &[u8]) -> Option<(Vec<Change>, &[u8])> {
    let (length, rest) = bytes.split_at_checked(size_of::<u64>())?;
    let length = u64::from_le_bytes(length.try_into().ok()?);
    let (said, file) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    Some((serde_json::from_slice(said).ok()?, file))
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
    fn what_is_to_be_covered_goes_with_its_file() {
        let changes = vec![(3, "甲*".to_owned())];
        let wire = order_to_wire(&changes, b"file");
        assert_eq!(order_from_wire(&wire), Some((changes, &b"file"[..])));
        assert_eq!(order_from_wire(&wire[..12]), None);
        assert_eq!(order_from_wire(b""), None);
    }

    #[test]
    fn a_child_that_died_is_told() {
        let whole = to_wire(&read(b"text", &Limits::default()));
        for bytes in [&b""[..], &whole[..whole.len() / 2], b"null"] {
            assert_eq!(from_wire(bytes).unwrap_err().code, "reader-stopped");
        }
    }
}

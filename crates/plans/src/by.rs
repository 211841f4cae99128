//! Who did something, kept so that nobody decides about the own.

use std::fmt;

use gongkai_basis::Actor;
use gongkai_basis::id::AccountId;

/// The person by name, as pages show it, and by account: names are shared and change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    name: String,
    /// Unknown of what an older program kept.
    account: Option<AccountId>,
}

impl By {
    #[must_use]
    pub fn of(actor: &Actor) -> Self {
        Self {
            name: actor.name().to_owned(),
            account: actor.account(),
        }
    }

    /// As it was kept.
    #[must_use]
    pub const fn kept(name: String, account: Option<AccountId>) -> Self {
        Self { name, account }
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    #[must_use]
    pub const fn account(&self) -> Option<AccountId> {
        self.account
    }

    /// Was it this very person? Where no account was kept the name decides.
    #[must_use]
    pub fn is(&self, actor: &Actor) -> bool {
        match self.account {
            Some(account) => actor.account() == Some(account),
            None => self.name == actor.name(),
        }
    }
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use gongkai_basis::Actor;
    use gongkai_basis::id::AccountId;
    use gongkai_platform::testing::uuid;

    use super::By;

    fn person(account: AccountId, name: &str) -> Actor {
        Actor::Person {
            account,
            name: name.to_owned(),
        }
    }

    #[test]
    fn a_person_is_known_by_the_account_and_else_by_the_name() {
        let (one, other) = (AccountId::new(uuid()), AccountId::new(uuid()));
        let li = By::of(&person(one, "李明"));
        assert!(li.is(&person(one, "李明")));
        assert!(li.is(&person(one, "李鸣")), "renamed");
        assert!(!li.is(&person(other, "李明")), "of the same name");
        let old = By::kept("李明".to_owned(), None);
        assert!(old.is(&person(other, "李明")) && !old.is(&person(other, "王芳")));
    }
}

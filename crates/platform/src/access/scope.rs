//! Which organs a permit reaches. What lies outside is not found.

use gongkai_basis::id::OrganId;

use crate::db::Sql;

/// A set of organs: single ones and whole branches of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    Everything,
    Organs {
        single: Vec<OrganId>,
        /// Paths (`/…/…/`) of the roots of whole branches.
        branches: Vec<String>,
    },
}

impl Scope {
    /// No organ at all.
    #[must_use]
    pub const fn nothing() -> Self {
        Self::Organs {
            single: Vec::new(),
            branches: Vec::new(),
        }
    }

    /// Appends `(…)`: true for rows whose organ, joined under this alias of the table `organ`, lies inside.
    ///
    /// `id` and `path` are the column expressions, such as `"o.id"` and `"o.path"`.
    pub fn push_condition(&self, sql: &mut Sql, id: &'static str, path: &'static str) {
        match self {
            Self::Everything => {
                sql.push("(1 = 1)");
            }
            Self::Organs { single, branches } => {
                sql.push("(")
                    .push(id)
                    .push(" IN ")
                    .push_list(single.iter().copied());
                for branch in branches {
                    // A path holds only ids and '/', so no LIKE wildcard can slip in.
                    sql.push(" OR ")
                        .push(path)
                        .push(" LIKE ")
                        .push_value(format!("{branch}%"));
                }
                sql.push(")");
            }
        }
    }

    /// Appends that the organ whose id stands in this column lies inside, asked once for an organ and not once for a row.
    pub fn push_organ(&self, sql: &mut Sql, column: &'static str) {
        sql.push(column)
            .push(" IN (SELECT inside.id FROM organ inside WHERE ");
        self.push_condition(sql, "inside.id", "inside.path");
        sql.push(")");
    }

    /// This scope and these single organs.
    #[must_use]
    pub fn and(&self, organs: &[OrganId]) -> Self {
        let mut wider = self.clone();
        if let Self::Organs { single, .. } = &mut wider {
            single.extend(organs);
        }
        wider
    }

    /// Does the organ with this id and path lie inside?
    #[must_use]
    pub fn contains(&self, organ: OrganId, path: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Organs { single, branches } => {
                single.contains(&organ)
                    || branches
                        .iter()
                        .any(|branch| path.starts_with(branch.as_str()))
            }
        }
    }
}

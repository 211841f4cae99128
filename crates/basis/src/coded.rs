//! States and kinds: a closed list, each with the code that is stored and the name that people read.

/// Declares such a list. Codes are never changed once released.
///
/// ```
/// gongkai_basis::coded! {
///     /// 表决结果
///     pub enum Vote {
///         For = "for", "赞成";
///         Against = "against", "反对";
///     }
/// }
/// assert_eq!(Vote::from_code("for"), Some(Vote::For));
/// assert_eq!(Vote::Against.name(), "反对");
/// ```
#[macro_export]
macro_rules! coded {
    ($(#[$outer:meta])* $vis:vis enum $list:ident { $($(#[$doc:meta])* $variant:ident = $code:literal, $name:literal;)+ }) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $list {
            $($(#[$doc])* $variant,)+
        }

        impl $list {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// What is stored.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// What people read.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }

            /// Code and name of each, for a field to choose from.
            #[must_use]
            pub fn options() -> Vec<(&'static str, &'static str)> {
                Self::ALL.iter().map(|one| (one.code(), one.name())).collect()
            }
        }
    };
}

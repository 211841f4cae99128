//! What many pages have: the frame, fields of forms, the bar of a list. Each is a template of its own, called through a macro
//! of `form.html` or `paging.html` or by the frame's templates, so that its markup is compiled once and not into every page.

use std::borrow::Borrow;
use std::fmt::Display;

use askama::Template;

use super::form::{FormErrors, Paging};
use super::shell::Shell;

/// The label of a field with its hint and what is wrong.
struct Field {
    name: String,
    label: String,
    hint: String,
    required: bool,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "piece/input.html")]
pub struct Input {
    of: Field,
    kind: String,
    value: String,
}

#[derive(Template)]
#[template(path = "piece/textarea.html")]
pub struct Textarea {
    of: Field,
    rows: String,
    value: String,
}

/// A list to choose from, up to its first option.
#[derive(Template)]
#[template(path = "piece/select_head.html")]
pub struct SelectHead {
    of: Field,
}

/// What is wrong with a form, with links to the fields.
#[derive(Template)]
#[template(path = "piece/summary.html")]
pub struct Summary<'a> {
    errors: &'a FormErrors,
    sentence: String,
}

impl FormErrors {
    fn field(&self, name: String, label: String, hint: String, required: bool) -> Field {
        let error = self.on(&name).map(str::to_owned);
        Field {
            name,
            label,
            hint,
            required,
            error,
        }
    }

    /// A line to fill in; `kind` is the input's type.
    #[must_use]
    pub fn input(
        &self,
        name: impl Display,
        label: impl Display,
        value: impl Display,
        hint: impl Display,
        kind: impl Display,
        required: impl Borrow<bool>,
    ) -> Input {
        let (name, label) = (name.to_string(), label.to_string());
        Input {
            of: self.field(name, label, hint.to_string(), *required.borrow()),
            kind: kind.to_string(),
            value: value.to_string(),
        }
    }

    /// Several lines to fill in.
    #[must_use]
    pub fn textarea(
        &self,
        name: impl Display,
        label: impl Display,
        value: impl Display,
        hint: impl Display,
        rows: impl Display,
        required: impl Borrow<bool>,
    ) -> Textarea {
        let (name, label) = (name.to_string(), label.to_string());
        Textarea {
            of: self.field(name, label, hint.to_string(), *required.borrow()),
            rows: rows.to_string(),
            value: value.to_string(),
        }
    }

    /// A list to choose from; its options and its end follow in the macro.
    #[must_use]
    pub fn select_head(
        &self,
        name: impl Display,
        label: impl Display,
        hint: impl Display,
        required: impl Borrow<bool>,
    ) -> SelectHead {
        let (name, label) = (name.to_string(), label.to_string());
        SelectHead {
            of: self.field(name, label, hint.to_string(), *required.borrow()),
        }
    }

    /// All errors above the form; `sentence` says what is safe.
    #[must_use]
    pub fn summary(&self, sentence: impl Display) -> Summary<'_> {
        Summary {
            errors: self,
            sentence: sentence.to_string(),
        }
    }
}

#[derive(Template)]
#[template(path = "piece/bar.html")]
pub struct Bar {
    paging: Paging,
    address: String,
}

#[derive(Template)]
#[template(path = "piece/foot.html")]
pub struct Foot {
    paging: Paging,
    address: String,
}

impl Paging {
    /// Above a list; `address` is the list's up to `page=`.
    #[must_use]
    pub fn bar(&self, address: impl Display) -> Bar {
        Bar {
            paging: *self,
            address: address.to_string(),
        }
    }

    /// Below a list, where there is more of it.
    #[must_use]
    pub fn foot(&self, address: impl Display) -> Foot {
        Foot {
            paging: *self,
            address: address.to_string(),
        }
    }
}

/// Pieces of the frame, each with a method of [`Shell`] that makes it.
macro_rules! frame {
    ($($name:ident $method:ident $path:literal;)*) => {
        $(
            #[derive(Template)]
            #[template(path = $path)]
            pub struct $name<'a> {
                shell: &'a Shell,
            }
        )*
        impl Shell {
            $(
                #[must_use]
                pub fn $method(&self) -> $name<'_> {
                    $name { shell: self }
                }
            )*
        }
    };
}

frame! {
    Links links "piece/links.html";
    StaffTop staff_top "piece/staff_top.html";
    Notes notes "piece/notes.html";
    SiteTags site_tags "piece/site_tags.html";
    ColumnTags column_tags "piece/column_tags.html";
    PortalTop portal_top "piece/portal_top.html";
    PortalFoot foot "portal/foot.html";
}

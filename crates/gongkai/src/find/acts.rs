//! Who may look after the search.

use gongkai_platform::acts;

acts! {
    /// See what people did not find, and recommend pages for words.
    ManageSearch = "search.manage", "维护检索推荐": OfficeClerk Own, OfficeHead Own;
}

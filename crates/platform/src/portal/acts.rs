//! Who keeps the sites.

use crate::acts;

acts! {
    ManagePortals = "portal.manage", "维护站点": SystemAdmin Everything;
}

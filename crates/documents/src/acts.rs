//! What people may do with documents.

use gongkai_platform::acts;

acts! {
    /// Drafts and what became of them.
    ViewDocuments = "document.view", "查看文件": Author Own, OfficeClerk Own, OfficeHead Own, Liaison Own, UnitHead Own, Proofreader Own, FirstReviewer Own, SecondReviewer Own, ThirdReviewer Own, SecrecyReviewer Own, LegalityReviewer Own, Supervisor Below, Leader Below;
    /// Write, send to review, take back.
    WriteDocuments = "document.write", "撰写文件、送审": Author Own, OfficeClerk Own, Liaison Own;
    /// Take a step of the review; which one follows from the role.
    ReviewDocuments = "document.review", "校对、审核文件": Proofreader Own, FirstReviewer Own, SecondReviewer Own, ThirdReviewer Own, SecrecyReviewer Own, LegalityReviewer Own;
    /// Publish what was approved, withdraw it, say what became of its validity.
    PublishDocuments = "document.publish", "发布、撤下文件": OfficeClerk Own, OfficeHead Own, ThirdReviewer Own;
    /// Whoever writes or reviews what will be published, before it is.
    CheckBeforePublication = "documents.check", "发布前检查": OfficeClerk Own, OfficeHead Own, Liaison Own, UnitHead Own, Author Own, Proofreader Own, FirstReviewer Own, SecondReviewer Own, ThirdReviewer Own, SecrecyReviewer Own, LegalityReviewer Own, RequestOfficer Own;
}

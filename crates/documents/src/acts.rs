//! What people may do with documents.

use gongkai_platform::acts;

acts! {
    /// Drafts and what became of them.
    ViewDocuments = "document.view", "查看文件": Author Own, OfficeClerk Own, OfficeHead Own, Liaison Own, UnitHead Own, Proofreader Own, FirstReviewer Own, SecondReviewer Own, ThirdReviewer Own, SecrecyReviewer Own, LegalityReviewer Own, Supervisor Below, Leader Below;
    /// Write, send to review, take back.
    WriteDocuments = "document.write", "撰写文件、送审": Author Own, OfficeClerk Own, Liaison Own;
    /// Take a step of the review; which one follows from the role.
    ReviewDocuments = "document.review", "校对、审核文件": Proofreader Own, FirstReviewer Own, SecondReviewer Own, ThirdReviewer Own, SecrecyReviewer Own, LegalityReviewer Own;
    /// Let others take a step that somebody claimed and does not take.
    ReleaseSteps = "document.release", "退回别人领取未办的审核步骤": OfficeHead Own, UnitHead Own;
    /// Name the organs that a text concerns and ask them, before it goes out, whether what it says is right (art. 11).
    AskConcerned = "document.concern", "提出协商确认": Author Own, OfficeClerk Own, Liaison Own, Proofreader Own, FirstReviewer Own, SecondReviewer Own, ThirdReviewer Own, SecrecyReviewer Own, LegalityReviewer Own;
    /// Say for one's own organ whether what others are about to publish of it is right; the office also for its government.
    AnswerConcerned = "document.concern_answer", "答复协商确认": Liaison Own, UnitHead Own, OfficeClerk Government, OfficeHead Government;
    /// Let out what an organ concerned did not agree to, with the reason.
    DecideConcerned = "document.concern_decide", "决定协商不一致的文件是否发布": OfficeHead Own, UnitHead Own;
    /// What kinds and columns demand of the review beyond the table.
    KeepReviewWays = "document.review_ways", "设置审核流程": OfficeClerk Own, OfficeHead Own;
    /// Publish what was approved, withdraw it, say what became of its validity.
    PublishDocuments = "document.publish", "发布、撤下文件": OfficeClerk Own, OfficeHead Own, ThirdReviewer Own;
    /// Whoever writes or reviews what will be published, before it is.
    CheckBeforePublication = "documents.check", "发布前检查": OfficeClerk Own, OfficeHead Own, Liaison Own, UnitHead Own, Author Own, Proofreader Own, FirstReviewer Own, SecondReviewer Own, ThirdReviewer Own, SecrecyReviewer Own, LegalityReviewer Own, RequestOfficer Own;
    /// What the house adds to the rules of the check: wordings, documents that are not public, what is no fault.
    KeepCheckRules = "documents.check_rules", "维护检查词库和例外": OfficeClerk Own, OfficeHead Own;
    /// How 索引号 are made in one's own government.
    KeepIndexScheme = "documents.index_scheme", "设置索引号规则": OfficeClerk Own, OfficeHead Own;
    /// Find the same bytes wherever they are among the units that one's office watches over, and take them down.
    TakeDownFiles = "file.take-down", "查找并撤下相同文件": OfficeClerk Own, OfficeHead Own;
    /// The office all columns of its government, a unit its own, those above what lies below them.
    ViewColumns = "column.view", "查看重点领域专栏": OfficeClerk Own, OfficeHead Own, Author Own, Liaison Own, UnitHead Own, Supervisor Below, Leader Below;
    /// Open columns, say what they must hold, close them.
    KeepColumns = "column.keep", "设置重点领域专栏": OfficeClerk Own, OfficeHead Own;
    /// Put documents into columns and take them out; the text stays as it was approved.
    FillColumns = "column.fill", "把文件归入专栏": Author Own, OfficeClerk Own, Liaison Own;
    /// Issues in preparation and what became of them.
    ViewGazette = "gazette.view", "查看政府公报编辑情况": Author Own, OfficeClerk Own, OfficeHead Own, Supervisor Below, Leader Below;
    /// Put issues together, propose them, correct them later.
    EditGazette = "gazette.edit", "编辑政府公报、登记勘误": Author Own, OfficeClerk Own;
    /// Issue what another person put together.
    IssueGazette = "gazette.issue", "签发政府公报": OfficeHead Own;
}

//! Public guides in every state: the city's is soon to be confirmed again, one waits for its head, one came back.

use anyhow::Result;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_catalogue::acts::{ApproveGuide, WriteGuide};
use gongkai_catalogue::guide::{Guide, Words, handle};
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;

use super::clock::at;
use super::organ;
use super::year::Year;

/// How far a guide of the demo has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stand {
    Public,
    Waiting,
    Returned,
}

fn words(body: &str, number: usize) -> Words {
    let mut words = Words::usual(body);
    let texts = [
        (
            "address",
            format!("（演示）安澜市滨江路{}号", 8 + 6 * number),
        ),
        ("hours", "工作日8:30—12:00，14:30—17:30".to_owned()),
        ("phone", format!("0000-12345{number:02}")),
        ("fax", format!("0000-12346{number:02}")),
        ("internet", format!("gk{number:02}@anlan.example")),
        ("postcode", "000000".to_owned()),
    ];
    for (code, text) in texts {
        words.0.insert(code.to_owned(), text);
    }
    words
}

impl Year<'_> {
    /// # Errors
    /// When a step that people can take on the screens is refused, or the store fails.
    pub(super) async fn guides(&self) -> Result<()> {
        let clerk = self.permit::<WriteGuide>("clerk").await?;
        let head = self.permit::<ApproveGuide>("head").await?;
        let liaison = self.permit::<WriteGuide>("liaison").await?;
        let unit_head = self.permit::<ApproveGuide>("unithead").await?;
        let other = self.permit::<WriteGuide>("liaison2").await?;
        let county = self.permit::<WriteGuide>("county").await?;
        let county_head = Permit::<ApproveGuide>::system();
        let all = [
            ("安澜市人民政府", 360, &clerk, &head, Stand::Public),
            ("安澜市司法局", 200, &liaison, &unit_head, Stand::Public),
            ("安澜市教育局", 150, &clerk, &head, Stand::Public),
            ("安澜市民政局", 120, &clerk, &head, Stand::Public),
            ("云岭县人民政府", 100, &county, &county_head, Stand::Public),
            ("安澜市市场监督管理局", 2, &other, &head, Stand::Waiting),
            ("安澜市财政局", 6, &clerk, &head, Stand::Returned),
        ];
        for (number, (name, days, writer, approver, stand)) in (1..).zip(all) {
            let unit = organ(&self.app.db, name).await?;
            let body = format!("{name}办公室政务公开科");
            let day = self.ago(days)?;
            let by = (writer, approver);
            self.guide((unit, day), words(&body, number), by, stand)
                .await?;
        }
        // A new text waits while the public reads the old one.
        let unit = organ(&self.app.db, "安澜市民政局").await?;
        let mut moved = words("安澜市民政局办公室", 14);
        moved
            .0
            .insert("address".to_owned(), "（演示）安澜市新城路2号".to_owned());
        self.guide_written((unit, self.ago(3)?), (3, moved, "办公地址搬迁"), &clerk)
            .await?;
        Ok(())
    }

    async fn guide_written(
        &self,
        (unit, day): (OrganId, Date),
        (version, words, why): (i64, Words, &str),
        permit: &Permit<WriteGuide>,
    ) -> Result<Guide> {
        let work = self.app.db.write(async |tx: &mut Tx| {
            let what = (words, why);
            let guide = handle::write(tx, permit, (unit, version), what).await?;
            handle::submit(tx, permit, (unit, guide.version)).await
        });
        Ok(at(day, work).await?)
    }

    async fn guide(
        &self,
        (unit, day): (OrganId, Date),
        words: Words,
        (writer, approver): (&Permit<WriteGuide>, &Permit<ApproveGuide>),
        stand: Stand,
    ) -> Result<()> {
        let guide = self
            .guide_written((unit, day), (0, words, "首次编制"), writer)
            .await?;
        let of = (unit, guide.version);
        let write = async |tx: &mut Tx| match stand {
            Stand::Public => handle::approve(tx, approver, of, day).await,
            Stand::Returned | Stand::Waiting => {
                let why = "（演示）申请程序缺少补正和延期的说明，请补充。";
                handle::send_back(tx, approver, of, why).await
            }
        };
        if stand != Stand::Waiting {
            at(day, self.app.db.write(write)).await?;
        }
        Ok(())
    }
}

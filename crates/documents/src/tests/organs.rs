//! 机构职能: the index of organs and the page of each.

use gongkai_platform::access::Permit;
use gongkai_platform::organ::acts::EditOrgans;
use gongkai_platform::organ::profile::{self, Words};

use super::*;

#[tokio::test]
async fn every_organ_has_a_page_that_says_what_is_known_of_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let town = testing::organ(&world.db, "云岭县青禾镇人民政府", Some(world.city)).await;
        world
            .db
            .upkeep(async |tx: &mut Tx| {
                for (column, name) in [
                    (
                        "UPDATE organ SET level = 'town', kind = 'town' WHERE name = $1",
                        "云岭县青禾镇人民政府",
                    ),
                    (
                        "UPDATE organ SET kind = 'section' WHERE name = $1",
                        "市司法局",
                    ),
                ] {
                    tx.run(sql(column).bind(name)).await?;
                }
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
        let mut public = world.public();
        let list = public.get("/organs").await.page();
        assert!(list.contains("安澜市人民政府办公室</a>"), "{list}");
        assert!(
            !list.contains("青禾镇") && list.contains("/organs/level/town"),
            "{list}"
        );
        assert!(
            !list.contains("市司法局"),
            "an office inside a unit: {list}"
        );
        let towns = public.get("/organs/level/town").await.page();
        assert!(
            towns.contains("青禾镇人民政府</a>") && towns.contains("<h2>安澜市人民政府</h2>"),
            "{towns}"
        );
        let found = public.get("/organs?text=%E9%9D%92%E7%A6%BE").await.page();
        assert!(found.contains("的机构共1个"), "{found}");
        let none = public.get("/organs?text=%3Cb%3E").await.page();
        assert!(none.contains("没有名称含“&#60;b&#62;”的机构"), "{none}");

        let path = format!("/organs/{town}");
        let bare = public.get(&path).await.page();
        assert!(bare.contains("还没有以本机构名义发布的文件"), "{bare}");
        for left_out in [
            "办公地址",
            "联系电话",
            "机关职能</h2>",
            "机构设置",
            "信用代码",
        ] {
            assert!(!bare.contains(left_out), "{left_out} in {bare}");
        }
        let permit = Permit::<EditOrgans>::system();
        let words = Words {
            duties: "一、落实惠农政策。\n二、<script>".to_owned(),
            sections: "党政综合办公室\n财政所".to_owned(),
            address: "青禾镇河东路8号".to_owned(),
            phone: "0000-7654321".to_owned(),
            leaders: "张某某　镇长".to_owned(),
            ..Words::default()
        };
        world
            .db
            .write(async |tx: &mut Tx| profile::change(tx, &permit, (town, 0), words.clone()).await)
            .await
            .unwrap();
        let told = public.get(&path).await.page();
        for said in [
            "<dt>办公地址</dt><dd>青禾镇河东路8号",
            "0000-7654321",
            "张某某　镇长",
            "<li>财政所</li>",
            "&#60;script&#62;",
        ] {
            assert!(told.contains(said), "{said} in {told}");
        }
        assert!(!told.contains("办公时间"), "{told}");
        // Behind the last page stands the last, and it has one address.
        let behind = public.get(&format!("{path}/pages/99999")).await.page();
        let canonical = behind.split("rel=\"canonical\" href=\"").nth(1).unwrap();
        let canonical = canonical.split('"').next().unwrap();
        assert!(canonical.ends_with(&path), "{canonical}");
        let nobody = public.get(&format!("/organs/{}", testing::uuid())).await;
        assert_eq!(nobody.status, 404);
    }
}

//! Levels, kinds and states of organs: closed lists, with the code that is stored and the word that people read.

use serde::{Deserialize, Serialize};

use crate::db::{FromColumn, Row, StoreError, Value};

macro_rules! closed_list {
    ($(#[$doc:meta])* $name:ident, $wanted:literal: $($(#[$variant_doc:meta])* $variant:ident = $code:literal, $title:literal $(| $word:literal)*;)+) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code that the database and the audit chain store.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// What people call it on screens.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }

            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }

            /// Reads the code, the title, or another word that lists of organs use.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($code | $title $(| $word)* => Some(Self::$variant),)+ _ => None }
            }
        }

        impl FromColumn for $name {
            fn from_column(row: &Row, column: &str) -> Result<Self, StoreError> {
                let code: String = row.get(column)?;
                Self::from_code(&code).ok_or_else(|| StoreError::Corrupt {
                    column: column.to_owned(),
                    found: code,
                    wanted: $wanted,
                })
            }
        }

        impl From<$name> for Value {
            fn from(item: $name) -> Self {
                Self::Text(Some(item.code().to_owned()))
            }
        }
    };
}

closed_list! {
    /// The level of government to which an organ belongs; a bureau of a city is `City`.
    Level, "an organ's level":
    Province = "province", "省级" | "省" | "自治区" | "直辖市";
    City = "city", "市级" | "市" | "地市级" | "地级市" | "州" | "州级" | "盟";
    County = "county", "县级" | "县区级" | "区县级" | "县市区级" | "县" | "区" | "区级" | "县区" | "县（市、区）级" | "县(市、区)级" | "旗";
    Town = "town", "镇街级" | "镇" | "镇级" | "乡" | "街道" | "镇街" | "乡镇" | "乡镇级" | "乡级";
    Village = "village", "村社区级" | "村" | "社区" | "村级" | "村社区" | "村（社区）" | "村(社区)";
    /// An office inside a unit.
    Section = "section", "科室" | "内设机构" | "股室" | "处室";
}

closed_list! {
    /// What sort of organ it is; rules of collectives select by it.
    Kind, "an organ's kind":
    /// 人民政府 of a province, city or county: the root of a directory.
    Government = "government", "政府" | "人民政府";
    /// Its general office, where the 政务公开办 usually sits.
    Office = "office", "政府办公室" | "政府办" | "办公室";
    Department = "department", "工作部门" | "部门" | "组成部门" | "政府部门" | "政府工作部门";
    DirectAgency = "direct_agency", "直属机构" | "直属单位" | "直属特设机构" | "特设机构" | "直属事业单位";
    /// A branch that a higher organ keeps here, such as 市公安局某某分局.
    Dispatched = "dispatched", "派出机构" | "派出机关" | "派驻机构" | "分局";
    /// 管委会 of a development zone.
    Zone = "zone", "功能区管委会" | "管委会" | "功能区" | "开发区" | "园区";
    Town = "town", "乡镇" | "镇" | "乡" | "镇政府" | "乡镇政府";
    Street = "street", "街道" | "街道办事处";
    Village = "village", "村" | "行政村" | "村委会";
    Community = "community", "社区" | "居委会";
    /// Party organs, people's organisations, and the assemblies and courts beside the government.
    Party = "party", "党群机关" | "党群" | "党委部门" | "党群部门" | "群团" | "党委机构" | "人大政协" | "法院检察院";
    /// Led from above: taxes, customs, weather.
    Vertical = "vertical", "垂管单位" | "垂管" | "垂直管理" | "垂直管理单位" | "双管单位" | "中省驻市单位" | "驻市单位";
    /// Public institutions and enterprises, such as water, power, transport, hospitals.
    Institution = "institution", "企事业单位" | "企事业" | "事业单位" | "企业" | "国有企业" | "公共企事业单位";
    /// 指挥部, 领导小组 and the like.
    Coordinating = "coordinating", "议事协调机构" | "领导小组" | "指挥部" | "协调机构";
    /// An office inside a unit.
    Section = "section", "科室" | "内设机构" | "股室" | "处室";
}

closed_list! {
    /// Only `Active` organs get new work.
    Status, "an organ's status":
    Active = "active", "在用" | "正常";
    /// Merged into its successor.
    Merged = "merged", "已并入";
    Dissolved = "dissolved", "已撤销";
}

closed_list! {
    /// Why another name leads to an organ.
    AliasKind, "a name's kind":
    Alias = "alias", "别名";
    Former = "former", "曾用名";
}

impl Level {
    /// The next level down in the tree of governments; sections and villages have none.
    #[must_use]
    pub const fn below(self) -> Option<Self> {
        match self {
            Self::Province => Some(Self::City),
            Self::City => Some(Self::County),
            Self::County => Some(Self::Town),
            Self::Town => Some(Self::Village),
            Self::Village | Self::Section => None,
        }
    }
}

impl Kind {
    /// Does an organ of this kind issue plans for those below it?
    #[must_use]
    pub const fn governs(self) -> bool {
        matches!(
            self,
            Self::Government | Self::Zone | Self::Town | Self::Street
        )
    }
}

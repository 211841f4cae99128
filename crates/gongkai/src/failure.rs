//! What the system and the store answer, in the words of whoever reads them: theirs are English.

use std::io::{Error, ErrorKind};

use gongkai_platform::db::StoreError;
use gongkai_platform::files::NotKept;

/// Why the system refused; its own words only where no others are known.
pub(crate) fn why(error: &Error) -> String {
    // One that a library made has words of its own.
    let known = match error.kind() {
        _ if error.get_ref().is_some() => "",
        ErrorKind::NotFound => "没有这个文件或文件夹",
        ErrorKind::PermissionDenied => "没有权限",
        ErrorKind::AlreadyExists => "已经有同名的文件",
        ErrorKind::IsADirectory => "这是一个文件夹",
        ErrorKind::NotADirectory => "路径里有一段不是文件夹",
        ErrorKind::DirectoryNotEmpty => "文件夹不是空的",
        ErrorKind::StorageFull => "磁盘已满",
        ErrorKind::QuotaExceeded => "超出了磁盘配额",
        ErrorKind::FileTooLarge => "超出了单个文件的大小上限",
        ErrorKind::ReadOnlyFilesystem => "磁盘是只读的",
        ErrorKind::InvalidFilename => "文件名不合系统的规定",
        ErrorKind::InvalidData => "内容不是 UTF-8 文字",
        ErrorKind::UnexpectedEof => "内容不完整",
        ErrorKind::AddrInUse => "端口已被占用",
        ErrorKind::AddrNotAvailable => "地址不属于本机",
        ErrorKind::ConnectionRefused => "对方没有在运行",
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            "连接中断"
        }
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => "网络不通",
        ErrorKind::TimedOut => "等待超时",
        _ => "",
    };
    match known {
        "" => format!("系统的回答是“{error}”"),
        known => known.to_owned(),
    }
}

/// Why the store refused.
pub(crate) fn of_store(error: &StoreError) -> String {
    match error {
        StoreError::File(error) => why(error),
        full if full.is_disk_full() => "磁盘已满".to_owned(),
        StoreError::NotKept(NotKept::Infected(name)) => format!("查出病毒“{name}”"),
        StoreError::NotKept(NotKept::NotScanned) => "杀毒服务没有应答，或没有查完".to_owned(),
        StoreError::Stale => "这一条刚被别人改过".to_owned(),
        StoreError::Migrate(_) => "数据结构没有升级成功".to_owned(),
        other => format!("数据库的回答是“{other}”"),
    }
}

/// A failure with all its causes in one line.
pub(crate) fn told(error: &anyhow::Error) -> String {
    let mut said: Vec<String> = Vec::new();
    for cause in error.chain() {
        if let Some(store) = cause.downcast_ref::<StoreError>() {
            said.push(of_store(store));
            // What is below it is said with it.
            if matches!(store, StoreError::File(_) | StoreError::NotKept(_)) || store.is_disk_full()
            {
                break;
            }
        } else if let Some(system) = cause.downcast_ref::<Error>() {
            said.push(why(system));
            break;
        } else {
            said.push(cause.to_string());
        }
    }
    said.join("：")
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;

    #[test]
    fn a_failure_is_told_in_chinese_to_its_last_cause() {
        let missing = || std::fs::read("no/such/file").map(drop);
        let error = missing().context("读不了目录表“表.xlsx”").unwrap_err();
        assert_eq!(told(&error), "读不了目录表“表.xlsx”：没有这个文件或文件夹");
        let stored = missing().map_err(StoreError::from);
        let error = stored.context("没有存下来").unwrap_err();
        assert_eq!(told(&error), "没有存下来：没有这个文件或文件夹");
        let full = StoreError::File(Error::from(ErrorKind::StorageFull));
        assert_eq!(told(&full.into()), "磁盘已满");
        let own = Error::new(ErrorKind::NotFound, "端口 8080 没有应答");
        assert_eq!(why(&own), "系统的回答是“端口 8080 没有应答”");
    }
}

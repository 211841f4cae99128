//! Help and refusals of the command line in Chinese; clap's own words are English.

use clap::CommandFactory as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// clap's words in the order in which they are looked for, with ours.
const WORDS: [(&str, &str); 12] = [
    ("Usage: ", "用法："),
    ("Commands:", "命令："),
    ("Arguments:", "参数："),
    ("Options:", "选项："),
    ("[OPTIONS]", "[选项]"),
    ("<COMMAND>", "<命令>"),
    ("[default: ", "[默认："),
    ("[possible values: ", "[可选："),
    ("[env: ", "[环境变量："),
    ("Print help", "显示帮助"),
    ("Print version", "显示版本"),
    ("<FORMAT>", "<格式>"),
];

fn translated(text: &str) -> String {
    WORDS.iter().fold(text.to_owned(), |text, (theirs, ours)| {
        text.replace(theirs, ours)
    })
}

/// What to print when the arguments ask for help, or cannot be understood.
pub(super) fn answer(error: &clap::Error) -> String {
    match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            translated(&error.render().to_string())
        }
        _ => refusal(error),
    }
}

/// 发生了什么 · 数据是否安全 · 现在怎么办, as everywhere.
fn refusal(error: &clap::Error) -> String {
    let given = |kind| error.get(kind).map(shown).unwrap_or_default();
    let argument = given(ContextKind::InvalidArg);
    let value = given(ContextKind::InvalidValue);
    let what = match error.kind() {
        ErrorKind::MissingRequiredArgument => format!("缺少参数：{argument}。"),
        ErrorKind::UnknownArgument => format!("没有“{argument}”这个参数。"),
        ErrorKind::InvalidSubcommand => {
            format!("没有“{}”这个命令。", given(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand => "没有写明要做什么。".to_owned(),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if value.is_empty() => {
            format!("参数“{argument}”后面没有写值。")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("参数“{argument}”不能是“{value}”。")
        }
        ErrorKind::ArgumentConflict => format!(
            "参数“{argument}”不能与“{}”同时使用。",
            given(ContextKind::PriorArg)
        ),
        _ => "参数不能识别。".to_owned(),
    };
    let choices = given(ContextKind::ValidValue);
    let choose = if choices.is_empty() {
        String::new()
    } else {
        format!("可选：{choices}。")
    };
    let usage = error.get(ContextKind::Usage).map_or_else(
        || super::Cli::command().render_usage().to_string(),
        ToString::to_string,
    );
    format!(
        "{what}没有执行任何操作。{choose}加 --help 查看用法。\n{}\n",
        translated(usage.trim())
    )
}

fn shown(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(all) => {
            let named: Vec<String> = all.iter().map(|one| either(one)).collect();
            named.join("、")
        }
        other => other.to_string(),
    }
}

/// A group of which one is wanted: clap writes `<--a <甲>|--b <乙>>`.
fn either(argument: &str) -> String {
    let inner = argument
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'))
        .filter(|inner| inner.contains("|--"));
    inner.map_or_else(
        || argument.to_owned(),
        |inner| format!("{}中的一个", inner.replace('|', "、")),
    )
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use super::super::Cli;

    fn said(arguments: &[&str]) -> String {
        let error = Cli::try_parse_from(std::iter::once(&"gongkai").chain(arguments)).unwrap_err();
        super::answer(&error)
    }

    #[test]
    fn refusals_are_chinese_sentences() {
        for (arguments, begins) in [
            (&["bogus"][..], "没有“bogus”这个命令。没有执行任何操作。"),
            (&["plan", "read"], "缺少参数：<文件>。"),
            (
                &["fee"],
                "缺少参数：--requests <件数>、--pages <页数>中的一个。",
            ),
            (
                &["fee", "--requests", "1", "--pages", "2"],
                "参数“--requests <件数>”不能与“--pages <页数>”同时使用。",
            ),
            (&["fee", "--colour"], "没有“--colour”这个参数。"),
            (
                &["check", "text", "--format", "xml"],
                "参数“--format <格式>”不能是“xml”。没有执行任何操作。可选：table、json、csv。",
            ),
            (
                &["report", "check", "a.docx", "--format", "csv"],
                "参数“--format <格式>”不能是“csv”。没有执行任何操作。可选：table、json。",
            ),
            (
                &["search", "规划", "--format", "csv"],
                "参数“--format <格式>”不能是“csv”。没有执行任何操作。可选：table、json。",
            ),
            (
                &["verify", "--format", "csv"],
                "参数“--format <格式>”不能是“csv”。没有执行任何操作。可选：table、json。",
            ),
            (
                &["check", "text", "--format"],
                "参数“--format <格式>”后面没有写值。",
            ),
        ] {
            let said = said(arguments);
            assert!(said.starts_with(begins), "{arguments:?}: {said}");
            assert!(said.contains("用法：gongkai"), "{said}");
        }
    }

    /// Help of every command, however deep, has no English words of clap left.
    #[test]
    fn help_is_chinese() {
        fn each(command: &clap::Command, path: &[String]) {
            let words: Vec<&str> = path.iter().map(String::as_str).chain(["--help"]).collect();
            let help = said(&words);
            for english in [
                "Usage", "Options", "Print", "default:", "Commands", "[env", "FILE", "COMMAND",
            ] {
                assert!(!help.contains(english), "{english} in {help}");
            }
            for inner in command.get_subcommands().filter(|one| !one.is_hide_set()) {
                let path = [path, &[inner.get_name().to_owned()]].concat();
                each(inner, &path);
            }
        }
        each(&Cli::command(), &[]);
    }
}

//! Steps: a title before, a duration after, and the exact command when one fails.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, anyhow, bail};

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Does one step and says how long it took.
pub(crate) fn step<T>(title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("== {title}");
    let started = Instant::now();
    let outcome = work();
    let seconds = started.elapsed().as_secs_f64();
    match &outcome {
        Ok(_) => println!("-- {title}: {seconds:.1} s"),
        Err(error) => println!("-- {title}: FAILED after {seconds:.1} s\n   {error:#}"),
    }
    outcome.with_context(|| title.to_owned())
}

/// Runs a command; its output goes to the terminal.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    let status = at_home(command)
        .status()
        .with_context(|| format!("cannot start: {shown}"))?;
    if !status.success() {
        bail!("{status}: {shown}");
    }
    Ok(())
}

/// Runs a command beside others: what it says is kept, with how it ended, so that it does not mix with theirs.
pub(crate) fn run_silently(command: &mut Command) -> (String, Result<()>) {
    let shown = shown(command);
    let output = match at_home(command).stdin(Stdio::null()).output() {
        Ok(output) => output,
        Err(error) => {
            return (
                String::new(),
                Err(error).context(format!("cannot start: {shown}")),
            );
        }
    };
    let said = [output.stdout, output.stderr].concat();
    let ended = if output.status.success() {
        Ok(())
    } else {
        Err(anyhow!("{}: {shown}", output.status))
    };
    (String::from_utf8_lossy(&said).into_owned(), ended)
}

/// Runs a command and returns what it wrote to standard output.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let shown = shown(command);
    let output = at_home(command)
        .output()
        .with_context(|| format!("cannot start: {shown}"))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!("{}: {shown}\n{}", output.status, complaint.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// As [`output`], and each line is shown as it comes.
pub(crate) fn output_shown(command: &mut Command) -> Result<String> {
    let shown = shown(command);
    let mut child = at_home(command)
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start: {shown}"))?;
    let mut said = String::new();
    for line in child
        .stdout
        .take()
        .into_iter()
        .flat_map(|out| BufReader::new(out).lines())
    {
        let line = line?;
        println!("   {line}");
        said.push_str(&line);
        said.push('\n');
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{status}: {shown}");
    }
    Ok(said)
}

/// Whether a command can be run and ends well; says nothing.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    at_home(command)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// In the workspace's folder, unless the command was given another.
fn at_home(command: &mut Command) -> &mut Command {
    if command.get_current_dir().is_none() {
        command.current_dir(root());
    }
    command
}

/// `cargo`, the same one that runs us.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // Cargo sets these for us alone; handed on, they would make dependencies look changed.
    let ours = ["CARGO_PKG_", "CARGO_MANIFEST_"];
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if ours.iter().any(|head| text.starts_with(head)) {
            command.env_remove(&name);
        }
    }
    command
}

/// The command as one could type it, with the variables that were set for it.
pub(crate) fn shown(command: &Command) -> String {
    let variables = command
        .get_envs()
        .filter_map(|(name, value)| Some((name.to_string_lossy(), value?.to_string_lossy())))
        .map(|(name, value)| format!("{name}={}", quoted(&value)));
    let words = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| quoted(&word.to_string_lossy()));
    variables.chain(words).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:=@,+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{run, shown};

    #[test]
    fn a_failure_names_the_exact_command() {
        let mut command = Command::new("sh");
        command.args(["-c", "exit 3"]).env("GONGKAI_SEED", "7");
        let error = run(&mut command).unwrap_err().to_string();
        assert!(error.contains("GONGKAI_SEED=7 sh -c 'exit 3'"), "{error}");
        assert!(error.contains('3'), "{error}");
    }

    #[test]
    fn words_are_quoted_for_a_shell() {
        let mut command = Command::new("printf");
        command.args(["it's", "", "plain-1.0"]);
        assert_eq!(shown(&command), r"printf 'it'\''s' '' plain-1.0");
    }
}

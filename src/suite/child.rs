//! Child processes that are ended together with whatever they have started.

use std::process::{Child, Command};

/// A command that starts a child with a process group of its own: Ctrl-C is for us, who then end what we have begun.
pub(super) fn command(words: &[String]) -> Option<Command> {
    let (program, arguments) = words.split_first()?;
    let mut command = Command::new(program);
    command.args(arguments);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    Some(command)
}

/// Ends a child, if it has not ended.
pub(super) fn end(child: &mut Child) {
    if matches!(child.try_wait(), Ok(None)) {
        #[cfg(unix)]
        {
            let group = format!("-{}", child.id());
            let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(std::process::Stdio::null()).status();
        }
        let _ = child.kill();
        let _ = child.wait();
    }
}

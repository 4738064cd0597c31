//! What was found.

use std::fmt;

use crate::check::Check;

/// A check that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// Which.
    pub check: Check,
    /// After which step of the script, as it is written; `opened` for the first look.
    pub after: String,
    /// Why.
    pub why: String,
}

/// Every check, and what failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// In the order in which it was found.
    pub failed: Vec<Failed>,
    /// How often each check was made, in the order of [`Check::ALL`].
    pub made: Vec<(Check, u64)>,
}

impl Report {
    /// Whether all checks were made and none failed.
    pub fn passed(&self) -> bool {
        self.failed.is_empty() && self.made.iter().all(|(_, times)| *times > 0)
    }

    /// Whether this check failed.
    pub fn fails(&self, check: Check) -> bool {
        self.failed.iter().any(|failed| failed.check == check)
    }

    pub(crate) fn note(&mut self, check: Check, after: &str, result: Result<(), String>) {
        match self.made.iter_mut().find(|(made, _)| *made == check) {
            Some((_, times)) => *times += 1,
            None => self.made.push((check, 1)),
        }
        if let Err(why) = result {
            self.failed.push(Failed { check, after: after.to_string(), why });
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (check, times) in &self.made {
            let mut failed = self.failed.iter().filter(|failed| failed.check == *check);
            match failed.next() {
                None if *times == 0 => writeln!(f, "not made  {check}")?,
                None => writeln!(f, "passed    {check} ({times} times)")?,
                Some(first) => {
                    writeln!(f, "FAILED    {check}")?;
                    writeln!(f, "          after {}: {}", first.after, first.why)?;
                    let more = failed.count();
                    if more > 0 {
                        writeln!(f, "          and {more} times more")?;
                    }
                }
            }
        }
        Ok(())
    }
}

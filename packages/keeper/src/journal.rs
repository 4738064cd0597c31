//! What has been spent of the day's budgets, kept in a file before anything is sent: a keeper that is killed spends nothing twice.

use std::path::{Path, PathBuf};

use sdp_network::{file, ChainError};
use sdp_types::units::DAY;
use sdp_types::Usd;
use serde::{Deserialize, Serialize};

/// Version of the file.
const VERSION: u32 = 1;

/// Budgets of a UTC day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Page {
    version: u32,
    /// Unix days.
    day: u64,
    /// sdUSD for collateral.
    bought: Usd,
    /// Gas of jobs that bring nothing.
    unpaid: Usd,
}

/// The file; or nothing but memory.
#[derive(Clone, Debug)]
pub struct Journal {
    path: Option<PathBuf>,
    page: Page,
}

/// Out of which budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// sdUSD for collateral.
    Bought,
    /// Gas of jobs that bring nothing.
    Unpaid,
}

impl Journal {
    /// That in a file, or a new one. Errors: a file that can't be read, or of another version.
    pub fn open(path: Option<&Path>) -> Result<Self, ChainError> {
        let empty = Page { version: VERSION, day: 0, bought: Usd::ZERO, unpaid: Usd::ZERO };
        let page = match path.map(|path| (path, std::fs::read(path))) {
            None => empty,
            Some((_, Err(error))) if error.kind() == std::io::ErrorKind::NotFound => empty,
            Some((path, read)) => {
                let shown = path.display();
                let bytes = read.map_err(|error| ChainError::setup(format!("{shown}: {error}")))?;
                let page: Page = serde_json::from_slice(&bytes)
                    .map_err(|error| ChainError::setup(format!("{shown}: {error}")))?;
                let version = page.version;
                if version != VERSION {
                    return Err(ChainError::setup(format!("{shown} has version {version}, not {VERSION}")));
                }
                page
            }
        };
        Ok(Self { path: path.map(Path::to_path_buf), page })
    }

    /// What is spent of a budget on the day of this time.
    pub fn spent(&self, budget: Budget, now: u64) -> Usd {
        match (self.page.day == now / DAY, budget) {
            (false, _) => Usd::ZERO,
            (true, Budget::Bought) => self.page.bought,
            (true, Budget::Unpaid) => self.page.unpaid,
        }
    }

    /// Notes that so much is about to be spent. Only then may it be.
    pub fn spend(&mut self, budget: Budget, now: u64, amount: Usd) -> Result<(), ChainError> {
        self.change(budget, now, |spent| Ok(spent.plus(amount)?))
    }

    /// Notes that so much of it was not spent after all.
    pub fn refund(&mut self, budget: Budget, now: u64, amount: Usd) -> Result<(), ChainError> {
        self.change(budget, now, |spent| Ok(spent.saturating_minus(amount)))
    }

    fn change(
        &mut self,
        budget: Budget,
        now: u64,
        to: impl FnOnce(Usd) -> Result<Usd, ChainError>,
    ) -> Result<(), ChainError> {
        let mut page = self.of_day(now);
        let spent = match budget {
            Budget::Bought => &mut page.bought,
            Budget::Unpaid => &mut page.unpaid,
        };
        *spent = to(*spent)?;
        self.write(page)
    }

    fn of_day(&self, now: u64) -> Page {
        match self.page.day == now / DAY {
            true => self.page.clone(),
            false => Page { version: VERSION, day: now / DAY, bought: Usd::ZERO, unpaid: Usd::ZERO },
        }
    }

    fn write(&mut self, page: Page) -> Result<(), ChainError> {
        if page == self.page {
            return Ok(());
        }
        if let Some(path) = &self.path {
            let bytes = serde_json::to_vec_pretty(&page).map_err(ChainError::setup)?;
            file::replace(path, &bytes)
                .map_err(|error| ChainError::setup(format!("{}: {error}", path.display())))?;
        }
        self.page = page;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_spent_is_known_after_a_crash_and_a_new_day_begins_with_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keeper.json");
        let mut journal = Journal::open(Some(&path)).unwrap();
        journal.spend(Budget::Bought, 10, Usd::whole(5)).unwrap();
        journal.spend(Budget::Unpaid, 11, Usd::whole(1)).unwrap();
        journal.refund(Budget::Bought, 12, Usd::whole(2)).unwrap();
        let again = Journal::open(Some(&path)).unwrap();
        assert_eq!(again.spent(Budget::Bought, 13), Usd::whole(3));
        assert_eq!(again.spent(Budget::Unpaid, 13), Usd::whole(1));
        assert_eq!(again.spent(Budget::Bought, 13 + DAY), Usd::ZERO);
    }

    #[test]
    fn a_file_that_is_none_of_ours_is_refused_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keeper.json");
        for text in ["{}", r#"{"version":9,"day":1,"bought":"0","unpaid":"0"}"#] {
            std::fs::write(&path, text).unwrap();
            let refused = Journal::open(Some(&path)).unwrap_err();
            assert!(refused.text.contains("keeper.json"), "{refused}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
    }
}

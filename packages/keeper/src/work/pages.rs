//! The slow round over a long list: some pages in each block, all of them in the first.

use sdp_network::error::Result;

/// The most that a list gives at once.
pub const PAGE: usize = 100;

/// Where the round is. `C` is what a list is continued after.
#[derive(Debug)]
pub struct Pages<C> {
    last: Option<C>,
    begun: bool,
}

impl<C> Default for Pages<C> {
    fn default() -> Self {
        Self { last: None, begun: false }
    }
}

impl<C> Pages<C> {
    /// The next entries: of so many pages, or to the end of the list, where the next round begins.
    pub fn next<T>(
        &mut self,
        pages: u32,
        mut ask: impl FnMut(Option<C>, Option<u32>) -> Result<Vec<T>>,
        cursor: impl Fn(&T) -> C,
    ) -> Result<Vec<T>> {
        let all = !self.begun;
        let (mut found, mut seen) = (Vec::new(), 0);
        while all || seen < pages {
            let page = ask(self.last.take(), u32::try_from(PAGE).ok())?;
            seen += 1;
            let is_last = page.len() < PAGE;
            self.last = page.last().map(&cursor).filter(|_| !is_last);
            found.extend(page);
            if is_last {
                break;
            }
        }
        self.begun = true;
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_a_list_comes_first_and_then_some_pages_at_a_time() {
        let list: Vec<usize> = (0..250).collect();
        let mut pages = Pages::default();
        let mut next = |most| {
            let ask = |after: Option<usize>, _: Option<u32>| {
                let from = after.map_or(0, |after| after + 1);
                Ok(list[from..].iter().take(PAGE).copied().collect())
            };
            pages.next(most, ask, |entry| *entry).unwrap()
        };
        assert_eq!(next(1), list);
        assert_eq!(
            (next(1), next(1), next(1)),
            (list[..100].to_vec(), list[100..200].to_vec(), list[200..].to_vec())
        );
        assert_eq!(next(2), list[..200]);
    }
}

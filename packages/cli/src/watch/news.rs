//! The threads that ask the chain, so that keys never wait for it.

use std::sync::mpsc::{channel, Receiver, Sender};
use std::sync::Arc;
use std::time::Duration;

use sdp_network::{ChainError, Network};

use crate::failure::Failure;
use crate::session::Session;
use crate::survey::{People, Survey};

/// What the threads have to say.
pub enum News {
    /// All sums as of a block.
    Survey(Box<Survey>),
    /// All accounts and positions.
    People(People),
    /// The chain was not reached, and why. It is tried again.
    Lost(String),
}

/// Begins to ask. The threads end with the process, or when nobody listens any more. Who counts people, which takes long where they are many,
/// is no reason for the sums to stand still.
pub fn start(session: Session, every: Duration, count_every: Duration) -> Result<Receiver<News>, Failure> {
    let (sender, receiver) = channel();
    let session = Arc::new(session);
    let (same, to) = (session.clone(), sender.clone());
    let survey = |network: &dyn Network| Ok(News::Survey(Box::new(Survey::of(network)?)));
    let thread = std::thread::Builder::new().name("watch".into());
    thread.spawn(move || ask_for_ever(&same, every, &to, survey)).map_err(Failure::setup)?;
    let people = |network: &dyn Network| Ok(News::People(People::of(network)?));
    let thread = std::thread::Builder::new().name("count".into());
    thread.spawn(move || ask_for_ever(&session, count_every, &sender, people)).map_err(Failure::setup)?;
    Ok(receiver)
}

fn ask_for_ever(
    session: &Session,
    every: Duration,
    to: &Sender<News>,
    ask: impl Fn(&dyn Network) -> Result<News, ChainError>,
) {
    let mut connection = None;
    loop {
        let found = session.again(&mut connection).and_then(|network| Ok(ask(network)?));
        let news = found.unwrap_or_else(|failure| {
            connection = None;
            News::Lost(failure.text().to_string())
        });
        if to.send(news).is_err() {
            return;
        }
        std::thread::sleep(every);
    }
}

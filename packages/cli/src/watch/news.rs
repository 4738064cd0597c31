//! The thread that asks the chain, so that keys never wait for it.

use std::sync::mpsc::{channel, Receiver, Sender};
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::session::{Open, Session};
use crate::survey::{People, Survey};

/// What the thread has to say.
pub enum News {
    /// All sums as of a block.
    Survey(Box<Survey>),
    /// All accounts and positions.
    People(People),
    /// The chain was not reached, and why. It is tried again.
    Lost(String),
}

/// Begins to ask. The thread ends with the process, or when nobody listens any more.
pub fn start(session: Session, every: Duration, count_every: Duration) -> Result<Receiver<News>, Failure> {
    let (sender, receiver) = channel();
    let thread = std::thread::Builder::new().name("watch".into());
    thread.spawn(move || ask_for_ever(&session, every, count_every, &sender)).map_err(Failure::setup)?;
    Ok(receiver)
}

fn ask_for_ever(session: &Session, every: Duration, count_every: Duration, to: &Sender<News>) {
    let (mut connection, mut counted) = (None, None::<Instant>);
    loop {
        let due = counted.is_none_or(|at| at.elapsed() >= count_every);
        let told = match ask(session, &mut connection, due, to) {
            Ok(heard) => {
                counted = if due { Some(Instant::now()) } else { counted };
                heard
            }
            Err(failure) => {
                connection = None;
                to.send(News::Lost(failure.text().to_string())).is_ok()
            }
        };
        if !told {
            return;
        }
        std::thread::sleep(every);
    }
}

/// Asks once. Whether somebody has heard it.
fn ask(
    session: &Session,
    connection: &mut Option<Open>,
    count: bool,
    to: &Sender<News>,
) -> Result<bool, Failure> {
    let network = session.again(connection)?;
    let mut heard = to.send(News::Survey(Box::new(Survey::of(network)?))).is_ok();
    if heard && count {
        heard = to.send(News::People(People::of(network)?)).is_ok();
    }
    Ok(heard)
}

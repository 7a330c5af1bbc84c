//! What a host is working on: the commands of several calls on their way into one entry.

use domain::kernel::Timestamp;
use domain::kernel::wire::Wire;
use tokio::sync::OwnedSemaphorePermit;

use super::handle::{Done, DoneBy, Kept, Request, Waiting, unavailable};
use super::machine::Machine;

/// A call whose commands were applied; it is answered when they are durable.
pub struct Applied<M: Machine> {
    done: DoneBy<M>,
    answer: Waiting<M>,
    _room: OwnedSemaphorePermit,
}

pub struct Work<M: Machine> {
    pub at: Timestamp,
    /// How many commands are to be written.
    pub count: i32,
    pub commands: Vec<u8>,
    pub events: Vec<M::Event>,
    pub kept: Vec<Kept>,
    pub calls: Vec<Applied<M>>,
}

impl<M: Machine> Work<M> {
    pub fn at(at: Timestamp) -> Self {
        Self { at, count: 0, commands: Vec::new(), events: Vec::new(), kept: Vec::new(), calls: Vec::new() }
    }

    /// Lets the machine do what is due.
    pub fn do_due(&mut self, machine: &mut M) {
        if machine.due().is_some_and(|due| due <= self.at) {
            self.do_one(machine, &M::on_due());
        }
    }

    pub fn apply(&mut self, machine: &mut M, request: Request<M>) {
        let Request { commands, keep, answer, room } = request;
        let before = self.events.len();
        let outcomes: Vec<_> = commands.iter().map(|command| self.do_one(machine, command)).collect();
        let done = Done { at: self.at, outcomes, events: self.events[before..].to_vec() };
        self.kept.extend(keep.and_then(|keep| keep(&done)));
        self.calls.push(Applied { done, answer, _room: room });
    }

    fn do_one(&mut self, machine: &mut M, command: &M::Command) -> M::Outcome {
        let outcome = machine.apply(command, self.at, &mut self.events);
        if !M::is_refused(&outcome) {
            command.put(&mut self.commands);
            self.count += 1;
        }
        outcome
    }

    /// Nothing is to be written: there were no commands, or all were refused.
    pub fn is_empty(&self) -> bool {
        self.count == 0 && self.kept.is_empty()
    }

    /// The calls, to be answered. Their keys may be used again by then.
    pub fn end(&mut self) -> Vec<Applied<M>> {
        self.kept.clear();
        std::mem::take(&mut self.calls)
    }

    pub fn answer(calls: Vec<Applied<M>>) {
        for Applied { done, answer, .. } in calls {
            // Whoever asked may be gone.
            drop(answer.send(Ok(done)));
        }
    }

    pub fn refuse(calls: Vec<Applied<M>>, why: &str) {
        for Applied { answer, .. } in calls {
            drop(answer.send(Err(unavailable(why))));
        }
    }
}

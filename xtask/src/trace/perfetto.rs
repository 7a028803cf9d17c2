//! The same lanes as a file for <https://ui.perfetto.dev>: tracks with slices, and a counter of cores in use.
//!
//! Messages and the numbers of their fields are those of perfetto's `trace_packet.proto`, `track_descriptor.proto` and
//! `track_event.proto`. Both runs begin at 0.

use std::collections::HashSet;

use micropb::{PbEncoder, Tag, WIRE_TYPE_LEN, WIRE_TYPE_VARINT};

use super::{
    lanes::{Kind, Lane, Look, Run},
    recording::Facts,
};

/// `TrackEvent.Type`.
const BEGIN: u64 = 1;
const END: u64 = 2;
const COUNTER: u64 = 4;

/// The runs as a trace.
pub fn encode(runs: &[Run]) -> Vec<u8> {
    let mut trace = Trace { bytes: Message::default(), tracks: 0 };
    for run in runs {
        trace.run(run);
    }
    trace.bytes.0.into_writer()
}

struct Trace {
    bytes: Message,
    tracks: u64,
}

impl Trace {
    fn run(&mut self, run: &Run) {
        let (mut processes, mut process) = (HashSet::new(), 0);
        let first = self.tracks + 1;
        for lane in &run.lanes {
            if processes.insert(lane.pid) {
                let descriptor = Message::default()
                    .number(1, lane.pid.into())
                    .text(6, &format!("{}: {}", run.language, process_name(run, lane)));
                process = self.track(|track| track.message(3, descriptor));
            }
            self.lane(lane, process);
        }
        if run.recording.facts != Facts::Spans {
            let cores = self.track(|track| {
                track.text(2, "cores in use").message(8, Message::default()).number(5, first)
            });
            for (at, count) in &run.in_use {
                self.event(*at, |event| {
                    event.number(9, COUNTER).number(11, cores).number(30, *count as u64)
                });
            }
        }
    }

    fn lane(&mut self, lane: &Lane, process: u64) {
        let track = match lane.kind {
            Kind::Heading => return,
            Kind::Task => self.track(|track| track.text(2, &lane.name).number(5, process)),
            Kind::Process | Kind::Thread => {
                let descriptor = Message::default()
                    .number(1, lane.pid.into())
                    .number(2, lane.tid.into())
                    .text(5, &lane.name);
                self.track(|track| track.message(4, descriptor))
            }
        };
        for stretch in &lane.stretches {
            let name = match (stretch.look, stretch.core) {
                (Look::OnCore, Some(core)) => format!("on core {core}"),
                (Look::OnCore, None) => "on a core".into(),
                (Look::Ready, _) => "ready".into(),
                (Look::Waiting, _) => "waits".into(),
                (Look::Holding, _) => "keeps its thread".into(),
            };
            self.slice(track, &name, stretch.begin, stretch.end);
        }
        if !lane.works.is_empty() {
            let name = format!("{}: work", lane.name);
            let works = self.track(|it| it.text(2, &name).number(5, track));
            for work in &lane.works {
                self.slice(works, &work.name, work.begin, work.end);
            }
        }
    }

    fn slice(&mut self, track: u64, name: &str, begin: u64, end: u64) {
        self.event(begin, |event| event.number(9, BEGIN).number(11, track).text(23, name));
        self.event(end, |event| event.number(9, END).number(11, track));
    }

    /// Describes a new track, and gives its number.
    fn track(&mut self, describe: impl FnOnce(Message) -> Message) -> u64 {
        self.tracks += 1;
        let descriptor = describe(Message::default().number(1, self.tracks));
        self.packet(Message::default().message(60, descriptor));
        self.tracks
    }

    fn event(&mut self, at: u64, describe: impl FnOnce(Message) -> Message) {
        let event = describe(Message::default());
        self.packet(Message::default().number(8, at).message(11, event));
    }

    /// All packets are of one writer.
    fn packet(&mut self, packet: Message) {
        let trace = std::mem::take(&mut self.bytes);
        self.bytes = trace.message(1, packet.number(10, 1));
    }
}

fn process_name<'a>(run: &'a Run, first: &'a Lane) -> &'a str {
    let alone = run.lanes.iter().all(|lane| lane.pid == first.pid);
    if alone { "process" } else { &first.name }
}

/// A message of protobuf, written field by field.
struct Message(PbEncoder<Vec<u8>>);

impl Default for Message {
    fn default() -> Self {
        Self(PbEncoder::new(Vec::new()))
    }
}

impl Message {
    fn number(mut self, field: u32, value: u64) -> Self {
        let Ok(()) = self.0.encode_tag(Tag::from_parts(field, WIRE_TYPE_VARINT));
        let Ok(()) = self.0.encode_varint64(value);
        self
    }

    fn text(self, field: u32, value: &str) -> Self {
        self.bytes(field, value.as_bytes())
    }

    fn message(self, field: u32, value: Self) -> Self {
        self.bytes(field, value.0.as_writer())
    }

    fn bytes(mut self, field: u32, value: &[u8]) -> Self {
        let Ok(()) = self.0.encode_tag(Tag::from_parts(field, WIRE_TYPE_LEN));
        let Ok(()) = self.0.encode_bytes(value);
        self
    }
}

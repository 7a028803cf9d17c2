//! What travels between processes, and on what.

pub mod bell;
#[path = "../../02-multiprocessing/library/travel/channel.rs"]
pub mod channel;
pub mod descriptor;
pub mod news;
#[path = "../../02-multiprocessing/library/travel/packet.rs"]
pub mod packet;
pub mod socket;

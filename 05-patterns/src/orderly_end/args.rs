//! What may be chosen.

/// A bounded queue between producers and consumers, and an orderly end
#[derive(clap::Args)]
pub struct Args {
    /// Seconds after which the producers stop
    #[arg(long, default_value = "10", value_parser = lab::args::seconds)]
    pub seconds: f64,
    /// Seconds between two numbers of a producer
    #[arg(long, default_value = "1", value_parser = interval)]
    pub every: f64,
    /// Seconds that a consumer works on a number
    #[arg(long, default_value = "0", value_parser = lab::args::seconds)]
    pub work: f64,
    /// Threads that produce
    #[arg(long, default_value = "1", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub producers: u16,
    /// Threads that consume
    #[arg(long, default_value = "1", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub consumers: u16,
    /// Numbers that the queue holds
    #[arg(long, default_value = "10", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub capacity: u32,
    /// Where the first producer's random numbers begin; the next one's begin at the next seed
    #[arg(long, default_value = "1")]
    pub seed: u64,
    /// The consumer that takes this one, counted from 1, panics
    #[arg(long)]
    pub panic_on: Option<u64>,
}

fn interval(text: &str) -> Result<f64, String> {
    match lab::args::seconds(text)? {
        seconds if seconds >= 0.001 => Ok(seconds),
        _ => Err("must be at least 0.001".into()),
    }
}

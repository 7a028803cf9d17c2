//! What both sides of the bucket call things.

/// The tutorial's bucket, the one that there is.
pub const NAME: &str = "your-bucket-name";
/// The metadata, after `x-amz-meta-`, that holds an object's CRC-64/NVME in hexadecimal.
pub const CHECKSUM: &str = "crc64nvme";

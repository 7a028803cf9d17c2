//! Photographs: generated ones, and the blurring of a file.
//!
//! The generated ones are the same each time, and hard enough on a codec to stand for real ones.

pub mod blur;
mod file;
#[cfg(test)]
mod hostile;

use std::path::PathBuf;

use anyhow::Result;
use image::{ImageFormat, Rgb, RgbImage};

use crate::cache;
use file::Photo;

pub use file::blur_file;

/// The JPEG files `image1.jpg` to `image4.jpg` of so many pixels, in a cache folder under `target/`;
/// written if they are not there yet.
///
/// # Errors
/// If they cannot be written.
pub fn four(width: u32, height: u32) -> Result<Vec<PathBuf>> {
    let mut photos = Vec::new();
    for number in 1..=4 {
        photos.push(cache::file(format!("photos/{width}x{height}/image{number}.jpg"), |file| {
            file::encode(&draw(number, width, height), ImageFormat::Jpeg, file)
        })?);
    }
    Ok(photos)
}

/// Slow gradients with hills before them and noise on top.
fn draw(number: u32, width: u32, height: u32) -> Photo {
    let mut noise = number.wrapping_mul(0x9e37_79b9) | 1;
    let (wide, high) = (width as f32, height as f32);
    // Parabolas, not sines: these are in another library, and lesson 02 measures what starting a process costs.
    let arch = |x: u32, arches: u32| {
        let width = (width / arches).max(1);
        let across = (x % width) as f32 / width as f32;
        4.0 * across * (1.0 - across)
    };
    let hills: Vec<f32> =
        (0..width).map(|x| high * (0.8 - 0.3 * arch(x, 1 + number) - 0.1 * arch(x, 7))).collect();
    let photo = RgbImage::from_fn(width, height, |x, y| {
        // xorshift: fast, and good enough to look like the grain of a sensor.
        noise ^= noise << 13;
        noise ^= noise >> 17;
        noise ^= noise << 5;
        let grain = (noise & 15) as f32;
        let (across, down) = (x as f32 / wide, y as f32 / high);
        let [red, green, blue] = if (y as f32) < hills[x as usize] {
            [60.0 + 80.0 * down, 110.0 + 60.0 * down, 200.0 - 30.0 * across]
        } else {
            [50.0 + 60.0 * across, 120.0 - 50.0 * down, 40.0 + 10.0 * number as f32]
        };
        Rgb([red, green, blue].map(|channel| (channel + grain).clamp(0.0, 255.0) as u8))
    });
    Photo { pixels: photo.into_raw(), width, height, channels: 3 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As they were always: figures of one version are those of another, on the same pixels.
    #[test]
    fn the_photos_are_what_they_were() {
        let sums = [1, 2, 3, 4].map(|number| {
            let photo = draw(number, 40, 30);
            assert_eq!((photo.width, photo.height, photo.channels), (40, 30, 3));
            photo.pixels.iter().fold(0_u32, |sum, byte| sum.wrapping_mul(31) + u32::from(*byte))
        });
        assert_eq!(sums, [2_558_990_281, 2_991_924_158, 531_298_075, 3_553_466_053]);
    }
}

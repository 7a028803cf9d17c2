//! A photograph from a file, blurred, into a file.

use std::{
    fs::{self, File},
    io::{BufWriter, Cursor, Write},
    path::Path,
};

use anyhow::{Context, Result, bail, ensure};
use image::{
    ExtendedColorType, ImageDecoder, ImageEncoder, ImageFormat,
    codecs::png::{PngDecoder, PngEncoder},
};
use jpeg_encoder::{ColorType, Encoder, EncodingError};
use zune_jpeg::{
    JpegDecoder,
    zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions},
};

use super::blur::blur;
use crate::aside::Aside;

/// Quality of the JPEG files that Pillow saves by default.
const QUALITY: u8 = 75;

/// Pixels of `channels` bytes each: 1 grey, 3 RGB, 4 RGBA.
pub(super) struct Photo {
    pub pixels: Vec<u8>,
    pub width: u32,
    pub height: u32,
    pub channels: usize,
}

/// Blurs the JPEG or PNG file `from` into the file `to` of the same format. `to` is there whole or
/// not at all.
///
/// # Errors
/// If `from` cannot be read or is not an 8-bit grey, RGB or RGBA photograph, or `to` cannot be written.
pub fn blur_file(from: &Path, to: &Path) -> Result<()> {
    let bytes = fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
    let (format, mut photo) =
        decode(&bytes).with_context(|| format!("cannot blur {}", from.display()))?;
    blur(&mut photo.pixels, photo.width as usize, photo.channels);
    let write = || {
        let aside = Aside::new(to)?;
        encode(&photo, format, aside.file())?;
        anyhow::Ok(aside.persist()?)
    };
    write().with_context(|| format!("cannot write {}", to.display()))
}

pub(super) fn decode(bytes: &[u8]) -> Result<(ImageFormat, Photo)> {
    let photo = match image::guess_format(bytes) {
        Ok(ImageFormat::Jpeg) => (ImageFormat::Jpeg, decode_jpeg(bytes)?),
        Ok(ImageFormat::Png) => (ImageFormat::Png, decode_png(bytes)?),
        _ => bail!("it is not a JPEG or PNG file"),
    };
    Ok(photo)
}

/// With zune-jpeg itself: through `image` a file that was cut off would come out grey at the end.
fn decode_jpeg(bytes: &[u8]) -> Result<Photo> {
    // Strict as it is, the decoder makes up the last bytes.
    let marker = |bytes: &[u8], kind| bytes.windows(2).rposition(|it| it == [0xff, kind]);
    let end = marker(bytes, 0xd9).context("its end is missing")?;
    ensure!(marker(&bytes[end..], 0xda).is_none(), "its end is missing");
    let strict = DecoderOptions::default().set_strict_mode(true);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), strict);
    decoder.decode_headers()?;
    let (channels, output) = match decoder.input_colorspace() {
        Some(ColorSpace::Luma) => (1, ColorSpace::Luma),
        Some(ColorSpace::YCbCr | ColorSpace::RGB) => (3, ColorSpace::RGB),
        other => bail!("its colours are {other:?}; only grey and RGB can be blurred"),
    };
    decoder.set_options(strict.jpeg_set_out_colorspace(output));
    let (width, height) = decoder.dimensions().context("it has no size")?;
    let (width, height) = (u32::try_from(width)?, u32::try_from(height)?);
    check_size(width, height, bytes.len())?;
    let pixels = decoder.decode()?;
    Ok(Photo { pixels, width, height, channels })
}

/// The most pixels that a byte can stand for. Deflate makes at most 1,032 bytes of one (zlib's technical details), and a
/// JPEG's blocks of 64 pixels take a bit each at the least.
const PIXELS: u64 = 2048;

/// Before there is memory for so many pixels.
fn check_size(width: u32, height: u32, bytes: usize) -> Result<()> {
    let fits = u64::from(width) * u64::from(height) <= bytes as u64 * PIXELS;
    ensure!(fits, "{width}x{height} pixels cannot be in {bytes} bytes");
    Ok(())
}

fn decode_png(bytes: &[u8]) -> Result<Photo> {
    let decoder = PngDecoder::new(Cursor::new(bytes))?;
    let channels = match decoder.original_color_type() {
        ExtendedColorType::L8 => 1,
        ExtendedColorType::Rgb8 => 3,
        ExtendedColorType::Rgba8 => 4,
        other => bail!("its pixels are {other:?}; only 8-bit grey, RGB and RGBA can be blurred"),
    };
    let (width, height) = decoder.dimensions();
    check_size(width, height, bytes.len())?;
    let size = usize::try_from(decoder.total_bytes())?;
    let mut pixels = vec![0; size];
    decoder.read_image(&mut pixels)?;
    Ok(Photo { pixels, width, height, channels })
}

pub(super) fn encode(photo: &Photo, format: ImageFormat, file: &File) -> Result<()> {
    let mut writer = BufWriter::new(file);
    let Photo { pixels, width, height, channels } = photo;
    if format == ImageFormat::Jpeg {
        let color = if *channels == 1 { ColorType::Luma } else { ColorType::Rgb };
        let (width, height) = (u16::try_from(*width)?, u16::try_from(*height)?);
        match Encoder::new(&mut writer, QUALITY).encode(pixels, width, height, color) {
            // Its own text would be the same again.
            Err(EncodingError::IoError(error)) => bail!(error),
            encoded => encoded?,
        }
    } else {
        let color = match channels {
            1 => ExtendedColorType::L8,
            3 => ExtendedColorType::Rgb8,
            _ => ExtendedColorType::Rgba8,
        };
        PngEncoder::new(&mut writer).write_image(pixels, *width, *height, color)?;
    }
    // Neither encoder does: dropped, the writer would keep the error of its last bytes to itself.
    Ok(writer.flush()?)
}

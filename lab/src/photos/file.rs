//! A photograph from a file, blurred, into a file.

use std::{fs, io::BufWriter, path::Path};

use anyhow::{Context, Result, bail};
use image::codecs::png::PngEncoder;
use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageFormat, ImageReader,
};
use jpeg_encoder::{ColorType, Encoder};
use tempfile::Builder;

use super::blur::{Pixels, blur};

/// Quality of the JPEG files that Pillow saves by default.
const QUALITY: u8 = 75;

/// Blurs the JPEG or PNG file `from` into the file `to` of the same format. `to` is there whole or
/// not at all.
///
/// # Errors
/// If `from` cannot be read or is not an 8-bit grey, RGB or RGBA photograph, or `to` cannot be written.
pub fn blur_file(from: &Path, to: &Path) -> Result<()> {
    let reader = ImageReader::open(from)
        .and_then(ImageReader::with_guessed_format)
        .with_context(|| format!("cannot read {}", from.display()))?;
    let format = match reader.format() {
        Some(format @ (ImageFormat::Jpeg | ImageFormat::Png)) => format,
        _ => bail!("cannot blur {}: it is not a JPEG or PNG file", from.display()),
    };
    let photo = decode(reader).with_context(|| format!("cannot blur {}", from.display()))?;
    let (width, height) = (photo.width(), photo.height());
    let channels = usize::from(photo.color().channel_count());
    let pixels = Pixels { bytes: photo.as_bytes(), width: width as usize, channels };
    let blurred = blur(&pixels);
    let write = || {
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        // As readable as any new file, not as private as temporary ones.
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o666);
        let aside = Builder::new().permissions(permissions).tempfile_in(folder)?;
        encode(&blurred, (width, height), channels, format, &aside)?;
        aside.persist(to)?;
        anyhow::Ok(())
    };
    write().with_context(|| format!("cannot write {}", to.display()))
}

fn decode(reader: ImageReader<std::io::BufReader<fs::File>>) -> Result<DynamicImage> {
    let decoder = reader.into_decoder()?;
    match decoder.original_color_type() {
        ExtendedColorType::L8 | ExtendedColorType::Rgb8 | ExtendedColorType::Rgba8 => {}
        other => bail!("its pixels are {other:?}; only 8-bit grey, RGB and RGBA can be blurred"),
    }
    Ok(DynamicImage::from_decoder(decoder)?)
}

fn encode(
    bytes: &[u8],
    (width, height): (u32, u32),
    channels: usize,
    format: ImageFormat,
    file: &tempfile::NamedTempFile,
) -> Result<()> {
    let writer = BufWriter::new(file);
    if format == ImageFormat::Jpeg {
        let color = if channels == 1 { ColorType::Luma } else { ColorType::Rgb };
        let (width, height) = (u16::try_from(width)?, u16::try_from(height)?);
        Encoder::new(writer, QUALITY).encode(bytes, width, height, color)?;
    } else {
        let color = match channels {
            1 => ExtendedColorType::L8,
            3 => ExtendedColorType::Rgb8,
            _ => ExtendedColorType::Rgba8,
        };
        PngEncoder::new(writer).write_image(bytes, width, height, color)?;
    }
    Ok(())
}

//! Photographs that no camera would write: they are refused or blurred, and none takes memory that its bytes do not bear
//! out.

use std::{fs, io::Cursor, sync::LazyLock};

use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
use proptest::prelude::*;

use super::{blur_file, file::decode, four};

/// A small photograph in both formats.
static PHOTOS: LazyLock<[Vec<u8>; 2]> = LazyLock::new(|| {
    let jpeg = fs::read(&four(24, 16).expect("it can be made")[0]).expect("it can be read");
    let (_, photo) = decode(&jpeg).expect("it is a photograph");
    let mut png = Cursor::new(Vec::new());
    PngEncoder::new(&mut png)
        .write_image(&photo.pixels, photo.width, photo.height, ExtendedColorType::Rgb8)
        .expect("it can be written");
    [jpeg, png.into_inner()]
});

/// Blurs these bytes in a folder; nothing but a whole photograph may be there then.
fn blur(bytes: &[u8]) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (from, to) = (folder.path().join("from"), folder.path().join("to"));
    fs::write(&from, bytes)?;
    let blurred = blur_file(&from, &to);
    match &blurred {
        Ok(()) => drop(decode(&fs::read(&to)?)?),
        Err(_) => assert_eq!(fs::read_dir(folder.path())?.count(), 1, "something is left"),
    }
    blurred
}

#[test]
fn one_that_is_cut_at_any_length_is_refused() {
    for photo in &*PHOTOS {
        blur(photo).expect("it is whole");
        // PNG's last chunk only says that it ends.
        let needed = photo.len() - if photo.starts_with(b"\x89PNG") { 12 } else { 0 };
        for length in 0..needed {
            assert!(blur(&photo[..length]).is_err(), "{length} of {} bytes", photo.len());
        }
    }
}

/// The checksum of a PNG's chunk (PNG specification, annex D).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

/// The photograph, in which another size stands.
fn lying(photo: &[u8], width: u32, height: u32) -> Vec<u8> {
    let mut photo = photo.to_vec();
    if photo.starts_with(b"\x89PNG") {
        photo[16..20].copy_from_slice(&width.to_be_bytes());
        photo[20..24].copy_from_slice(&height.to_be_bytes());
        let crc = crc(&photo[12..29]).to_be_bytes();
        photo[29..33].copy_from_slice(&crc);
    } else {
        let frame = photo.windows(2).position(|marker| marker == [0xff, 0xc0]).expect("a frame");
        photo[frame + 5..frame + 7].copy_from_slice(&(height as u16).to_be_bytes());
        photo[frame + 7..frame + 9].copy_from_slice(&(width as u16).to_be_bytes());
    }
    photo
}

#[test]
fn a_size_that_the_bytes_do_not_bear_out_is_named() {
    for photo in &*PHOTOS {
        blur(&lying(photo, 24, 16)).expect("that is its size");
        for (width, height) in [(16_000, 16_000), (0x7fff_ffff, 0x7fff_ffff), (60_000, 4)] {
            let error = blur(&lying(photo, width, height)).expect_err("it is not so large");
            let error = format!("{error:#}");
            assert!(!error.contains("panic"), "{error}");
        }
        let error = blur(&lying(photo, 16_000, 16_000)).expect_err("it is not so large");
        let (length, error) = (photo.len(), format!("{error:#}"));
        let said = format!("16000x16000 pixels cannot be in {length} bytes");
        assert!(error.contains(&said), "no {said:?} in {error}");
    }
}

proptest! {
    #[test]
    fn one_with_anything_in_one_place_is_refused_or_blurred(
        which in 0..2_usize,
        at in any::<prop::sample::Index>(),
        bytes in prop::collection::vec(any::<u8>(), 1..5),
        width in any::<u32>(),
        height in prop_oneof![0..40_u32, any::<u32>()],
        lies in any::<bool>(),
    ) {
        let mut photo = PHOTOS[which].clone();
        let at = at.index(photo.len() - bytes.len());
        photo[at..at + bytes.len()].copy_from_slice(&bytes);
        if lies && at > 33 && photo[0] == 0x89 {
            photo = lying(&photo, width, height);
        }
        let _ = blur(&photo);
    }

    #[test]
    fn bytes_are_refused(start in 0..3_usize, bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let start: &[u8] = [&b""[..], b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"][start];
        prop_assert!(blur(&[start, &bytes].concat()).is_err());
    }
}

//! Pillow's `ImageFilter.BLUR`, pixel for pixel.

/// A view of 8-bit pixels, `channels` bytes each, row after row.
pub struct Pixels<'a> {
    /// All bytes.
    pub bytes: &'a [u8],
    /// Pixels in a row.
    pub width: usize,
    /// Bytes in a pixel.
    pub channels: usize,
}

/// Each pixel becomes the mean of the sixteen around it at a distance of two, rounded half up; a
/// border of two pixels stays as it is. Each channel by itself, as Pillow does it.
///
/// Source: the kernel in Pillow's documentation of `ImageFilter`: 5 × 5, sixteen ones around nine
/// zeros, divided by 16. The ring is the sum of 5 × 5 less the sum of 3 × 3, both built from sums of
/// columns, which neighbours share.
pub fn blur(pixels: &Pixels<'_>) -> Vec<u8> {
    let Pixels { bytes, width, channels } = *pixels;
    let mut blurred = bytes.to_vec();
    let row = width * channels;
    if width < 5 || bytes.len() < 5 * row {
        return blurred;
    }
    // Sums of five and of three pixels, one above the other: at most 1275, so that 16 bits do.
    let (mut five, mut three) = (vec![0_u16; row], vec![0_u16; row]);
    for (window, out) in bytes.windows(5 * row).step_by(row).zip(blurred.chunks_mut(row).skip(2)) {
        let mut rows = window.chunks_exact(row);
        let [Some(a), Some(b), Some(c), Some(d), Some(e)] = [(); 5].map(|()| rows.next()) else {
            break;
        };
        let columns = a.iter().zip(b).zip(c).zip(d).zip(e);
        for (((five, three), column), _) in five.iter_mut().zip(&mut three).zip(columns).zip(0..row)
        {
            let ((((a, b), c), d), e) = column;
            *three = u16::from(*b) + u16::from(*c) + u16::from(*d);
            *five = *three + u16::from(*a) + u16::from(*e);
        }
        let inner = row - 4 * channels;
        let [f0, f1, f2, f3, f4] = [0, 1, 2, 3, 4].map(|shift| &five[shift * channels..][..inner]);
        let [t1, t2, t3] = [1, 2, 3].map(|shift| &three[shift * channels..][..inner]);
        let out = &mut out[2 * channels..][..inner];
        for at in 0..inner {
            let ring = f0[at] + f1[at] + f2[at] + f3[at] + f4[at] - t1[at] - t2[at] - t3[at];
            out[at] = ((ring + 8) >> 4) as u8;
        }
    }
    blurred
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, one pixel at a time.
    fn plain(pixels: &Pixels<'_>) -> Vec<u8> {
        let Pixels { bytes, width, channels } = *pixels;
        let height = bytes.len() / (width * channels);
        let at =
            |x: usize, y: usize, channel| u32::from(bytes[(y * width + x) * channels + channel]);
        let mut blurred = bytes.to_vec();
        for y in 2..height.saturating_sub(2) {
            for x in 2..width.saturating_sub(2) {
                for channel in 0..channels {
                    let ring = (0..25).filter(|cell| {
                        let (across, down) = (cell % 5, cell / 5);
                        across == 0 || across == 4 || down == 0 || down == 4
                    });
                    let sum: u32 =
                        ring.map(|cell| at(x + cell % 5 - 2, y + cell / 5 - 2, channel)).sum();
                    blurred[(y * width + x) * channels + channel] = ((sum + 8) / 16) as u8;
                }
            }
        }
        blurred
    }

    #[test]
    fn it_is_the_definition_for_all_sizes_and_channels() {
        let noise: Vec<u8> =
            (0..12_u32 * 12 * 4).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        for channels in [1, 3, 4] {
            for width in 1..=12 {
                for height in 1..=12 {
                    let bytes = &noise[..width * height * channels];
                    let pixels = Pixels { bytes, width, channels };
                    assert_eq!(blur(&pixels), plain(&pixels), "{width}x{height}x{channels}");
                }
            }
        }
        let white = [255; 25];
        assert_eq!(blur(&Pixels { bytes: &white, width: 5, channels: 1 }), white);
    }
}

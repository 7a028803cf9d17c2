//! Pillow's `ImageFilter.BLUR`, pixel for pixel.

/// Blurs 8-bit pixels of `channels` bytes each, `width` of them in a row, in their place: each pixel
/// becomes the mean of the sixteen around it at a distance of two, rounded half up; a border of two
/// pixels stays as it is. Each channel by itself, as Pillow does it.
///
/// Source: the kernel in Pillow's documentation of `ImageFilter`: 5 × 5, sixteen ones around nine
/// zeros, divided by 16. Its left and right columns are five pixels each, the three between them two
/// each, top and bottom: sums of columns, which neighbours share.
pub fn blur(bytes: &mut [u8], width: usize, channels: usize) {
    let row = width * channels;
    if width < 5 || bytes.len() < 5 * row {
        return;
    }
    let (border, inner) = (2 * channels, row - 4 * channels);
    // The two rows above as they were, and room for the next one.
    let [mut a, mut b, mut free] = [&bytes[..row], &bytes[row..2 * row], &[]].map(<[u8]>::to_vec);
    // Sums of all five pixels of a column, and of its ends: at most 1275, so that 16 bits do.
    let (mut five, mut ends) = (vec![0_u16; row], vec![0_u16; row]);
    for top in (2 * row..bytes.len() - 2 * row).step_by(row) {
        let [c, d, e] = [0, 1, 2].map(|line| &bytes[top + line * row..][..row]);
        sum_columns([&a, &b, c, d, e], &mut five, &mut ends);
        free.clear();
        free.extend_from_slice(c);
        [a, b, free] = [b, free, a];
        let [left, right] = [0, 4].map(|column| &five[column * channels..][..inner]);
        let [x, y, z] = [1, 2, 3].map(|column| &ends[column * channels..][..inner]);
        mean([left, right, x, y, z], &mut bytes[top + border..][..inner]);
    }
}

// The two loops are functions of their own: as such the compiler knows that nothing overlaps, and
// works on eight sums at a time.

fn sum_columns(rows: [&[u8]; 5], five: &mut [u16], ends: &mut [u16]) {
    let [a, b, c, d, e] = rows.map(|row| &row[..five.len()]);
    let ends = &mut ends[..five.len()];
    for (at, five) in five.iter_mut().enumerate() {
        ends[at] = u16::from(a[at]) + u16::from(e[at]);
        *five = ends[at] + u16::from(b[at]) + u16::from(c[at]) + u16::from(d[at]);
    }
}

fn mean(parts: [&[u16]; 5], means: &mut [u8]) {
    let [left, right, x, y, z] = parts.map(|part| &part[..means.len()]);
    for (at, mean) in means.iter_mut().enumerate() {
        *mean = ((left[at] + right[at] + x[at] + y[at] + z[at] + 8) >> 4) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, one pixel at a time.
    fn plain(bytes: &[u8], width: usize, channels: usize) -> Vec<u8> {
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
                    let mut blurred = bytes.to_vec();
                    blur(&mut blurred, width, channels);
                    assert_eq!(
                        blurred,
                        plain(bytes, width, channels),
                        "{width}x{height}x{channels}"
                    );
                }
            }
        }
        let mut white = [255; 25];
        blur(&mut white, 5, 1);
        assert_eq!(white, [255; 25]);
    }
}

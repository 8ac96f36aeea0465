//! Archives without compression: the least that a ZIP can be.

/// The polynomial of CRC-32, its bits turned round.
const POLYNOMIAL: u32 = 0xedb8_8320;
/// 1980-01-01, the first day that the format knows.
const EPOCH: u16 = 0x21;

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ POLYNOMIAL } else { crc >> 1 })
    })
}

/// An archive of small files.
pub(super) fn stored(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let offset = size(out.len());
        let mut shared = Vec::new();
        for word in [20, 0, 0, 0, EPOCH] {
            shared.extend(u16::to_le_bytes(word));
        }
        for number in [crc(bytes), size(bytes.len()), size(bytes.len())] {
            shared.extend(number.to_le_bytes());
        }
        shared.extend(short(name.len()).to_le_bytes());
        shared.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&shared);
        out.extend(name.as_bytes());
        out.extend(bytes);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&shared);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (start, count) = (size(out.len()), short(files.len()));
    out.extend(&directory);
    out.extend(b"PK\x05\x06\x00\x00\x00\x00");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(size(directory.len()).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

fn size(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn short(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::{crc, stored};

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        assert_eq!(crc(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn an_archive_ends_with_its_directory() {
        let archive = stored(&[("a.C1B".into(), b"one".to_vec()), ("b.C1B".into(), b"two".to_vec())]);
        let end = &archive[archive.len() - 22..];
        assert_eq!((&end[..4], end[8], end[10]), (&b"PK\x05\x06"[..], 2, 2));
    }
}

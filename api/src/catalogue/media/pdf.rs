//! How many pages a PDF has, as its page tree says. Nothing of it is drawn or run.

use std::io::Read;

use flate2::read::ZlibDecoder;

/// How much is read of packed streams in all and how much comes out of them, and how many places are looked at, whichever part of the
/// file they are in.
const MOST_READ: usize = 64 * 1024 * 1024;
const MOST_UNPACKED: u64 = 32 * 1024 * 1024;
const MOST_PLACES: usize = 1_000;

/// How far the parts of an object are apart at most.
const REACH: usize = 64 * 1024;

/// None if the file does not say in a way that is understood, as an encrypted one.
pub fn pages(file: &[u8]) -> Option<i32> {
    let packed = unpacked(file);
    let mut places = MOST_PLACES;
    let parts = std::iter::once(file).chain(packed.iter().map(Vec::as_slice));
    let counts = parts.filter_map(|part| most_pages(part, &mut places));
    counts.max().filter(|count| (1..=1_000_000).contains(count))
}

/// The streams that hold objects.
fn unpacked(file: &[u8]) -> Vec<Vec<u8>> {
    let (mut left, mut unread) = (MOST_UNPACKED, MOST_READ);
    let mut found = Vec::new();
    for place in places(file, b"/ObjStm").take(MOST_PLACES) {
        let near = &file[place..file.len().min(place + 1024)];
        let Some(start) = places(near, b"stream").next() else { continue };
        let data = &near[start + b"stream".len()..];
        let line_end = if data.starts_with(b"\r\n") { 2 } else { 1 };
        let from = file.len().min(place + start + b"stream".len() + line_end);
        let mut objects = Vec::new();
        // What is cut off or damaged is read as far as it goes.
        let mut decoder = ZlibDecoder::new(&file[from..file.len().min(from + unread)]);
        let _ = decoder.by_ref().take(left).read_to_end(&mut objects);
        unread = unread.saturating_sub(usize::try_from(decoder.total_in()).unwrap_or(usize::MAX));
        left -= objects.len() as u64;
        found.push(objects);
    }
    found
}

/// The largest count of a node of the page tree: that of its root. Looks at no more places than are left.
fn most_pages(objects: &[u8], left: &mut usize) -> Option<i32> {
    let nodes = places(objects, b"/Pages").take(*left).filter(|place| {
        *left = left.saturating_sub(1);
        is_type(&objects[..*place])
    });
    let count = nodes.filter_map(|place| {
        let begin = place.saturating_sub(REACH);
        let begin = begin + objects[begin..place].windows(2).rposition(|two| two == b"<<")?;
        let end = objects.len().min(place + REACH);
        let end = place + places(&objects[place..end], b">>").next()?;
        let node = &objects[begin..end];
        let value = &node[places(node, b"/Count").next()? + b"/Count".len()..];
        let digits = value.trim_ascii_start().iter().take_while(|byte| byte.is_ascii_digit()).count();
        std::str::from_utf8(&value.trim_ascii_start()[..digits]).ok()?.parse().ok()
    });
    count.max()
}

fn is_type(before: &[u8]) -> bool {
    before.trim_ascii_end().ends_with(b"/Type")
}

fn places<'a>(text: &'a [u8], word: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    text.windows(word.len()).enumerate().filter(move |(_, part)| *part == word).map(|(place, _)| place)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn the_root_of_the_page_tree_says_how_many_pages_there_are() {
        let plain = b"%PDF-1.4\n2 0 obj\n<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 12 >>\nendobj\n3 0 obj <</Type/Pages/Parent 2 0 R/Count 5>>";
        assert_eq!(pages(plain), Some(12));
        let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(b"2 0 <</Count 7/Type/Pages/Kids[3 0 R]>>").unwrap();
        let packed =
            [b"%PDF-1.7 1 0 obj <</Type/ObjStm/N 1>>\nstream\r\n".as_slice(), &packer.finish().unwrap()].concat();
        assert_eq!(pages(&packed), Some(7));
        for odd in [
            b"%PDF-1.4 /Type /Pages".as_slice(),
            b"<</Type/Pages/Count 0>>",
            b"<</Type/Pages/Count 99999999999>>",
            b"/ObjStm stream",
            b"",
        ] {
            assert_eq!(pages(odd), None);
        }
    }
}

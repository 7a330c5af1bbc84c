//! Makes small images of large ones. What comes from outside is judged by its header before a pixel is unpacked.

use std::io::Cursor;

use domain::catalogue::media::EDGES;
use domain::document::MediaType;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

/// The most pixels of an image, and the longest side.
const MAX_PIXELS: u64 = 24_000_000;
const MAX_SIDE: u32 = 16_000;

/// The most memory for the pixels, which may have up to eight bytes each.
const MAX_MEMORY: u64 = 128 * 1024 * 1024;

/// Of a preview without transparent parts.
const JPEG_QUALITY: u8 = 82;

/// Why there are no previews.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is not the image that it says it is.
    Broken,
    /// It has more pixels than are looked at.
    TooLarge,
    /// It could not be looked at in time.
    TooSlow,
}

impl Fault {
    pub fn code(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::TooLarge => "too_large",
            Self::TooSlow => "too_slow",
        }
    }
}

/// An image as it is looked at, and its previews.
#[derive(Debug)]
pub struct Previewed {
    pub width: u32,
    pub height: u32,
    pub previews: Vec<Preview>,
}

#[derive(Debug)]
pub struct Preview {
    pub edge: u32,
    pub width: u32,
    pub height: u32,
    pub media: MediaType,
    pub bytes: Vec<u8>,
}

/// The previews of an image: fitted into a square, never larger than it is, turned as its camera was held, without its metadata.
pub fn previews(bytes: &[u8], media: MediaType) -> Result<Previewed, Fault> {
    let mut image = decode(bytes, media)?;
    let (width, height) = (image.width(), image.height());
    let mut previews = Vec::new();
    for edge in EDGES.into_iter().rev() {
        if image.width().max(image.height()) > edge {
            image = image.thumbnail(edge, edge);
        }
        let (media, bytes) = encode(&image).map_err(fault)?;
        previews.push(Preview { edge, width: image.width(), height: image.height(), media, bytes });
    }
    previews.reverse();
    Ok(Previewed { width, height, previews })
}

fn decode(bytes: &[u8], media: MediaType) -> Result<DynamicImage, Fault> {
    let format = match media {
        MediaType::Png => ImageFormat::Png,
        MediaType::Jpeg => ImageFormat::Jpeg,
        MediaType::Webp => ImageFormat::WebP,
        _ => return Err(Fault::Broken),
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(fault)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS || decoder.total_bytes() > MAX_MEMORY {
        return Err(Fault::TooLarge);
    }
    let orientation = decoder.orientation().map_err(fault)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(fault)?;
    image.apply_orientation(orientation);
    Ok(image)
}

/// What is transparent stays so.
fn encode(image: &DynamicImage) -> Result<(MediaType, Vec<u8>), ImageError> {
    let mut bytes = Vec::new();
    if image.color().has_alpha() {
        DynamicImage::from(image.to_rgba8()).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)?;
        return Ok((MediaType::Png, bytes));
    }
    JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY).encode_image(&image.to_rgb8())?;
    Ok((MediaType::Jpeg, bytes))
}

fn fault(error: ImageError) -> Fault {
    match error {
        ImageError::Limits(_) => Fault::TooLarge,
        _ => Fault::Broken,
    }
}

#[cfg(test)]
mod tests {
    use image::{Rgba, RgbaImage};

    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let image = RgbaImage::from_fn(width, height, |x, y| Rgba([x.to_le_bytes()[0], y.to_le_bytes()[0], 9, 128]));
        let mut bytes = Vec::new();
        image.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
        bytes
    }

    #[test]
    fn previews_fit_into_their_squares_and_are_never_larger_than_the_image() {
        let sizes = |width, height| {
            let done = previews(&png(width, height), MediaType::Png).unwrap();
            done.previews.iter().map(|one| (one.edge, one.width, one.height, one.media)).collect::<Vec<_>>()
        };
        assert_eq!(sizes(1000, 500), [(160, 160, 80, MediaType::Png), (640, 640, 320, MediaType::Png)]);
        assert_eq!(sizes(200, 3), [(160, 160, 2, MediaType::Png), (640, 200, 3, MediaType::Png)]);
    }

    #[test]
    fn what_is_no_image_or_has_too_many_pixels_is_refused() {
        let whole = png(100, 100);
        assert_eq!(previews(&whole[..whole.len() / 2], MediaType::Png).unwrap_err(), Fault::Broken);
        assert_eq!(previews(&whole, MediaType::Jpeg).unwrap_err(), Fault::Broken);
        assert_eq!(previews(b"RIFF....WEBP", MediaType::Webp).unwrap_err(), Fault::Broken);
        assert_eq!(previews(&png(16_001, 1), MediaType::Png).unwrap_err(), Fault::TooLarge);
    }
}

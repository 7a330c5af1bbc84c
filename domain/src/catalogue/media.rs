//! Images and data sheets of products: what is taken, in which order it stands.

use crate::document::MediaType;
use crate::kernel::{Kind, Refusal};

/// How many images and data sheets a product has at most.
pub const MAX_MEDIA: usize = 30;

/// How long the longest sides of the previews are at most, in pixels.
pub const EDGES: [u32; 2] = [160, 640];

/// What a file shows of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaKind {
    Image,
    DataSheet,
}

impl MediaKind {
    pub fn code(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::DataSheet => "data_sheet",
        }
    }

    /// Refuses files that are neither images nor PDF, and those too large to be looked at as a whole.
    pub fn of(media: MediaType, size: u64) -> Result<Self, Refusal> {
        let kind = match media {
            MediaType::Jpeg | MediaType::Png | MediaType::Webp => Self::Image,
            MediaType::Pdf => Self::DataSheet,
            _ => {
                let detail = "Images are JPEG, PNG or WebP, data sheets PDF.";
                return Err(Refusal::new(Kind::ForbiddenFileType, detail));
            }
        };
        if size > kind.max_size() {
            let most = kind.max_size();
            return Err(Refusal::new(Kind::FileTooLarge, format!("A file of this kind may have {most} bytes.")));
        }
        Ok(kind)
    }

    fn max_size(self) -> u64 {
        match self {
            Self::Image => 16 * 1024 * 1024,
            Self::DataSheet => 32 * 1024 * 1024,
        }
    }
}

/// The order in which one of several stands at a place, counted from 1; beyond the last it stands last.
pub fn moved<T: Copy + PartialEq>(order: &[T], one: T, position: usize) -> Vec<T> {
    let mut moved: Vec<T> = order.iter().copied().filter(|other| *other != one).collect();
    let place = position.saturating_sub(1).min(moved.len());
    moved.insert(place, one);
    moved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_and_pdf_are_taken_up_to_a_size() {
        assert_eq!(MediaKind::of(MediaType::Webp, 16 * 1024 * 1024), Ok(MediaKind::Image));
        assert_eq!(MediaKind::of(MediaType::Pdf, 16 * 1024 * 1024 + 1), Ok(MediaKind::DataSheet));
        let refused = |media, size| MediaKind::of(media, size).map_err(|refusal| refusal.kind);
        assert_eq!(refused(MediaType::Png, 16 * 1024 * 1024 + 1), Err(Kind::FileTooLarge));
        assert_eq!(refused(MediaType::Zip, 1), Err(Kind::ForbiddenFileType));
    }

    #[test]
    fn one_of_several_is_moved_and_the_others_keep_their_order() {
        assert_eq!(moved(&[1, 2, 3], 3, 1), [3, 1, 2]);
        assert_eq!(moved(&[1, 2, 3], 1, 2), [2, 1, 3]);
        assert_eq!(moved(&[1, 2, 3], 2, 2), [1, 2, 3]);
        assert_eq!(moved(&[1, 2], 1, 99), [2, 1]);
    }
}

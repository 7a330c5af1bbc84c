//! Values in numbered places. They lie in pieces of equal size, so that growth moves none of them: no single addition takes long.

/// So many values are a piece; a power of two.
const PIECE: usize = 1024;

#[derive(Debug)]
pub struct Pool<T> {
    /// All but the last one are full.
    pieces: Vec<Vec<T>>,
    free: Vec<u32>,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self { pieces: Vec::new(), free: Vec::new() }
    }
}

impl<T> Pool<T> {
    pub fn at(&self, place: u32) -> &T {
        &self.pieces[place as usize / PIECE][place as usize % PIECE]
    }

    pub fn at_mut(&mut self, place: u32) -> &mut T {
        &mut self.pieces[place as usize / PIECE][place as usize % PIECE]
    }

    /// Puts a value where one is free, or at the end.
    pub fn put(&mut self, value: T) -> u32 {
        if let Some(place) = self.free.pop() {
            *self.at_mut(place) = value;
            return place;
        }
        if self.pieces.last().is_none_or(|piece| piece.len() == PIECE) {
            self.pieces.push(Vec::with_capacity(PIECE));
        }
        let before = (self.pieces.len() - 1) * PIECE;
        let piece = &mut self.pieces[before / PIECE];
        piece.push(value);
        (before + piece.len() - 1) as u32
    }

    /// Its place may be taken by another value. What is in it stays until then.
    pub fn free(&mut self, place: u32) {
        self.free.push(place);
    }

    /// All values, those in free places, too.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.pieces.iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_numbered_through_all_pieces_and_taken_again() {
        let mut pool = Pool::default();
        let many = 3 * PIECE as u32 + 1;
        assert!((0..many).all(|value| pool.put(value) == value));
        assert!((0..many).all(|place| *pool.at(place) == place));
        assert!(pool.iter().copied().eq(0..many));
        pool.free(5);
        assert_eq!((pool.put(77), *pool.at(5), pool.put(78)), (5, 77, many));
    }
}

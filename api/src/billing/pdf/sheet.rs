//! Blocks of marks, and how they fall onto pages.

use super::text::{Length, Run, Type, pt};

/// A4, upright.
pub const PAGE_WIDTH: Length = 595_276;
pub const PAGE_HEIGHT: Length = 841_890;
pub const MARGIN: Length = pt(48);
pub const WIDTH: Length = PAGE_WIDTH - 2 * MARGIN;
/// Where the text of the first page begins, and of the others, below their running head.
pub const TOP_OF_FIRST: Length = pt(50);
pub const TOP_OF_NEXT: Length = pt(72);
/// Where the text of a page ends, above its foot.
pub const BOTTOM: Length = PAGE_HEIGHT - pt(62);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    Black,
    Grey,
    Blue,
    White,
    /// The ground behind facts that belong together.
    Pale,
    /// Thin rules.
    Line,
}

#[derive(Debug, Clone)]
pub enum Mark {
    Text { x: Length, baseline: Length, run: Run, style: Type, ink: Ink },
    Area { x: Length, y: Length, width: Length, height: Length, ink: Ink },
}

/// Marks that stay together, placed from their own upper left corner.
#[derive(Debug, Clone, Default)]
pub struct Block {
    pub height: Length,
    pub marks: Vec<Mark>,
    /// Not to be parted from the block that follows.
    pub keep: bool,
}

/// A page's marks, placed from the upper left corner of the paper.
pub type Page = Vec<Mark>;

pub enum Flow {
    Block(Block),
    /// The head of a table: repeated at the top of every page until the table ends.
    TableHead(Block),
    TableEnd,
}

impl Block {
    pub fn space(height: Length) -> Self {
        Self { height, ..Self::default() }
    }

    pub fn kept(mut self) -> Self {
        self.keep = true;
        self
    }

    /// The blocks one below the other.
    pub fn stack(blocks: Vec<Block>) -> Self {
        let mut stack = Self::default();
        for block in blocks {
            let top = stack.height;
            stack.place(0, top, block);
        }
        stack
    }

    pub fn text(&mut self, x: Length, top: Length, run: Run, style: Type, ink: Ink) {
        self.marks.push(Mark::Text { x, baseline: top + style.ascent(), run, style, ink });
    }

    /// Text that ends at `right`.
    pub fn text_to(&mut self, right: Length, top: Length, run: Run, style: Type, ink: Ink) {
        self.text(right - run.width, top, run, style, ink);
    }

    /// A filled rectangle, also a rule.
    pub fn area(&mut self, (x, y): (Length, Length), (width, height): (Length, Length), ink: Ink) {
        self.marks.push(Mark::Area { x, y, width, height, ink });
    }

    /// Puts the other block's marks onto this one, its corner at (x, y), and grows to hold it.
    pub fn place(&mut self, x: Length, y: Length, other: Block) {
        self.height = self.height.max(y + other.height);
        self.marks.extend(other.marks.into_iter().map(|mark| moved(mark, x, y)));
    }
}

/// Moves a mark by a distance.
pub fn moved(mark: Mark, dx: Length, dy: Length) -> Mark {
    match mark {
        Mark::Text { x, baseline, run, style, ink } => {
            Mark::Text { x: x + dx, baseline: baseline + dy, run, style, ink }
        }
        Mark::Area { x, y, width, height, ink } => Mark::Area { x: x + dx, y: y + dy, width, height, ink },
    }
}

/// Lays blocks one below the other and begins a new page where the next one, with all that it must not be parted from, does
/// not fit. A chain of blocks longer than a page is parted all the same.
pub fn paginate(flow: Vec<Flow>) -> Vec<Page> {
    let reach = reaches(&flow);
    let mut pages = Pages { done: Vec::new(), page: Page::new(), y: TOP_OF_FIRST, head: None };
    for (item, reach) in flow.into_iter().zip(reach) {
        match item {
            Flow::Block(block) => pages.push(block, reach),
            Flow::TableHead(block) => {
                pages.push(block.clone(), reach);
                pages.head = Some(block);
            }
            Flow::TableEnd => pages.head = None,
        }
    }
    pages.done.push(pages.page);
    pages.done
}

struct Pages {
    done: Vec<Page>,
    page: Page,
    y: Length,
    head: Option<Block>,
}

impl Pages {
    fn push(&mut self, block: Block, reach: Length) {
        let room = BOTTOM - TOP_OF_NEXT - self.head.as_ref().map_or(0, |head| head.height);
        let needed = if reach > room { block.height } else { reach };
        if self.y + needed > BOTTOM && !self.page.is_empty() {
            self.done.push(std::mem::take(&mut self.page));
            self.y = TOP_OF_NEXT;
            if let Some(head) = self.head.clone() {
                self.put(head);
            }
        }
        let is_gap_at_top = block.marks.is_empty() && self.page.is_empty() && !self.done.is_empty();
        if !is_gap_at_top {
            self.put(block);
        }
    }

    fn put(&mut self, block: Block) {
        let y = self.y;
        self.y += block.height;
        self.page.extend(block.marks.into_iter().map(|mark| moved(mark, MARGIN, y)));
    }
}

/// The height from the top of each item to the end of the chain of kept blocks that it begins. A table head is always kept.
fn reaches(flow: &[Flow]) -> Vec<Length> {
    let mut reach = 0;
    let mut reaches: Vec<Length> = flow
        .iter()
        .rev()
        .map(|item| {
            reach = match item {
                Flow::Block(block) if !block.keep => block.height,
                Flow::Block(block) | Flow::TableHead(block) => reach + block.height,
                Flow::TableEnd => reach,
            };
            reach
        })
        .collect();
    reaches.reverse();
    reaches
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: Length = BOTTOM - TOP_OF_NEXT;

    /// A block that can be found again by the width of its only mark.
    fn block(name: Length, height: Length) -> Block {
        let mut block = Block::space(height);
        block.area((0, 0), (name, 1), Ink::Black);
        block
    }

    fn names(pages: &[Page]) -> Vec<Vec<Length>> {
        let name = |mark: &Mark| match mark {
            Mark::Area { width, .. } => *width,
            Mark::Text { .. } => 0,
        };
        pages.iter().map(|page| page.iter().map(name).collect()).collect()
    }

    #[test]
    fn blocks_go_to_the_next_page_when_the_page_is_full() {
        let flow = (1..=5).map(|name| Flow::Block(block(name, PAGE / 2))).collect();
        assert_eq!(names(&paginate(flow)), [vec![1, 2], vec![3, 4], vec![5]]);
        assert_eq!(paginate(Vec::new()).len(), 1);
    }

    #[test]
    fn a_table_head_is_repeated_until_the_table_ends() {
        let rows = (1..=4).map(|name| Flow::Block(block(name, PAGE * 2 / 5)));
        let mut flow = vec![Flow::TableHead(block(99, PAGE / 10))];
        flow.extend(rows);
        flow.push(Flow::TableEnd);
        flow.extend((5..=6).map(|name| Flow::Block(block(name, PAGE * 2 / 5))));
        assert_eq!(names(&paginate(flow)), [vec![99, 1, 2], vec![99, 3, 4], vec![5, 6]]);
    }

    #[test]
    fn kept_blocks_are_not_parted_unless_they_are_longer_than_a_page() {
        let kept = |name, height| Flow::Block(block(name, height).kept());
        let flow = vec![
            Flow::Block(block(1, PAGE * 3 / 4)),
            kept(2, PAGE / 8),
            kept(3, PAGE / 8),
            Flow::Block(block(4, PAGE / 8)),
        ];
        assert_eq!(names(&paginate(flow)), [vec![1], vec![2, 3, 4]]);
        let flow = (1..=3).map(|name| kept(name, PAGE * 3 / 4)).collect();
        assert_eq!(names(&paginate(flow)), [vec![1], vec![2], vec![3]]);
    }

    #[test]
    fn every_mark_lies_between_the_margins() {
        let flow = (1..=50).map(|name| Flow::Block(block(name, pt(97)))).collect();
        for mark in paginate(flow).into_iter().flatten() {
            let Mark::Area { x, y, .. } = mark else { unreachable!() };
            assert!(x == MARGIN && (TOP_OF_FIRST..=BOTTOM - pt(97)).contains(&y));
        }
    }
}

// The sizes of the stepper's grids that both their layout and their painting need, in cells and CSS pixels.

export const MOST_CELLS = 32; // more rows or columns are shown as a region that can be moved
export const PLANE_GAP = 20; // between planes, room for the plane's name
export const PLANE_ASIDE = 14; // between planes beside each other
export const OVERVIEW = 120; // the longer side of the whole grid in small
export const GRID_EDGE = 3; // so that an outline at the border is not cut
export const UNNAMED_GAP = 8; // between planes without names
export const SMALLEST_TEXT = 14; // nothing smaller is read from the back row
export const MOST_PRODUCTS = 300; // beyond that the panel's cells are too many to read; the sums stay
export const DIGIT = 0.56; // how wide a digit is, of its size

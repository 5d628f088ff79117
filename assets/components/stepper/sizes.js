// The sizes of the stepper's grids that both their layout and their painting need, in cells and CSS pixels.

export const MOST_CELLS = 32; // more rows or columns are shown as a region that can be moved
export const PLANE_GAP = 18; // between planes, room for the plane's name
export const PLANE_ASIDE = 14; // between planes beside each other
export const OVERVIEW = 120; // the longer side of the whole grid in small
export const GRID_EDGE = 2; // so that an outline at the border is not cut
export const UNNAMED_GAP = 8; // between planes without names

/** What the stepper is sent (explorer/ui/stepper.py), and what its parts share. */

import type { Numbers, Tables, Theme, ThemedScales } from "../shared/types.js";

export type Pair = [down: number, across: number];

/** explorer.ui.scenes.Grid, with the number of its array. */
export interface GridSpec {
  title: string;
  planes: number;
  rows: number;
  cols: number;
  signed: boolean;
  editable: boolean;
  names: string[] | null;
  /** rows × cols, 1 for padding */
  border: number[] | null;
  pad: Pair;
  range: Pair | null;
  late: boolean;
  borderText: string;
  array: number;
}

export type Axis = "all" | "channel" | "place" | "step" | "tap" | "window";

export interface Link {
  grid: string;
  rows: Axis;
  cols: Axis;
  result: boolean;
}

export interface Header {
  kind: "convolution" | "max" | "average" | "gradient" | "transposed";
  grids: Record<string, GridSpec>;
  order: string[];
  extraOrder: string[];
  links: Link[];
  roles: { window: string; place: string; kernel?: string; sum?: string };
  alike: Record<string, "window" | "place">;
  window: { kernel: Pair; stride: Pair; dilation: Pair };
  perChannel: boolean;
  groups: number;
  bias: number[] | null;
  activation: string | null;
  terms: string[] | null;
  finish: string;
  colours: ThemedScales;
  covered: boolean;
  /** the grid in which a cell is predicted, and the cell that was clicked there */
  asked: string | null;
  guess: Pair | null;
  token: string;
  step: number;
  acknowledged: number;
  /** Name → number of the array: what the layer's record says of each step (explorer.ui.scenes.Scene.results). */
  results: Partial<Record<ResultName, number>>;
}

export type ResultName =
  | "products"
  | "channel_sums"
  | "unbiased"
  | "sums"
  | "values"
  | "winners"
  | "divisors"
  | "totals"
  | "after"
  | "switches";

export interface Cell {
  plane: number;
  row: number;
  col: number;
}

/** What is multiplied under one cell of the window. target: the cell of the grid that fills up; after: its value then. */
export interface Term {
  value: number;
  weight: number;
  product: number;
  after: number | undefined;
  row: number;
  col: number;
  index: number;
  target: number;
}

export interface PlaneTerms {
  plane: number;
  terms: Term[];
}

/** A rectangle of cells to outline. */
export interface Mark extends Cell {
  rows?: number;
  cols?: number;
  colour: string;
  width?: number;
  stepRows?: number;
  stepCols?: number;
}

/** The part of a grid that is shown. */
export interface Region {
  top: number;
  left: number;
  rows: number;
  cols: number;
}

export type Grid = ReturnType<typeof import("./grid.js").createGrid>;
export type Grids = Record<string, Grid>;
export type Geometry = ReturnType<typeof import("./geometry.js").createGeometry>;
export type Links = ReturnType<typeof import("./links.js").createLinks>;

/** What geometry needs of a grid: so much is easily made up in a test. */
export interface Values {
  values: Numbers;
  index(plane: number, row: number, col: number): number;
}

/** Cells as Python numbers them, with their new values: [plane, row, col, value] each. */
export interface Edit {
  grid: string;
  cells: number[][];
}

export interface View {
  header: Header;
  arrays: Numbers[];
  theme: Theme;
  tables: Tables;
  step: number;
  /** The furthest step that was shown: later results stay covered. */
  furthest: number;
  uncovered: boolean;
  /** The page has asked, and nobody has moved yet. */
  waiting: boolean;
  /** The product that is pointed at, its number within the window. */
  tap: number | null;
  timer: number;
  tellTimer: number;
  /** The step that Python was told of last. */
  told: number;
  editing: boolean;
}

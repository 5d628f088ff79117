/** What the studio is sent (explorer/ui/studio.py, explorer/live: streams and frames), and what its parts share. */

import type { Message, Numbers, Pointer, Rgb, Tables, Theme, ThemedScales } from "../shared/types.js";

export interface RunEntry {
  id: string;
  title: string;
  named: boolean;
  /** Paths on this server: of the stream, of one frame before its step, and of commands. */
  events: string;
  frames: string;
  commands: string;
}

export interface Header {
  runs: RunEntry[];
  controls: boolean;
  branches: boolean;
  panels: Kind[];
  scales: ThemedScales;
  awaits_scenes: boolean;
  classes: { light: string[]; dark: string[] };
  colours: { light: string[]; dark: string[] };
  rest: Rest;
}

/** Where the slider rests: run → step. */
export type Rest = Record<string, number>;

export type Kind = "scenes" | "answer" | "kernels" | "maps" | "confusion" | "distributions";

/** [step, value, …]; a value that is no finite number is null. */
export type Row = number[];

/** A run's status as checkedStatus leaves it. */
export interface Status {
  title: string;
  state: string;
  message: string;
  device: string;
  pin: number;
  memory_mb: number | null;
  step: number;
  total_steps: number;
  epoch: number;
  fraction: number;
  seconds: number;
  speed: number;
  rate: number;
  wanted_speed: number | null;
  /** [step, loss, learning rate] */
  loss: Row[];
  /** [step, metric on the test set, on the training set, loss on the test set] */
  evaluations: Row[];
  /** [step, metric on a sample] */
  sampled: Row[];
  snapshots: number[];
  classes: string[];
  metric: string;
  extras: Record<string, Row[]>;
  parts: Record<string, Row[]>;
  loss_weights: Record<string, number>;
}

/** An array of a frame: its number and what it is. */
export interface Entry {
  array: number;
  shape?: number[];
  layer?: string;
  title?: string;
  low?: number;
  high?: number;
  signed?: boolean;
  dead?: number;
  units?: number;
  saturated?: number | null;
}

export interface ConfusionEntry extends Entry {
  classes: number;
  pictures: number;
  accuracy: number;
  unit?: string;
}

export interface SceneEntry {
  images?: Entry;
  masks?: Entry;
  predicted_masks?: Entry;
  boxes?: Entry;
  predicted_boxes?: Entry;
  labels?: number[];
  predicted_labels?: number[];
  ious?: number[];
  classes?: string[];
}

export interface FrameHeader {
  step: number;
  exact?: boolean;
  kernels?: Entry[];
  maps?: Entry[];
  weights?: Entry[];
  activations?: Entry[];
  input?: Entry;
  probabilities?: Entry;
  label?: string | null;
  metric?: string;
  confusion?: ConfusionEntry;
  scenes?: SceneEntry;
  pinned?: SceneEntry;
}

export type Frame = Message<FrameHeader>;

/** Test pictures with what is true and what the network says of each. */
export interface Scenes {
  count: number;
  rows: number;
  columns: number;
  planes: number;
  images: Numbers;
  classes: string[];
  masks: Numbers | null;
  saidMasks: Numbers | null;
  boxes: Numbers | null;
  saidBoxes: Numbers | null;
  labels: number[] | null;
  saidLabels: number[] | null;
  ious: number[] | null;
}

/** A line of the tooltip. */
export interface Line {
  text: string;
  colour?: string;
  strong?: boolean;
}

export type Tell = (lines: Line[] | null, event?: Pointer) => void;

/** What one panel does. paint: false where the frame has nothing for it. */
export interface Panel {
  paint(frame: Frame, width: number, run: Run): boolean;
  describe(title: string): void;
  /** What is told of a place of its canvas. */
  at(x: number, y: number): Line[] | null;
  title?(): string;
}

/** A panel on the page. any: whether it had something to show; undefined before the first frame. */
export interface Part {
  kind: Kind;
  box: HTMLElement;
  canvas: HTMLCanvasElement;
  note: HTMLElement;
  width: number;
  any: boolean | undefined;
  panel: Panel;
}

export interface Run extends RunEntry {
  status: Status | null;
  /** The newest frame, packed or not, that was not painted yet; then the newest that was; and the one on the screen. */
  raw: Uint8Array | Frame | null;
  newest: Frame | null;
  shown: Frame | null;
  /** The step at the slider. */
  at: number | null;
  /** Steps that the server no longer has. */
  gone: Set<number>;
  panels: Part[];
  dirty: boolean;
  fresh: boolean;
  /** The step whose exact frame was asked for. */
  asked: number | null;
  colour: string;
  described: string | undefined;
  spoken: string | undefined;
  card: ReturnType<typeof import("./card.js").createCard>;
  stream: ReturnType<typeof import("./link.js").createStream> | null;
  store: ReturnType<typeof import("./link.js").createStore> | null;
  label?: HTMLElement;
  dot?: HTMLElement;
  mark?: HTMLElement;
  branchButton?: HTMLButtonElement;
}

export interface StudioTheme extends Theme {
  line: string;
  muted: string;
  alarm: string;
}

export type SceneMode = "beside" | "over" | "wrong";

export interface View {
  header: Header;
  runs: Run[];
  theme: StudioTheme;
  tables: Tables;
  /** Kind and layer → the ends of its colours or its axis, over all runs. */
  ranges: Map<string, [low: number, high: number]>;
  /** It follows the newest; else it stands at `at`, a fraction of the training. */
  live: boolean;
  at: number;
  sceneMode: SceneMode;
  sceneFrom: number;
  sceneShown: number;
  sceneNext: number;
  palette: Rgb[];
  awaits: boolean;
  rest(rest: Rest): void;
  branch(branch: { run: string; step: number }): void;
}

/** One layer of a frame as tiles. coded: levels from 0 to 255 between low and high. */
export interface Tiles {
  layer: string;
  title: string;
  about: string;
  values: Numbers;
  low: number;
  high: number;
  coded: boolean;
  signed: boolean;
  tiles: number;
  h: number;
  w: number;
  /** Columns that it must have, or 0. */
  fixed: number;
  planes: number;
  flat: boolean;
  /** The tile's number in the values. */
  source(tile: number): number;
}

/** How a layer's tiles stand: cell, gap and tile sizes in CSS pixels. */
export interface Arrangement {
  cell: number;
  gap: number;
  columns: number;
  rows: number;
  w: number;
  h: number;
  tw: number;
  th: number;
}

/** A square on a canvas. */
export interface Square {
  x: number;
  y: number;
  side: number;
}

export interface Block extends Arrangement {
  x: number;
  y: number;
  taken: number;
  entry: Tiles;
  image: { image: ImageData; words: Uint32Array; corners: [number, number][]; size: number };
}

/** What the comparison of a picture before and after a kernel is sent (explorer/ui/kernels_on_a_picture/compare.py). */

import type { Numbers, Spot, Theme } from "../shared/types.js";

export interface Header {
  rows: number;
  columns: number;
  planes: number;
  names: string[];
  kernelRows: number;
  kernelColumns: number;
  /** For each output row (column) and each row (column) of the kernel the picture's, −1 for padding. */
  rowSources: number[];
  columnSources: number[];
  before: string;
  after: string;
  legend: string;
  label: string;
  digest: string;
}

export interface View {
  header: Header;
  before: Numbers;
  shown: Numbers;
  kernel: Numbers;
  theme: Theme;
  /** The divider's place, 0 to 1. */
  at: number;
  pointed: Spot | null;
  chosen: Spot;
  /** The plane whose products are shown. */
  plane: number;
  width: number;
  height: number;
  scale: number;
  /** Significant digits in a kernel's cell. */
  digits: number;
  send(edit: Spot & { value: number }): void;
  receive(data: Uint8Array): void;
  remove(): void;
}

/** One cell of the kernel and what lies under it. madeUp: a zero of the padding. */
export interface Under {
  pixel: number;
  weight: number;
  madeUp: boolean;
}

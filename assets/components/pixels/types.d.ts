/** What a picture as numbers is sent (explorer/ui/images_are_tensors/pixels_view.py), and what its parts share. */

import type { Numbers, Spot, Theme } from "../shared/types.js";

export interface Header {
  title: string;
  label: string;
  hint: string;
  names: string[];
  rows: number;
  columns: number;
  planes: number;
  /** The picture's shape, and whose settings were loaded: while both are the same, chosen and look are the browser's own. */
  shape: string;
  token: number;
  chosen: Spot;
  look: Look;
  /** A text colour for each plane. */
  ink: { light: string[]; dark: string[] };
}

/** Which button of each row is pressed: its data-to. */
export interface Look {
  plane: string;
  paint: string;
  planes: string;
}

/** The square that is shown as numbers, cut to what the picture has. */
export interface Region {
  top: number;
  left: number;
  rows: number;
  columns: number;
  side: number;
}

/** One grid on the screen. plane −1: all planes together. */
export interface PlaneGrid {
  plane: number;
  cell: number;
  title: string;
  x: number;
  y: number;
}

export interface View {
  header: Header;
  pixels: Numbers;
  theme: Theme;
  region: Region;
  /** Whether somebody has chosen the region's size. */
  sized: boolean;
  grids: PlaneGrid[];
  pointed: Spot | null;
  chosen: Spot;
  apart: boolean;
  grey: boolean;
  /** The plane that the picture is painted with, −1 for all. */
  plane: number;
  frame: number;
  scale: number;
  gridsSize: [number, number] | null;
  overviewSize: [number, number];
  send(name: "pixel" | "look", value: (Spot & { shape: string }) | Look): void;
  receive(data: Uint8Array): void;
  remove(): void;
}

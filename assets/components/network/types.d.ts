/** What a network's canvas is sent (explorer/ui/network_view.py), and what its parts share. */

import type { Message, Numbers, Spot, Tables, Theme, ThemedScales } from "../shared/types.js";

/** Where a panel stands, in CSS pixels; taken: with the words above it. */
interface Placed {
  key: string;
  title: string;
  subtitle: string;
  shapeText: string;
  x: number;
  y: number;
  width: number;
  height: number;
  taken: number;
}

export interface PicturePanel extends Placed, PictureEntry {
  kind: "picture";
}

export interface LayerPanel extends Placed, LayerEntry {
  kind: "layer";
  mapWidth: number;
  mapHeight: number;
  columns: number;
  rows: number;
}

export type Panel = PicturePanel | LayerPanel;

export interface PictureEntry {
  title: string;
  subtitle: string;
  shapeText: string;
  rowsOfPixels: number;
  columnsOfPixels: number;
  planes: number;
  /** [top, left, bottom, right] in the picture's pixels */
  box: number[] | null;
  array: number;
}

export interface LayerEntry {
  name: string;
  title: string;
  subtitle: string;
  shapeText: string;
  shape: [channels: number, height: number, width: number];
  /** The numbers of the channels that are shown. */
  channels: number[];
  /** Where the layer's numbers begin in the arrays of all maps. */
  start: number;
  signed: boolean;
  lows: number[];
  highs: number[];
}

export interface Header {
  label: string;
  best: string;
  note: string;
  invitation: string;
  follow: string;
  tall: boolean;
  colours: ThemedScales;
  pinned: { layer: string; channel: number } | null;
  everything: string;
  reach: { signed: [number, number]; unsigned: [number, number] };
  answer: { label: string; probability: number }[];
  steps: PictureEntry[];
  layers: LayerEntry[];
}

/** A cell of a map, or a pixel of a picture. */
export interface MapSpot extends Spot {
  panel: Panel;
  channel: number;
}

export interface View extends Message<Header> {
  panels: Panel[];
  levels: Numbers;
  values: Numbers;
  theme: Theme;
  tables: Tables;
  pointed: MapSpot | null;
  pinned: MapSpot | null;
  size: [number, number];
  /** The width and height that were given. */
  room: number[];
  /** Whose range the colours have. */
  scope: string;
  choose(chosen: { layer: string; channel: number }): void;
  follow(chosen: { layer: string; channel: number }): void;
  receive(data: Uint8Array): void;
  remove(): void;
}

/** A layer's maps, one pixel a cell, one map below the other. */
export interface Buffer {
  canvas: HTMLCanvasElement;
  image: ImageData;
  words: Uint32Array;
  channels: number;
  height: number;
  width: number;
}

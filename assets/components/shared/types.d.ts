/** What several components speak of. */

/** An array as it was sent: see explorer/live/wire.py. */
export type Numbers = Uint8Array | Float32Array | Float64Array;

/** A message of explorer/live/wire.py, unpacked. */
export interface Message<Header> {
  header: Header;
  arrays: Numbers[];
}

/** What Streamlit hands to a component, each time Python has sent something. */
export interface Component<Data = Uint8Array> {
  parentElement: HTMLElement | ShadowRoot;
  data: Data;
  setStateValue(name: string, value: unknown): void;
  setTriggerValue(name: string, value: unknown): void;
}

export interface Theme {
  background: string;
  text: string;
  primary: string;
  border: string;
  panel: string;
  font: string;
  dark: boolean;
}

/** Anchor colours of a scale, "#rrggbb". */
export interface Scales {
  sequential: string[];
  diverging: string[];
}

export interface ThemedScales {
  light: Scales;
  dark: Scales;
}

/** 256 little-endian RGBA words each. */
export interface Tables {
  sequential: Uint32Array;
  diverging: Uint32Array;
}

export type Rgb = [red: number, green: number, blue: number];

/** A cell of a picture or a map. */
export interface Spot {
  row: number;
  column: number;
}

/** Where a pointer is, of an event or made up for the keyboard. */
export interface Pointer {
  clientX: number;
  clientY: number;
  /** Of the keyboard's: the size of what it is on, in CSS pixels. */
  around?: [width: number, height: number];
}

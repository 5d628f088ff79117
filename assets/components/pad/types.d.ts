/** What the pad is sent, and what it sends. */

/** size, points: fractions of the pad's side; points: x, y, x, y, … */
export interface Stroke {
  size: number;
  erase: boolean;
  points: number[];
}

export interface Data {
  strokes: Stroke[];
  /** Changed by Python when its strokes are to be taken. */
  nonce: string | number | null;
  side: number;
  label: string;
  hint: string;
  /** Address of the picture that is looked at while nothing is drawn; "" for none. */
  example: string;
}

/** image: side × side grey values, base64 */
export interface Drawing {
  image: string;
  side: number;
  strokes: Stroke[];
  nonce: Data["nonce"] | null;
}

// Messages from Python. Knows their bytes; not what they mean.

/** @import { Message } from "./types.js" */

/**
 * Unpack what explorer/live/wire.py packed: a JSON header, then the arrays it lists, each aligned to four bytes.
 * @template Header
 * @param {ArrayBuffer | Uint8Array} data
 * @returns {Message<Header>}
 */
export function unpack(data) {
  const bytes = data instanceof Uint8Array ? data : new Uint8Array(data);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const start = 4 + length;
  /** @type {{offset: number, length: number, type: string}[]} */
  const entries = header.arrays;
  const arrays = entries.map(({ offset, length, type }) => {
    const from = start + offset;
    if (type === "uint8") return bytes.subarray(from, from + length);
    // A copy, because its place may be unaligned.
    if (type === "float32") return new Float32Array(bytes.slice(from, from + 4 * length).buffer);
    return new Float64Array(bytes.slice(from, from + 8 * length).buffer);
  });
  return { header, arrays };
}

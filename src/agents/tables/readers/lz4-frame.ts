const frameMagic = 0x184d2204;
const storedBlock = 0x80000000;

class Lz4Error extends Error {
  override readonly name = "Lz4Error";
}

/** Copies a length that goes on in further bytes. */
function longLength(input: Uint8Array, place: { at: number }, short: number): number {
  let length = short;
  if (short === 15) {
    let more = 255;
    while (more === 255) {
      more = input[place.at] ?? 0;
      place.at += 1;
      length += more;
    }
  }
  return length;
}

/** Unpacks one block behind what `output` already holds; blocks may refer to those before. Returns the new end. */
function unpackBlock(input: Uint8Array, output: Uint8Array, start: number): number {
  const place = { at: 0 };
  let end = start;
  while (place.at < input.length) {
    const token = input[place.at] ?? 0;
    place.at += 1;
    const literals = longLength(input, place, token >>> 4);
    output.set(input.subarray(place.at, place.at + literals), end);
    place.at += literals;
    end += literals;
    if (place.at >= input.length) {
      break;
    }
    const distance = (input[place.at] ?? 0) | ((input[place.at + 1] ?? 0) << 8);
    place.at += 2;
    const matched = longLength(input, place, token & 15) + 4;
    if (distance === 0 || distance > end || end + matched > output.length) {
      throw new Lz4Error("a block refers to what is not there");
    }
    for (let count = 0; count < matched; count += 1) {
      output[end + count] = output[end + count - distance] ?? 0;
    }
    end += matched;
  }
  return end;
}

/**
 * Unpacks an LZ4 frame (LZ4 Frame Format 1.6.3). Checksums are not compared.
 *
 * @param sizeBytes what comes out
 * @throws when the frame is damaged
 */
export function unpackLz4Frame(input: Uint8Array, sizeBytes: number): Uint8Array {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  if (input.length < 7 || view.getUint32(0, true) !== frameMagic) {
    throw new Lz4Error("it is no LZ4 frame");
  }
  const flags = input[4] ?? 0;
  const output = new Uint8Array(sizeBytes);
  let at = 7 + ((flags & 8) === 0 ? 0 : 8) + ((flags & 1) === 0 ? 0 : 4);
  let end = 0;
  while (at + 4 <= input.length) {
    const header = view.getUint32(at, true);
    at += 4;
    if (header === 0) {
      break;
    }
    const length = header & ~storedBlock;
    const block = input.subarray(at, at + length);
    if (header >= storedBlock) {
      output.set(block, end);
      end += block.length;
    } else {
      end = unpackBlock(block, output, end);
    }
    at += length + ((flags & 16) === 0 ? 0 : 4);
  }
  if (end !== sizeBytes) {
    throw new Lz4Error("it ends too early");
  }
  return output;
}

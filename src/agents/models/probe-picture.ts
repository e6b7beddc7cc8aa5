import { crc32, deflateSync } from "node:zlib";
import type { ModelImage } from "../ports/chat-model.ts";

/** Colours that nobody mistakes for one another, with the words by which an answer may name them. */
export const probeColours = {
  red: { rgb: [220, 20, 20], words: ["red", "crimson", "scarlet", "红", "紅"] },
  green: { rgb: [20, 160, 40], words: ["green", "绿", "綠"] },
  blue: { rgb: [20, 50, 220], words: ["blue", "navy", "蓝", "藍"] },
  yellow: { rgb: [250, 220, 20], words: ["yellow", "gold", "黄", "黃"] },
} as const;

export type ProbeColour = keyof typeof probeColours;

const width = 96;
const height = 64;

/**
 * A picture whose left half has one colour and whose right half another: a model that sees names both, and one that
 * guesses is rarely lucky.
 */
export function drawProbePicture(left: ProbeColour, right: ProbeColour): ModelImage {
  const row = Buffer.alloc(1 + width * 3);
  for (let x = 0; x < width; x++) {
    row.set(probeColours[x < width / 2 ? left : right].rgb, 1 + x * 3);
  }
  const pixels = Buffer.concat(Array.from({ length: height }, () => row));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits a channel, RGB: https://www.w3.org/TR/png-3/#11IHDR
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const png = Buffer.concat([
    signature,
    block("IHDR", header),
    block("IDAT", deflateSync(pixels)),
    block("IEND", Buffer.alloc(0)),
  ]);
  return { mime: "image/png", base64: png.toString("base64") };
}

/** Whether an answer names both colours and at most one other. */
export function namesBothColours(answer: string, left: ProbeColour, right: ProbeColour): boolean {
  const text = answer.toLowerCase();
  const named = Object.entries(probeColours).filter(([, { words }]) => words.some((word) => text.includes(word)));
  const names = named.map(([name]) => name);
  return names.includes(left) && names.includes(right) && names.length <= 3;
}

function block(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

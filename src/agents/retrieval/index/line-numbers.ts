import type { Chunk } from "../chunk/chunk.ts";

/** The numbers of the lines of a passage as they are stored: `null` where they follow one another. */
export function storedNumbers({ lineNumbers }: Pick<Chunk, "lineNumbers">): string | null {
  return lineNumbers?.join(" ") ?? null;
}

/** What {@link storedNumbers} gave. */
export function numbersOfLines(stored: unknown): Pick<Chunk, "lineNumbers"> {
  return typeof stored === "string" ? { lineNumbers: stored.split(" ").map(Number) } : {};
}

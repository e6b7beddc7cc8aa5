import type { VectorKernel } from "./vector-kernel.ts";
import { rowWidth, toWholeNumbers } from "./vector-rows.ts";
import type { VectorRun, VectorScope, VectorTable } from "./vector-table.ts";

/** How all vectors compare with a query. */
export interface VectorScores {
  /** Vectors that were compared. */
  readonly count: number;
  readonly mean: number;
  readonly deviation: number;
  /** The closest within the scope, best first. */
  readonly best: readonly { readonly passage: number; readonly score: number }[];
  /** The cosine of a passage; `null` where it has no vector. */
  scoreOf(passage: number): number | null;
}

/** A stretch of memory: `size` rows, their factors and their scores, one after the other. */
interface Block {
  readonly at: number;
  used: number;
}

interface PlacedRun extends VectorRun {
  readonly block: Block;
  /** Among the rows of the block. */
  readonly slot: number;
}

/** Rows of a block. */
const blockRows = 4096;
/** The query, of at most 8,192 numbers of sixteen bits, stands first. */
const headBytes = 16_384;
/** Memory of runs that are gone is given back when it is more than this share. */
const mostWaste = 0.3;

/** The vectors of one model in the memory of the kernel, kept as the table has them. */
export class VectorMatrix {
  readonly #kernel: VectorKernel;
  readonly #table: VectorTable;
  readonly #model: number;
  readonly #dimensions: number;
  readonly #width: number;
  #blocks: Block[] = [];
  #runs = new Map<number, PlacedRun>();
  /** By their first passages. */
  #ordered: readonly PlacedRun[] = [];
  #goneRows = 0;
  #version = "";

  constructor(kernel: VectorKernel, table: VectorTable, model: { readonly id: number; readonly dimensions: number }) {
    this.#kernel = kernel;
    this.#table = table;
    this.#model = model.id;
    this.#dimensions = model.dimensions;
    this.#width = rowWidth(model.dimensions);
  }

  get model(): number {
    return this.#model;
  }

  /** Compares all vectors with one. */
  compare(query: Float32Array, most: number, scope: VectorScope | null): VectorScores {
    this.refresh(Number.POSITIVE_INFINITY);
    const kernel = this.#kernel;
    this.#grow(0);
    const wanted = new Int16Array(kernel.buffer(), 0, this.#width);
    wanted.fill(0);
    toWholeNumbers(query, wanted);
    const length = Math.sqrt(wanted.reduce((sum, part) => sum + part * part, 0));
    for (const { at, used } of this.#blocks) {
      const factors = at + blockRows * this.#width;
      kernel.scan(at, used, this.#width, 0, factors, factors + blockRows * 4);
    }
    const rows = this.#scoresInPlace();
    const { count, mean, deviation } = spread(this.#ordered, rows);
    return {
      count,
      mean: mean / length,
      deviation: deviation / length,
      best: best(this.#ordered, rows, most, scope).map(({ passage, score }) => ({ passage, score: score / length })),
      scoreOf: (passage) => {
        const run = runOf(this.#ordered, passage);
        return run === null ? null : (rows(run.block)[run.slot + passage - run.first] ?? 0) / length;
      },
    };
  }

  #scoresInPlace(): (block: Block) => Float32Array {
    const offset = blockRows * (this.#width + 4);
    const views = new Map(
      this.#blocks.map((block) => [block, new Float32Array(this.#kernel.buffer(), block.at + offset, blockRows)]),
    );
    return (block) => views.get(block) ?? new Float32Array(0);
  }

  /**
   * Takes over what was written to the table, by this process or another, for about so many milliseconds.
   *
   * @returns whether that was all
   */
  refresh(mostMs: number): boolean {
    const version = this.#table.version();
    if (version === this.#version) {
      return true;
    }
    const untilMs = performance.now() + mostMs;
    const stored = this.#table.runs(this.#model);
    this.#removeAllBut(new Set(stored.map(({ id }) => id)));
    for (const run of stored) {
      if (!this.#runs.has(run.id)) {
        if (performance.now() > untilMs) {
          return false;
        }
        this.#add(run);
      }
    }
    this.#ordered = Array.from(this.#runs.values()).toSorted((left, right) => left.first - right.first);
    this.#version = version;
    return true;
  }

  #removeAllBut(ids: ReadonlySet<number>): void {
    for (const run of this.#runs.values()) {
      if (!ids.has(run.id)) {
        this.#remove(run);
      }
    }
    if (this.#goneRows > blockRows && this.#goneRows > mostWaste * this.#blocks.length * blockRows) {
      this.#runs.clear();
      this.#blocks = this.#blocks.map(({ at }) => ({ at, used: 0 }));
      this.#goneRows = 0;
    }
  }

  #remove(run: PlacedRun): void {
    this.#runs.delete(run.id);
    this.#goneRows += run.count;
    const factors = run.block.at + blockRows * this.#width + run.slot * 4;
    new Float32Array(this.#kernel.buffer(), factors, run.count).fill(0);
  }

  #add(run: VectorRun): void {
    const rows = this.#table.rowsOf(run.id);
    if (rows.length !== run.count * this.#dimensions) {
      return;
    }
    const block = this.#roomFor(run.count);
    const slot = block.used;
    const at = block.at + slot * this.#width;
    const bytes = new Int8Array(this.#kernel.buffer(), at, run.count * this.#width);
    if (this.#width === this.#dimensions) {
      bytes.set(rows);
    } else {
      bytes.fill(0);
      for (let row = 0; row < run.count; row += 1) {
        bytes.set(rows.subarray(row * this.#dimensions, (row + 1) * this.#dimensions), row * this.#width);
      }
    }
    this.#kernel.measure(at, run.count, this.#width, block.at + blockRows * this.#width + slot * 4);
    block.used += run.count;
    this.#runs.set(run.id, { ...run, block, slot });
  }

  #roomFor(count: number): Block {
    const found = this.#blocks.findLast(({ used }) => used + count <= blockRows);
    if (found !== undefined) {
      return found;
    }
    const block = { at: headBytes + this.#blocks.length * blockRows * (this.#width + 8), used: 0 };
    this.#blocks.push(block);
    this.#grow(block.at + blockRows * (this.#width + 8));
    return block;
  }

  #grow(bytes: number): void {
    const missing = Math.max(bytes, headBytes) - this.#kernel.buffer().byteLength;
    if (missing > 0) {
      this.#kernel.grow(missing);
    }
  }
}

type ScoresOf = (block: Block) => Float32Array;

function spread(runs: readonly PlacedRun[], rows: ScoresOf): { count: number; mean: number; deviation: number } {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (const { block, slot, count: length } of runs) {
    const scores = rows(block);
    for (let at = slot; at < slot + length; at += 1) {
      const score = scores[at] ?? 0;
      sum += score;
      squares += score * score;
    }
    count += length;
  }
  const mean = sum / Math.max(1, count);
  return { count, mean, deviation: Math.sqrt(Math.max(0, squares / Math.max(1, count) - mean * mean)) };
}

interface Hit {
  readonly passage: number;
  readonly score: number;
}

/** The highest scores: gathered above a bar that rises. */
function best(runs: readonly PlacedRun[], rows: ScoresOf, most: number, scope: VectorScope | null): readonly Hit[] {
  let hits: Hit[] = [];
  let bar = Number.NEGATIVE_INFINITY;
  const shorten = (): void => {
    hits = hits.toSorted((left, right) => right.score - left.score || left.passage - right.passage).slice(0, most);
    bar = hits.length < most ? bar : (hits.at(-1)?.score ?? bar);
  };
  for (const { block, slot, count, first, file } of runs) {
    const isWhole = scope === null || scope.files.has(file);
    const scores = rows(block);
    for (let at = 0; at < count; at += 1) {
      const score = scores[slot + at] ?? 0;
      if (score > bar && (isWhole || scope.passages.has(first + at))) {
        hits.push({ passage: first + at, score });
        if (hits.length > 4 * most) {
          shorten();
        }
      }
    }
  }
  shorten();
  return hits;
}

/** The run that has a passage, by halving. */
function runOf(runs: readonly PlacedRun[], passage: number): PlacedRun | null {
  let low = 0;
  let high = runs.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const run = runs[middle];
    if (run === undefined) {
      return null;
    }
    if (passage < run.first) {
      high = middle - 1;
    } else if (passage >= run.first + run.count) {
      low = middle + 1;
    } else {
      return run;
    }
  }
  return null;
}

import type { TextReadingOptions } from "./csv-reader.ts";
import type { OpenedFile } from "./file-bytes.ts";
import { openInflated, type InflatedFile } from "./inflated-file.ts";
import type { OpenPart } from "./open-table.ts";
import type { BlockBatch, Packing, RowBatch, TableSource } from "./table-source.ts";

/**
 * Tells progress in bytes of the packed file.
 *
 * @yields the batches as they come
 */
async function* withPackedBytes(
  batches: AsyncIterable<RowBatch | BlockBatch>,
  member: InflatedFile,
): AsyncGenerator<RowBatch | BlockBatch> {
  for await (const batch of batches) {
    yield { ...batch, readBytes: member.takenBytes() };
  }
}

/** A table that was found in a packed file, as a table of that file. */
export function packedSource(source: TableSource, member: InflatedFile, packing: Packing): TableSource {
  return {
    ...source,
    dialect: { ...source.dialect, compression: packing.method },
    layout: { ...source.layout, packing: [packing, ...source.layout.packing] },
    batches: withPackedBytes(source.batches, member),
  };
}

/**
 * Opens what a gzip file holds. Text streams, in bounded memory.
 *
 * @throws AgentError `table.damaged`, `table.too-large`, also while the rows are read; what the format inside throws
 */
export async function openPacked(file: OpenedFile, options: TextReadingOptions, open: OpenPart): Promise<TableSource> {
  const member = await openInflated(file, {
    name: file.name.replace(/\.gz(ip)?$/iu, ""),
    start: 0,
    packedBytes: file.sizeBytes,
    method: "gzip",
  });
  return packedSource(await open(member, options), member, { method: "gzip", member: null });
}

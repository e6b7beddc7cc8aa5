/** A file, and how many passages it has. */
export interface CountedFile {
  readonly id: number;
  readonly chunks: number;
}

/** A passage of a file, counted from zero. */
export interface SpreadPlace {
  readonly file: number;
  readonly at: number;
}

/**
 * Passages from all over some files: evenly chosen files, and within each evenly chosen places.
 *
 * @param files With at least one passage each, in their order.
 * @param most Places, at most.
 */
export function spreadPlaces(files: readonly CountedFile[], most: number): readonly SpreadPlace[] {
  const chosen = Array.from(
    { length: Math.min(files.length, most) },
    (_item, index) => files[Math.floor(((index + 0.5) * files.length) / Math.min(files.length, most))],
  );
  const each = Math.max(1, Math.floor(most / Math.max(1, chosen.length)));
  return chosen.flatMap((file) => {
    const { id, chunks } = file ?? { id: 0, chunks: 0 };
    const places = Math.min(each, chunks);
    return Array.from({ length: places }, (_item, index) => ({
      file: id,
      at: Math.floor(((index + 0.5) * chunks) / places),
    }));
  });
}

import { fileURLToPath } from "node:url";
import { profileOpened } from "./profile-file.ts";
import { openFile } from "./readers/file-bytes.ts";

/** A table of every kind of column, such as people have. */
function exampleTable(): Buffer {
  const rows = Array.from(
    { length: 400 },
    (_, row) =>
      `${row},code ${row * 7},2024-0${1 + (row % 9)}-1${row % 10},${row % 5 === 0 ? "" : "kind"} ${row % 11},"a, ""b""",${row * 3}.25\n`,
  );
  return Buffer.from(`id,code,day,kind,note,amount\n${rows.join("")}`);
}

/** Goes through the work once, so that the code for it is ready when a file comes. Never fails. */
export async function rehearse(): Promise<void> {
  try {
    const bytes = exampleTable();
    const read = (position: number, length: number): Promise<Buffer> =>
      Promise.resolve(bytes.subarray(position, position + length));
    const program = await openFile(fileURLToPath(import.meta.url));
    try {
      const file = { ...program, name: "example.csv", sizeBytes: bytes.length, unpacked: { read } };
      await profileOpened(file, { path: file.path, sampleRows: 20, dialect: {}, onProgress: () => undefined });
    } finally {
      await program.handle.close();
    }
  } catch {
    // Nobody waits for the example: a file that comes says itself what is wrong.
  }
}

/** A file that holds no table that is read here: what it is, with its article, and what to do with it. */
export interface ForeignFormat {
  readonly unknown: string;
  /** The way out, as sentences. */
  readonly advice?: string;
}

interface Signature {
  readonly bytes: readonly number[];
  readonly what: string;
  readonly advice?: string;
  /** The bytes could begin a text: what follows must be none. */
  readonly likeText?: boolean;
}

const ascii = (text: string): readonly number[] => [...Buffer.from(text, "latin1")];

const unpack = "Unpack it and choose what comes out.";

/** How to write a table from Python in a format that is read. */
const fromPandas = (call: string): string =>
  `Save it as CSV or Parquet in the program that wrote it, or in Python: pd.${call}.to_parquet("table.parquet").`;

const fromR = 'Write the table out in R: write.csv(table, "table.csv", row.names = FALSE).';
const arrayAdvice = "Write the table that it holds to CSV or Parquet with the program that made it.";

const signatures: readonly Signature[] = [
  { bytes: [0x25, 0x50, 0x44, 0x46], what: "a PDF document", advice: "Copy its table into a spreadsheet first." },
  { bytes: [0x89, 0x50, 0x4e, 0x47], what: "a PNG picture" },
  { bytes: [0xff, 0xd8, 0xff], what: "a JPEG picture" },
  { bytes: [0x47, 0x49, 0x46, 0x38], what: "a GIF picture" },
  { bytes: [0x49, 0x49, 0x2a, 0x00], what: "a TIFF picture" },
  { bytes: [0x4d, 0x4d, 0x00, 0x2a], what: "a TIFF picture" },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], what: "a Zstandard archive", advice: unpack },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], what: "an xz archive", advice: unpack },
  { bytes: [0x5d, 0, 0], what: "an LZMA archive", advice: unpack },
  { bytes: [0x04, 0x22, 0x4d, 0x18], what: "an LZ4 archive", advice: unpack },
  { bytes: ascii("LZIP\x01"), what: "an lzip archive", advice: unpack },
  { bytes: [0x1f, 0x9d], what: "a compress archive (.Z)", advice: unpack },
  { bytes: ascii("Rar!\x1a"), what: "a RAR archive", advice: unpack },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf], what: "a 7-Zip archive", advice: unpack },
  { bytes: ascii("MSCF\0\0\0\0"), what: "a Windows cabinet archive", advice: unpack },
  { bytes: ascii("<stata_dta>"), what: "a Stata data file", advice: fromPandas("read_stata(path)") },
  { bytes: ascii("$FL2"), what: "an SPSS data file", advice: fromPandas("read_spss(path)"), likeText: true },
  { bytes: ascii("$FL3"), what: "an SPSS data file", advice: fromPandas("read_spss(path)"), likeText: true },
  {
    bytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xc2, 0xea, 0x81, 0x60],
    what: "a SAS data file",
    advice: fromPandas('read_sas(path, format="sas7bdat")'),
  },
  {
    bytes: ascii("HEADER RECORD*******LIB"),
    what: "a SAS transport file",
    advice: fromPandas('read_sas(path, format="xport")'),
  },
  { bytes: ascii("RDX2\n"), what: "an R workspace", advice: fromR },
  { bytes: ascii("RDX3\n"), what: "an R workspace", advice: fromR },
  { bytes: ascii("RDA2\n"), what: "an R workspace", advice: fromR },
  { bytes: ascii("RDA3\n"), what: "an R workspace", advice: fromR },
  { bytes: ascii("X\n\0\0\0\x02"), what: "an R object (.rds)", advice: fromR },
  { bytes: ascii("X\n\0\0\0\x03"), what: "an R object (.rds)", advice: fromR },
  {
    bytes: [0x93, ...ascii("NUMPY")],
    what: "a NumPy array",
    advice: 'Write it as text in Python: np.savetxt("table.csv", np.load(path), delimiter=",").',
  },
  ...[2, 3, 4, 5].map((version) => ({
    bytes: [0x80, version],
    what: "a Python pickle",
    advice:
      "A pickle can run any program when it is loaded, so it is not opened. If you trust it, load it in Python and write the table to CSV or Parquet.",
  })),
  { bytes: [0x89, 0x48, 0x44, 0x46], what: "an HDF5 file", advice: fromPandas("read_hdf(path)") },
  {
    bytes: ascii("MATLAB 5.0 MAT"),
    what: "a MATLAB file",
    advice: 'Write the table in MATLAB: writetable(T, "t.csv").',
  },
  {
    bytes: ascii("MATLAB 7.3 MAT"),
    what: "a MATLAB file",
    advice: 'Write the table in MATLAB: writetable(T, "t.csv").',
  },
  ...[1, 2, 5].map((version) => ({
    bytes: [...ascii("CDF"), version],
    what: "a NetCDF file",
    advice: arrayAdvice,
  })),
  { bytes: ascii("GRIB"), what: "a GRIB weather file", advice: arrayAdvice, likeText: true },
  { bytes: ascii("ORC"), what: "an ORC file", advice: fromPandas("read_orc(path)"), likeText: true },
  {
    bytes: ascii("Obj\x01"),
    what: "an Avro file",
    advice: "Write it as CSV, JSON Lines or Parquet with the program that made it.",
  },
  { bytes: ascii("FEA1"), what: "a Feather file of the first version", advice: fromPandas("read_feather(path)") },
  { bytes: ascii("PARE"), what: "an encrypted Parquet file", advice: "Write it without encryption first." },
  {
    bytes: ascii("\0\x01\0\0Standard "),
    what: "an Access database",
    advice: "Export the table from Access as CSV or as an Excel workbook.",
  },
  { bytes: [0, 0, 0x27, 0x0a], what: "a shapefile", advice: "Save its layer as GeoJSON." },
  { bytes: [0, 0, 2, 0], what: "a Lotus 1-2-3 sheet", advice: "Save it as CSV or xlsx." },
  { bytes: [0x7f, 0x45, 0x4c, 0x46], what: "a program" },
  { bytes: ascii("{\\rtf"), what: "an RTF document", advice: "Copy its table into a spreadsheet first." },
];

/** Bytes that no text has, among the first. */
function hasControls(head: Buffer): boolean {
  return head.subarray(0, 256).some((byte) => byte < 9 || (byte > 13 && byte < 26));
}

const tarBlock = 512;

/** The first block of a tar archive holds the sum of its own bytes, in octal, at 148 (POSIX.1-1988 `ustar`). */
function isTar(head: Buffer): boolean {
  const block = head.subarray(0, tarBlock);
  const said = /^[\s\0]*([0-7]{1,7})[\s\0]*$/u.exec(block.toString("latin1", 148, 156))?.[1];
  if (block.length < tarBlock || said === undefined) {
    return false;
  }
  const sum = block.reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 32 : byte), 0);
  return sum > 0 && sum === Number.parseInt(said, 8);
}

/** A digit of the block size, then the mark of a block or of the end. */
function isBzip2(head: Buffer): boolean {
  const mark = head.toString("latin1", 4, 10);
  return /^BZh[1-9]/u.test(head.toString("latin1", 0, 4)) && (mark === "1AY&SY" || mark === "\u0017rE8P\u0090");
}

/** Stata before version 13: release, byte order, file type, nothing. */
function isOldStata(head: Buffer): boolean {
  const [release = 0, order = 0, type = 0, unused = 1] = head;
  return release >= 0x68 && release <= 0x73 && (order === 1 || order === 2) && type === 1 && unused === 0;
}

/** A dBase table: version, then the day of the last change, then lengths that fit each other. */
function isDbase(head: Buffer): boolean {
  const [version = 0, , month = 0, day = 0] = head;
  return (
    [0x03, 0x30, 0x31, 0x83, 0x8b, 0xf5].includes(version) &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 31 &&
    head.length >= 65 &&
    head.readUInt16LE(8) >= 65 &&
    head.readUInt16LE(10) >= 2 &&
    head.readUInt16LE(12) === 0
  );
}

/**
 * Names a file of a format that is not read here, from its first bytes.
 *
 * @returns `null` when they are not known
 */
export function foreignFormat(head: Buffer): ForeignFormat | null {
  const found = signatures.find(
    ({ bytes, likeText }) =>
      bytes.every((byte, index) => head[index] === byte) && (likeText !== true || hasControls(head)),
  );
  if (found !== undefined) {
    return { unknown: found.what, ...(found.advice === undefined ? {} : { advice: found.advice }) };
  }
  if (isBzip2(head)) {
    return { unknown: "a bzip2 archive", advice: unpack };
  }
  if (isTar(head)) {
    return { unknown: "a tar archive", advice: unpack };
  }
  if (isOldStata(head)) {
    return { unknown: "a Stata data file", advice: fromPandas("read_stata(path)") };
  }
  return isDbase(head)
    ? { unknown: "a dBase table", advice: "Save it as CSV or xlsx in a spreadsheet program." }
    : null;
}

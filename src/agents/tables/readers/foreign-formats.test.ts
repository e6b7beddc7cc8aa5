import { describe, expect, it } from "vitest";
import { detectMagic, looksBinary } from "./detect-format.ts";
import { foreignFormat } from "./foreign-formats.ts";

const binary = Buffer.from(Array.from({ length: 600 }, (_, at) => (at * 31) % 256));
const begun = (...start: readonly (string | readonly number[])[]): Buffer =>
  Buffer.concat([
    ...start.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part))),
    binary,
  ]);

/** One block of a tar archive; `sum` adds to its checksum. */
function tarHead(sum = 0): Buffer {
  const block = Buffer.alloc(1024);
  block.write("data.csv", 0, "latin1");
  block.write("0000644\u00000000000\u00000000000\u000000000000012\u000000000000000\u0000        0", 100, "latin1");
  const all = block.subarray(0, 512).reduce((total, byte) => total + byte, sum);
  block.write(`${all.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

function dbaseHead(): Buffer {
  const head = Buffer.alloc(200);
  head.set([3, 124, 5, 17], 0);
  head.writeUInt32LE(2, 4);
  head.writeUInt16LE(65, 8);
  head.writeUInt16LE(11, 10);
  return head;
}

describe("formats that are not read are named, with the way out", () => {
  it.each<[string, Buffer, RegExp]>([
    ["Stata 8 to 12", begun([0x72, 2, 1, 0]), /Stata.*read_stata/u],
    ["Stata 13", begun("<stata_dta><header>"), /Stata/u],
    ["SPSS", begun("$FL2@(#) "), /SPSS.*read_spss/u],
    ["SAS", begun([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xc2, 0xea, 0x81, 0x60]), /SAS.*read_sas/u],
    ["an R workspace", begun("RDX3\nX\n"), /R workspace.*write\.csv/u],
    ["an R object", begun("X\n\0\0\0\x03"), /R object/u],
    ["NumPy", begun([0x93], "NUMPY"), /NumPy.*savetxt/u],
    ["a pickle", begun([0x80, 4, 0x95]), /pickle.*any program/u],
    ["HDF5", begun([0x89], "HDF"), /HDF5/u],
    ["ORC", begun("ORC"), /ORC.*read_orc/u],
    ["Avro", begun("Obj\x01"), /Avro/u],
    ["Access", begun("\0\x01\0\0Standard Jet DB"), /Access/u],
    ["dBase", dbaseHead(), /dBase/u],
    ["tar", tarHead(), /tar archive.*Unpack/u],
    ["bzip2", begun("BZh91AY&SY"), /bzip2.*Unpack/u],
    ["xz", begun([0xfd], "7zXZ\0"), /xz archive.*Unpack/u],
    ["Zstandard", begun([0x28, 0xb5, 0x2f, 0xfd]), /Zstandard.*Unpack/u],
    ["RAR", begun("Rar!\x1a\x07"), /RAR.*Unpack/u],
    ["7-Zip", begun([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]), /7-Zip.*Unpack/u],
  ])("%s", (_, head, said) => {
    const found = detectMagic(head);
    expect(found !== null && typeof found === "object" ? `${found.unknown} ${found.advice}` : found).toMatch(said);
  });

  it.each([
    ["a header that begins as ORC does", "ORC,city\n1,2\n"],
    ["a header that begins as bzip2 does", "BZh1,BZh2\n1,2\n"],
    ["a header that begins as GRIB does", "GRIB;x\n1;2\n"],
    ["a zero and blank lines", `0\r\n\r\n${"1\r\n".repeat(100)}`],
    ["names with an octal number at the place of a checksum", `${"a".repeat(147)},0001234,${"b".repeat(600)}\n1,2,3\n`],
  ])("%s is text", (_, text) => {
    expect(foreignFormat(Buffer.from(text))).toBeNull();
  });

  it("a tar archive whose checksum is wrong is none", () => {
    expect(foreignFormat(tarHead(1))).toBeNull();
  });

  it("NUL all over is no text, some NUL may be", () => {
    expect(looksBinary(Buffer.from(`r${"\0".repeat(20)}`.repeat(10)))).toBe(true);
    expect(looksBinary(Buffer.from(`a,b\n${"1,2\0\n".repeat(50)}`))).toBe(false);
  });
});

import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import iconv from "iconv-lite";

/** A text on a page. Lengths are in points, from the lower left corner of a page of 612 × 792. */
export interface PdfText {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  /** 10 where left out. */
  readonly size?: number;
  /** Runs from the bottom to the top. */
  readonly turned?: boolean;
}

/** What a made PDF is like. */
export interface PdfOptions {
  /** Asked for on opening; an empty one is not asked for, and the document is encrypted all the same. */
  readonly password?: string;
  /** Titles of its table of contents, with the number of their page. */
  readonly outline?: readonly (readonly [title: string, page: number])[];
  /** A picture in the place of text. */
  readonly picture?: boolean;
}

const padding = Buffer.from("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a", "hex");
const permissions = -4;
const id = Buffer.alloc(16, 7);

const md5 = (...parts: readonly Buffer[]): Buffer => createHash("md5").update(Buffer.concat(parts)).digest();

function rc4(key: Buffer, data: Buffer): Buffer {
  const state = Uint8Array.from({ length: 256 }, (_, index) => index);
  const swap = (a: number, b: number): void => {
    [state[a], state[b]] = [state[b] ?? 0, state[a] ?? 0];
  };
  for (let i = 0, j = 0; i < 256; i += 1) {
    j = (j + (state[i] ?? 0) + (key[i % key.length] ?? 0)) % 256;
    swap(i, j);
  }
  let i = 0;
  let j = 0;
  const turned = Array.from(data, (byte) => {
    i = (i + 1) % 256;
    j = (j + (state[i] ?? 0)) % 256;
    swap(i, j);
    // oxlint-disable-next-line no-bitwise -- a stream cipher
    return byte ^ (state[((state[i] ?? 0) + (state[j] ?? 0)) % 256] ?? 0);
  });
  return Buffer.from(turned);
}

/** Encryption of the first revision (PDF 32000-1, 7.6): weak, and all that a test needs. */
interface Encryption {
  readonly dictionary: string;
  encrypt(object: number, data: Buffer): Buffer;
}

const hex = (data: Buffer): string => `<${data.toString("hex")}>`;

function encryption(password: string): Encryption {
  const padded = Buffer.concat([Buffer.from(password, "latin1"), padding]).subarray(0, 32);
  const owner = rc4(md5(padded).subarray(0, 5), padded);
  const allowed = Buffer.alloc(4);
  allowed.writeInt32LE(permissions);
  const key = md5(padded, owner, allowed, id).subarray(0, 5);
  const user = rc4(key, padding);
  return {
    dictionary: `<</Filter/Standard/V 1/R 2/O${hex(owner)}/U${hex(user)}/P ${permissions}>>`,
    encrypt: (object, data) => {
      const number = Buffer.from([object % 256, Math.floor(object / 256), 0, 0, 0]);
      return rc4(md5(key, number).subarray(0, 10), data);
    },
  };
}

/**
 * Latin text in Helvetica; Hebrew and Arabic as its UTF-16 units, half as wide as high; other text as a Chinese PDF has
 * it: GBK codes of a font that is not brought along.
 */
function codesOf(text: string): readonly [font: string, codes: string] {
  // oxlint-disable-next-line no-control-regex -- ASCII
  if (/^[\0-\x7f]*$/.test(text)) {
    return ["F1", `(${text.replace(/[()\\]/g, String.raw`\$&`)})`];
  }
  return /[\u0590-\u06ff\ufb1d-\ufdff\ufe70-\ufefc]/u.test(text)
    ? ["F3", `<${Buffer.from(text, "utf16le").swap16().toString("hex")}>`]
    : ["F2", `<${iconv.encode(text, "gbk").toString("hex")}>`];
}

function showText({ x, y, text, size = 10, turned = false }: PdfText): string {
  const [font, shown] = codesOf(text);
  return `BT /${font} ${size} Tf ${turned ? "0 1 -1 0" : "1 0 0 1"} ${x} ${y} Tm ${shown} Tj ET`;
}

/** Says that codes are characters (PDF 32000-1, 9.10.3). */
const unicodeMap = [
  "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Wide def /CMapType 2 def",
  "1 begincodespacerange <0000> <FFFF> endcodespacerange",
  "1 beginbfrange <0000> <FFFF> <0000> endbfrange",
  "endcmap CMapName currentdict /CMap defineresource pop end end",
].join("\n");
const fonts = [
  "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
  "<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/GBK-EUC-H/DescendantFonts[5 0 R]>>",
  "<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000/FontDescriptor 6 0 R>>",
  "<</Type/FontDescriptor/FontName/SimSun/Flags 4/FontBBox[0 -141 1000 859]/ItalicAngle 0/Ascent 859/Descent -141/CapHeight 687/StemV 80>>",
  "<</Type/Font/Subtype/Type0/BaseFont/Wide/Encoding/Identity-H/DescendantFonts[8 0 R]/ToUnicode 9 0 R>>",
  "<</Type/Font/Subtype/CIDFontType2/BaseFont/Wide/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 500/FontDescriptor 6 0 R>>",
  `<</Length ${unicodeMap.length}>>stream\n${unicodeMap}\nendstream`,
];
const picture = "q 600 0 0 780 6 6 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q";

/** Objects of the outline, the first of which has the number `first`. */
function outlineObjects(
  entries: NonNullable<PdfOptions["outline"]>,
  first: number,
  pageObject: (page: number) => number,
): readonly string[] {
  const last = first + entries.length;
  return [
    `<</Type/Outlines/First ${first + 1} 0 R/Last ${last} 0 R/Count ${entries.length}>>`,
    ...entries.map(([title, page], index) => {
      const own = first + 1 + index;
      const next = own < last ? `/Next ${own + 1} 0 R` : "";
      const previous = index > 0 ? `/Prev ${own - 1} 0 R` : "";
      return `<</Title(${title})/Parent ${first} 0 R${next}${previous}/Dest[${pageObject(page)} 0 R/Fit]>>`;
    }),
  ];
}

/** Makes a small PDF whose texts stand where they are put, set in the order given. */
export function makePdf(pages: readonly (readonly PdfText[])[], options: PdfOptions = {}): Buffer {
  const cipher = options.password === undefined ? null : encryption(options.password);
  const firstPage = 3 + fonts.length;
  const pageObject = (page: number): number => firstPage + (page - 1) * 2;
  const outlineAt = firstPage + pages.length * 2;
  const outline = outlineObjects(options.outline ?? [], outlineAt, pageObject);
  const contents = pages.map((texts) => (options.picture === true ? picture : texts.map(showText).join("\n")));
  const objects: (string | Buffer)[] = [
    `<</Type/Catalog/Pages 2 0 R${options.outline === undefined ? "" : `/Outlines ${outlineAt} 0 R`}>>`,
    `<</Type/Pages/Count ${pages.length}/Kids[${pages.map((_, index) => `${pageObject(index + 1)} 0 R`).join(" ")}]>>`,
    ...fonts,
    ...contents.flatMap((content, index) => {
      const number = pageObject(index + 1) + 1;
      const packed = deflateSync(Buffer.from(content, "latin1"));
      const data = cipher === null ? packed : cipher.encrypt(number, packed);
      return [
        `<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents ${number} 0 R/Resources<</Font<</F1 3 0 R/F2 4 0 R/F3 7 0 R>>>>>>`,
        Buffer.concat([
          Buffer.from(`<</Length ${data.length}/Filter/FlateDecode>>stream\n`),
          data,
          Buffer.from("\nendstream"),
        ]),
      ];
    }),
    ...(options.outline === undefined ? [] : outline),
  ];
  const trailer =
    cipher === null ? "" : `/Encrypt ${cipher.dictionary}/ID[<${id.toString("hex")}><${id.toString("hex")}>]`;
  return assembled(objects, trailer);
}

function assembled(objects: readonly (string | Buffer)[], trailer: string): Buffer {
  const pieces: Buffer[] = [Buffer.from("%PDF-1.4\n")];
  const offsets: number[] = [];
  let length = 9;
  objects.forEach((object, index) => {
    const whole = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), Buffer.from(object), Buffer.from("\nendobj\n")]);
    offsets.push(length);
    pieces.push(whole);
    length += whole.length;
  });
  const places = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  const size = objects.length + 1;
  pieces.push(
    Buffer.from(
      `xref\n0 ${size}\n0000000000 65535 f \n${places}trailer\n<</Size ${size}/Root 1 0 R${trailer}>>\nstartxref\n${length}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(pieces);
}

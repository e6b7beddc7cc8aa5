import { type ParsedFile, skipped } from "../parsed-document.ts";
import { chartText } from "./chart-text.ts";
import { DocumentText } from "./document-text.ts";
import { relationsOf } from "./package-parts.ts";
import { slideShapes } from "./slide-text.ts";
import { readXml } from "./xml-events.ts";
import { TooLargeArchive, unpackParts, type ZipParts } from "./zip-parts.ts";

const presentation = "ppt/presentation.xml";
/** Printed on every slide. */
const repeated = new Set(["sldNum", "dt", "ftr", "hdr"]);
const titles = new Set(["title", "ctrTitle"]);

/** The text of a presentation: each slide with its title, its shapes, its tables and what its speaker noted. */
export async function readPptx(bytes: Buffer): Promise<ParsedFile> {
  const parts = unpacked(bytes);
  if (typeof parts === "string") {
    return skipped(parts);
  }
  const slides = await slideNames(parts);
  const text = new DocumentText();
  for (const [index, name] of slides.entries()) {
    text.beginPart(index + 1);
    text.endHeadings();
    // oxlint-disable-next-line no-await-in-loop -- slides come in order
    await addSlide(parts, name, text);
  }
  return text.end();
}

function unpacked(bytes: Buffer): ZipParts | "too-large" | "broken" {
  try {
    return unpackParts(bytes, (name) => /^ppt\/.*\.(?:xml|rels)$/iu.test(name));
  } catch (error) {
    return error instanceof TooLargeArchive ? "too-large" : "broken";
  }
}

/** Slides in the order in which they are shown. */
async function slideNames(parts: ZipParts): Promise<readonly string[]> {
  const byId = new Map((await relationsOf(parts, presentation)).map(({ id, target }) => [id, target]));
  const names: string[] = [];
  readXml(await parts.text(presentation), {
    open: ({ name, written }) => {
      // Two of its attributes are called `id`: the one with a prefix is that of a relation.
      const id = Object.entries(written).find(([key]) => key.endsWith(":id"))?.[1] ?? "";
      const target = name === "sldId" ? byId.get(id) : undefined;
      names.push(...(target === undefined ? [] : [target]));
    },
    close: () => undefined,
    text: () => undefined,
  });
  return names;
}

const isTitle = (role: string | null): boolean => role !== null && titles.has(role);

async function addSlide(parts: ZipParts, name: string, text: DocumentText): Promise<void> {
  const relations = await relationsOf(parts, name);
  const shapes = slideShapes(await parts.text(name)).filter(({ role }) => role === null || !repeated.has(role));
  for (const { lines } of shapes.filter(({ role }) => isTitle(role))) {
    text.addHeading(1, lines.join(" "));
  }
  for (const { lines } of shapes.filter(({ role }) => !isTitle(role))) {
    text.addBlock(lines.join("\n"));
  }
  for (const { kind, target } of relations) {
    if (kind === "diagramData") {
      // oxlint-disable-next-line no-await-in-loop -- in the order of the slide
      const diagram = slideShapes(await parts.text(target));
      diagram.forEach(({ lines }) => text.addBlock(lines.join("\n")));
    } else if (kind === "chart") {
      // oxlint-disable-next-line no-await-in-loop -- in the order of the slide
      text.addBlock(chartText(await parts.text(target)));
    } else if (kind === "notesSlide") {
      // oxlint-disable-next-line no-await-in-loop -- in the order of the slide
      const notes = slideShapes(await parts.text(target)).filter(({ role }) => role === "body");
      notes.forEach(({ lines }) => text.addBlock(lines.join("\n")));
    }
  }
}

import { posix } from "node:path";
import { readXml } from "./xml-events.ts";
import type { ZipParts } from "./zip-parts.ts";

/** What a part of an Office document refers to. */
export interface Relation {
  readonly id: string;
  /** The last word of its type, such as `slide` or `notesSlide`. */
  readonly kind: string;
  /** Path of the part. */
  readonly target: string;
}

/** The parts to which a part of an Office document refers (ECMA-376-2, 9.3); none outside of the document. */
export async function relationsOf(parts: ZipParts, name: string): Promise<readonly Relation[]> {
  const folder = posix.dirname(name);
  const found: Relation[] = [];
  readXml(await parts.text(posix.join(folder, "_rels", `${posix.basename(name)}.rels`)), {
    open: ({ name: element, attributes }) => {
      const target = attributes.get("Target");
      if (element === "Relationship" && target !== undefined && attributes.get("TargetMode") !== "External") {
        found.push({
          id: attributes.get("Id") ?? "",
          kind: (attributes.get("Type") ?? "").split("/").at(-1) ?? "",
          target: target.startsWith("/") ? target.slice(1) : posix.join(folder, target),
        });
      }
    },
    close: () => undefined,
    text: () => undefined,
  });
  return found;
}

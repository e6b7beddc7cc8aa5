import type { FileText } from "../ports/file-text.ts";
import type { extractDocument } from "./parse/extract-document.ts";
import { readFileContent } from "./parse/read-file.ts";
import { isSecretPath } from "./parse/secrets.ts";

const mostBytes = 50 * 1024 * 1024;

/**
 * Reads files as an index does.
 *
 * @param load Gives what takes text out of documents; a bundle of its own, since its readers are large.
 */
export function createFileText(load: () => Promise<typeof extractDocument>): FileText {
  return {
    isSecret,
    async read(path, signal) {
      if (isSecret(path)) {
        return { type: "none", reason: "secret" };
      }

      const { bytes, cut } = readFileContent(path, mostBytes);
      if (cut) {
        return { type: "none", reason: "too-large" };
      }

      const extract = await load();
      signal.throwIfAborted();
      const parsed = await extract(path, bytes);
      return parsed.type === "parsed"
        ? { type: "text", text: parsed.document.text, leftOut: parsed.document.leftOut }
        : { type: "none", reason: parsed.reason };
    },
  };
}

function isSecret(path: string): boolean {
  return isSecretPath(path.replaceAll("\\", "/"));
}

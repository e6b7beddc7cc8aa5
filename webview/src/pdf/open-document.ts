import { type PDFDocumentProxy, PDFWorker, PasswordException, getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
import type { PdfHost } from "./pdf-host.ts";

/** Larger pictures are not drawn: they would take the memory of the whole view. */
const largestPicturePixels = 100_000_000;
const workerName = "pdf.worker.min.mjs";

let worker: Promise<PDFWorker> | undefined;

/**
 * Reads a document in a thread of its own. Nothing in it runs and nothing is fetched: what it needs beside its own bytes
 * comes from the extension.
 *
 * @throws {PasswordException} when it wants a password.
 */
export async function openDocument(data: Uint8Array, host: PdfHost): Promise<PDFDocumentProxy> {
  worker ??= startWorker(host);
  const folder = { cMapUrl: "cmaps/", standardFontDataUrl: "standard_fonts/", wasmUrl: "wasm/" };
  return await getDocument({
    data,
    worker: await worker,
    ...folder,
    BinaryDataFactory: filesOf(host, folder),
    useWorkerFetch: false,
    enableXfa: false,
    stopAtErrors: false,
    maxImageSize: largestPicturePixels,
  }).promise;
}

/** Whether a document could not be read for want of its password. */
export function wantsPassword(error: unknown): boolean {
  return error instanceof PasswordException;
}

/** A page of the editor may start a worker from its own memory only. */
async function startWorker(host: PdfHost): Promise<PDFWorker> {
  const program = new Blob([await host.file(workerName)], { type: "text/javascript" });
  const address = URL.createObjectURL(program);
  return PDFWorker.create({ port: new Worker(address, { type: "module" }) });
}

function filesOf(host: PdfHost, folders: { readonly [kind: string]: string }): object {
  return class {
    async fetch({ kind, filename }: { readonly kind: string; readonly filename: string }): Promise<Uint8Array> {
      return host.file(`${folders[kind] ?? ""}${filename}`);
    }
  };
}

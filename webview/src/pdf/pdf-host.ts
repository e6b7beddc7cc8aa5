import { type PdfPush, type PdfRequest, pdfPushSchema } from "../../../src/agents/protocol/pdf-page.ts";
import type { EditorApi } from "../host/host.ts";

/** The extension, as the view of a document sees it. */
export interface PdfHost {
  say(request: PdfRequest): void;
  /** One of the files that come with the product. Rejects where there is none. */
  file(name: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Where the person was, kept while the view is hidden. */
  readonly kept: unknown;
  keep(state: unknown): void;
}

type Wanted = (data: Uint8Array<ArrayBuffer> | null) => void;

/** The extension over the editor's message channel; everything but files is given to `onPush`. */
export function createPdfHost(api: EditorApi, onPush: (push: Exclude<PdfPush, { kind: "file" }>) => void): PdfHost {
  const wanted = new Map<number, Wanted>();
  let lastId = 0;
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- the editor's own channel takes none
  const say = (request: PdfRequest): void => api.postMessage(request);
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    const push = pdfPushSchema.safeParse(event.data);
    if (push.data?.kind === "file") {
      wanted.get(push.data.id)?.(push.data.data);
      wanted.delete(push.data.id);
    } else if (push.data !== undefined) {
      onPush(push.data);
    }
  });
  return {
    say,
    file: (name) =>
      new Promise((resolve, reject) => {
        lastId += 1;
        wanted.set(lastId, (data) => (data === null ? reject(new Error(`There is no ${name}.`)) : resolve(data)));
        say({ kind: "file-wanted", id: lastId, name });
      }),
    kept: api.getState(),
    keep: (state) => api.setState(state),
  };
}

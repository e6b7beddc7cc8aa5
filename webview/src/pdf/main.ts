// oxlint-disable-next-line import/no-unassigned-import -- the bundler makes a style sheet of it
import "./pdf.css";
import * as z from "zod/mini";
import type { PdfPush, PdfWords } from "../../../src/agents/protocol/pdf-page.ts";
import type { EditorApi } from "../host/host.ts";
import { openDocument, wantsPassword } from "./open-document.ts";
import { PageList } from "./page-list.ts";
import { createPdfHost } from "./pdf-host.ts";
import { pdfStrings } from "./pdf-strings.ts";
import { Toolbar } from "./toolbar.ts";

declare function acquireVsCodeApi(): EditorApi;

// The policy of the page forbids evaluation; without this the validator would try it once.
z.config({ jitless: true });

const keptSchema = z.object({ page: z.number() });
const strings = pdfStrings(document.documentElement.lang);
const status = document.createElement("p");
status.setAttribute("role", "status");
let pages: PageList | undefined;
/** What is to be marked once the document is there. */
let waiting: PdfWords | null = null;
const toolbar = new Toolbar(strings, () => pages);
const host = createPdfHost(acquireVsCodeApi(), (push) => void receive(push));
document.body.replaceChildren(toolbar.element, status);
toolbar.element.hidden = true;
say(strings.loading);
host.say({ kind: "ready" });

async function receive(push: Exclude<PdfPush, { kind: "file" }>): Promise<void> {
  if (push.kind === "document") {
    await open(push);
  } else if (pages === undefined) {
    waiting = push.show;
  } else {
    await show(pages, push.show);
  }
}

async function open({ data, show: wanted }: Extract<PdfPush, { kind: "document" }>): Promise<void> {
  try {
    const opened = await openDocument(data, host);
    const before = pages?.page ?? keptSchema.safeParse(host.kept).data?.page ?? 1;
    pages?.dispose();
    const list = await PageList.of(opened, strings, (page) => moved(page, opened.numPages));
    pages = list;
    document.body.replaceChildren(toolbar.element, status, list.element);
    toolbar.element.hidden = false;
    say("");
    list.zoom("width");
    moved(1, opened.numPages);
    const marked = waiting ?? wanted;
    waiting = null;
    if (marked === null) {
      list.goTo(before);
    } else {
      await show(list, marked);
    }
  } catch (error) {
    say(wantsPassword(error) ? strings.password : strings.unreadable);
    host.say({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

async function show(list: PageList, words: PdfWords): Promise<void> {
  const found = await list.show(words);
  say(found === null ? strings.notFound : "");
  host.say({ kind: "shown", found });
}

function moved(page: number, count: number): void {
  toolbar.update(page, strings.ofPages(count));
  host.keep({ page });
}

function say(words: string): void {
  status.textContent = words;
  status.hidden = words === "";
}

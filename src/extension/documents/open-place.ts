import { extname } from "node:path";
import { type Disposable, Uri, l10n, workspace } from "vscode";
import { AgentError } from "../../agents/base/errors.ts";
import type { Place } from "../../agents/protocol/page.ts";
import type { Session } from "../../agents/protocol/session-state.ts";
import { isFile } from "../platform/workspace-files.ts";
import type { ExtractedTexts } from "./extracted-texts.ts";
import { Highlight } from "./highlight.ts";
import { isKnownPlace } from "./known-place.ts";
import { openNotebookPlace } from "./open-notebook-place.ts";
import { openTextPlace, textHasWords } from "./open-text-place.ts";
import type { PdfView } from "./pdf-view.ts";

/** Documents that no editor shows as text. */
const extracted = /^\.(?:docx|docm|dotx|pptx|pptm|potx|odt|odp|epub|xlsx|xlsm|xlsb|xls|ods)$/u;
const markup = /^\.(?:html?|xhtml|htm)$/u;

export interface PlaceOpenerParts {
  readonly pdf: PdfView;
  readonly texts: ExtractedTexts;
}

/** Opens the places that answers cite. */
export class PlaceOpener implements Disposable {
  readonly #parts: PlaceOpenerParts;
  readonly #highlight = new Highlight();

  constructor(parts: PlaceOpenerParts) {
    this.#parts = parts;
  }

  /**
   * Opens a file where its words are cited, with these marked.
   *
   * @throws AgentError `page.refused` for a place that the session has nothing to do with; `place.gone` where the file is
   *   not there any more.
   */
  async open(session: Session | undefined, place: Place): Promise<void> {
    const { path } = place;
    if (session === undefined || !(await isKnownPlace(session, place))) {
      throw new AgentError(
        "page.refused",
        { what: path },
        l10n.t("“{0}” is outside this session and is not opened.", path),
      );
    }
    if (!(await isFile(path))) {
      throw new AgentError("place.gone", { path }, l10n.t("{0} is no longer there.", workspace.asRelativePath(path)));
    }
    await this.#open(place);
  }

  dispose(): void {
    this.#highlight.dispose();
  }

  async #open(place: Place): Promise<void> {
    const { pdf, texts } = this.#parts;
    const extension = extname(place.path).toLowerCase();
    if (extension === ".pdf") {
      await pdf.show(Uri.file(place.path), { page: place.page ?? 1, words: place.words });
    } else if (extension === ".ipynb") {
      await openNotebookPlace(place, this.#highlight);
    } else if (extracted.test(extension) || (markup.test(extension) && !(await textHasWords(place)))) {
      await texts.show(place, this.#highlight);
    } else {
      await openTextPlace(place, this.#highlight);
    }
  }
}

import type { Disposable } from "vscode";
import type { Asking, AskingParts } from "./create-asking.ts";
import type * as bundle from "./asking-bundle.ts";

type Bundle = typeof bundle;

/** Everything about asking in files, loaded as a bundle of its own when it is first needed: nothing of it starts with the editor. */
export class AskingRoom implements Disposable {
  readonly #parts: AskingParts;
  #loading: Promise<Asking> | undefined;
  #disposed = false;

  constructor(parts: AskingParts) {
    this.#parts = parts;
  }

  /** What is asked with; made once. */
  open(): Promise<Asking> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** Functions that need nothing made before. */
  functions(): Promise<Bundle> {
    return import("./asking-bundle.ts");
  }

  /** Whether anything was asked about in this window. */
  get isOpen(): boolean {
    return this.#loading !== undefined;
  }

  dispose(): void {
    this.#disposed = true;
    void this.#loading?.then((asking) => asking.dispose());
  }

  async #load(): Promise<Asking> {
    const { createAsking } = await this.functions();
    const asking = createAsking(this.#parts);
    if (this.#disposed) {
      asking.dispose();
    }
    return asking;
  }
}

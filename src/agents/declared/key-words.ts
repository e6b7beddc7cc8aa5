import * as z from "zod/mini";

/** What the values of a key name, where they name something that exists. */
type NamedThings = "agents" | "tools" | "models";

/** What is said of a key while it is written. */
export interface KeyWords {
  readonly en: string;
  readonly zh: string;
  /** What is put behind `key:` when the key is completed, as a snippet of the editor. */
  readonly snippet: string;
  readonly names?: NamedThings;
}

/** The words of each part of the schema. */
export const keyWords = z.registry<KeyWords>();

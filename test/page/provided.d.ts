import "vitest";
import type { StartedPages } from "./page-harness.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** What `start-pages.ts` started. */
    readonly pages: StartedPages;
  }
}

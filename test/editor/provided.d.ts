import "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** The path of the packed extension. */
    readonly vsix: string;
  }
}

import "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** A folder of installed extensions, which has the product. */
    readonly extensions: string;
  }
}

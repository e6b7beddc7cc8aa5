/** Words of the manifest in both languages that the product speaks. */
export interface ManifestText {
  readonly en: string;
  readonly zh: string;
}

/** A manifest text; both languages are required, so that neither is forgotten. */
export function text(en: string, zh: string): ManifestText {
  return { en, zh };
}

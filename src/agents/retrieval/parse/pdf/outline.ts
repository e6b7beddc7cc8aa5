/** An entry of a PDF's table of contents, as pdf.js gives it. */
interface OutlineItem {
  readonly title: string;
  readonly items: readonly OutlineItem[];
}

const mostEntries = 5000;
const deepest = 6;

/** What two writings of a title have in common: no numbers before it, no white space. */
export function titleKey(title: string): string {
  return title
    .normalize("NFKC")
    .toLowerCase()
    .replace(/^(?:chapter|section|appendix|part)?\s*[\divxa-h]{0,5}(?:\.\d+)*[.):]?\s+/u, "")
    .replace(/\s+/gu, "");
}

/** Levels of the titles in a table of contents, 1 for the outermost. */
export function outlineLevels(outline: readonly OutlineItem[]): ReadonlyMap<string, number> {
  const levels = new Map<string, number>();
  const visit = (items: readonly OutlineItem[], level: number): void => {
    for (const { title, items: inner } of items) {
      const key = titleKey(title);
      if (levels.size < mostEntries && key !== "" && !levels.has(key)) {
        levels.set(key, level);
      }
      if (level < deepest) {
        visit(inner, level + 1);
      }
    }
  };
  visit(outline, 1);
  return levels;
}

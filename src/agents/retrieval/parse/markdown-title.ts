/** A heading in the form that begins with `#`. */
export interface MarkdownTitle {
  /** 1 to 6. */
  readonly level: number;
  readonly title: string;
}

const mark = /^ {0,3}(#{1,6})[ \t]/;

/** The heading that a line of Markdown is; `null` for any other (https://spec.commonmark.org, ATX headings). */
export function markdownTitle(line: string): MarkdownTitle | null {
  const hashes = mark.exec(line)?.[1];
  if (hashes === undefined) {
    return null;
  }
  const said = line.slice(line.indexOf(hashes) + hashes.length).trim();
  let end = said.length;
  while (end > 0 && said[end - 1] === "#") {
    end -= 1;
  }
  const title = said.slice(0, end).trimEnd();
  return title === "" ? null : { level: hashes.length, title };
}

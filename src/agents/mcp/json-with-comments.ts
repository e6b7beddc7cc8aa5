/** Strings, which stay as they are; comments; and commas with nothing but blanks between them and the end. */
const parts = /("(?:\\[^]|[^"\\])*")|\/\/[^\n\r]*|\/\*[^]*?\*\//gu;
const lastCommas = /("(?:\\[^]|[^"\\])*")|,(?=\s*[}\]])/gu;

/**
 * Parses JSON with comments and with commas after the last item, as editors write their configuration.
 *
 * @throws SyntaxError
 */
export function parseJsonWithComments(text: string): unknown {
  return JSON.parse(
    text
      .replace(/^\ufeff/u, "")
      .replace(parts, kept)
      .replace(lastCommas, kept),
  );
}

function kept(_all: string, string?: string): string {
  return string ?? "";
}

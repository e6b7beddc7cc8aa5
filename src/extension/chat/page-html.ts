/** What the shell of the chat page is made from. The URIs are already those of the webview. */
export interface PageHtmlOptions {
  readonly scriptUri: string;
  readonly styleUri: string;
  /** `webview.cspSource`. */
  readonly cspSource: string;
  /** A fresh random word per page, letters and digits only. */
  readonly nonce: string;
  /** BCP 47, such as `zh-cn`; the page speaks it before its settings arrive. */
  readonly locale: string;
}

/**
 * The hash of an empty `<style>`. The controls probe with one whether the browser knows `:focus-visible`; refused, they
 * would draw a focus ring at every click. Nothing but an empty element passes.
 */
const emptyStyleHash = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

/**
 * The HTML that holds the chat page. Its policy allows the page's own script, styles, font and pictures and nothing
 * else: no inline code or style, no evaluation, no connection.
 */
export function pageHtml(options: PageHtmlOptions): string {
  const policy = [
    "default-src 'none'",
    `img-src ${options.cspSource} data:`,
    `style-src ${options.cspSource} ${emptyStyleHash}`,
    `font-src ${options.cspSource}`,
    `script-src 'nonce-${options.nonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="${escapeAttribute(options.locale)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeAttribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${escapeAttribute(options.styleUri)}">
<title>Byzer Agent</title>
</head>
<body>
<div id="app"></div>
<script nonce="${escapeAttribute(options.nonce)}" src="${escapeAttribute(options.scriptUri)}"></script>
</body>
</html>
`;
}

function escapeAttribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}

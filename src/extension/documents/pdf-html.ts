/** What the shell of the view of a PDF document is made from. The URIs are already those of the webview. */
export interface PdfHtmlOptions {
  readonly scriptUri: string;
  readonly styleUri: string;
  /** `webview.cspSource`. */
  readonly cspSource: string;
  /** A fresh random word per page, letters and digits only. */
  readonly nonce: string;
  /** BCP 47, such as `zh-cn`. */
  readonly locale: string;
}

/**
 * The HTML that holds a PDF document. Its policy allows the page's own script and style, the thread that reads the
 * document and the decoders of pictures in it; no connection at all, and nothing that the document brings runs.
 */
export function pdfHtml({ scriptUri, styleUri, cspSource, nonce, locale }: PdfHtmlOptions): string {
  const policy = [
    "default-src 'none'",
    "img-src blob: data:",
    `style-src ${cspSource}`,
    "font-src data:",
    `script-src 'nonce-${nonce}' 'wasm-unsafe-eval'`,
    "worker-src blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="${attribute(locale)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${attribute(styleUri)}">
<title>PDF</title>
</head>
<body>
<script nonce="${attribute(nonce)}" src="${attribute(scriptUri)}"></script>
</body>
</html>
`;
}

function attribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}

import { isIPv4 } from "node:net";

/**
 * The base URL that a person meant: with a scheme, without a trailing slash, and without the path of a single call.
 * A bare local address gets `http`, any other `https`. Text that is no address comes back trimmed.
 */
export function normalizeBaseUrl(text: string): string {
  const trimmed = text.trim().replace(/\/+$/u, "");
  const scheme = /^(?:localhost|127\.|\[::1\]|0\.0\.0\.0|192\.168\.|10\.)/u.test(trimmed) ? "http" : "https";
  const full = /^[a-z][a-z\d+.-]*:\/\//iu.test(trimmed) ? trimmed : `${scheme}://${trimmed}`;
  if (!URL.canParse(full)) {
    return trimmed;
  }
  return full.replace(/\/(?:chat\/completions|models|embeddings)$/u, "").replace(/\/+$/u, "");
}

/** Host and port of a base URL, for sentences; the text itself where it is no URL. */
export function hostOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl;
}

/** Whether the address is this machine or a private network, where a model may take minutes to answer. */
export function isLocalAddress(baseUrl: string): boolean {
  if (!URL.canParse(baseUrl)) {
    return false;
  }
  const { hostname } = new URL(baseUrl);
  if (isIPv4(hostname)) {
    return /^(?:127|10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./u.test(hostname);
  }
  return hostname === "[::1]" || !/[.:]/u.test(hostname) || /\.(?:local|lan|internal|localhost)$/u.test(hostname);
}

/** The same address with `/v1`, where the path names no version yet; otherwise `null`. */
export function suggestVersionPath(baseUrl: string): string | null {
  if (!URL.canParse(baseUrl) || /\/v\d+(?:[a-z]\w*)?(?:\/|$)/u.test(new URL(baseUrl).pathname)) {
    return null;
  }
  return `${baseUrl.replace(/\/+$/u, "")}/v1`;
}

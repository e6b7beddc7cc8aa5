import { isJsonObject, type JsonObject } from "./lenient-json.ts";

/** What went wrong with one HTTP request, before anybody knows what it means. Holds no key. */
export interface RequestFailure {
  readonly kind: "dns" | "refused" | "tls" | "timeout" | "lost" | "status" | "not-an-api";
  /** HTTP status; also one that came inside a stream. */
  readonly status: number | null;
  /** The server's code or the system's, such as `model_not_found` or `ECONNREFUSED`. */
  readonly code: string;
  /** What the server or the system said, one line of at most 300 characters. */
  readonly reason: string;
  readonly retryAfterMs: number | null;
}

const dnsCodes = new Set(["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "ERR_INVALID_URL"]);
const refusedCodes = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN", "EADDRNOTAVAIL", "EACCES"]);
const timeoutCodes = new Set(["ETIMEDOUT", "ESOCKETTIMEDOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_CONNECT_TIMEOUT"]);

/** The failure behind an error that a request threw. Looks through the wrappers for the system's own code. */
export function failureOfError(error: unknown, hidden: readonly string[]): RequestFailure {
  let code = "";
  let reason = "";
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string") {
      code = cause.code;
    }
    reason = cause.message === "" ? reason : cause.message;
  }
  return {
    kind: kindOf(code, reason),
    status: null,
    code,
    reason: oneLine(reason === "" ? code || String(error) : reason, hidden),
    retryAfterMs: null,
  };
}

function kindOf(code: string, reason: string): RequestFailure["kind"] {
  if (dnsCodes.has(code)) {
    return "dns";
  }
  if (refusedCodes.has(code)) {
    return "refused";
  }
  if (timeoutCodes.has(code)) {
    return "timeout";
  }
  const tls = /^(?:CERT_|ERR_TLS|ERR_SSL|EPROTO|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH)/u.test(code);
  if (tls || /certificate|ssl|tls/iu.test(reason)) {
    return "tls";
  }
  return code.startsWith("HPE_") ? "not-an-api" : "lost";
}

/**
 * The failure behind a body that reports an error, whatever its shape: `{error: {…}}`, `{error: "…"}`, `{detail: …}`,
 * `{message: …}`, a list of one, plain text or HTML.
 */
export function failureOfBody(
  answer: { readonly status: number | null; readonly body: unknown; readonly headers?: Headers; readonly now: number },
  hidden: readonly string[],
): RequestFailure {
  const { headers, now } = answer;
  const outer: unknown = Array.isArray(answer.body) ? answer.body[0] : answer.body;
  const inner = isJsonObject(outer) && isJsonObject(outer["error"]) ? outer["error"] : outer;
  const status = answer.status ?? statusIn(inner);
  const strange = strangerIn(answer.body, status, headers);
  if (strange !== null) {
    return { kind: "not-an-api", status, code: "", reason: oneLine(strange, hidden), retryAfterMs: null };
  }
  const said = sentenceIn(inner);
  return {
    kind: "status",
    status,
    code: isJsonObject(inner)
      ? [inner["code"], inner["type"]].filter((part) => typeof part === "string").join(" ")
      : "",
    reason: oneLine(said, hidden),
    retryAfterMs: retryAfterOf(headers, now) ?? retryAfterInText(said),
  };
}

/** What no API answers with: a redirect, a web page. */
function strangerIn(body: unknown, status: number | null, headers: Headers | undefined): string | null {
  if (status !== null && status >= 300 && status < 400) {
    return `a redirect to ${headers?.get("location") ?? "another address"}`;
  }
  return typeof body === "string" && /^\s*<(?:!doctype|html|\?xml)/iu.test(body) ? "a web page" : null;
}

/** The status that a body reports of itself, as error objects inside a stream do. */
function statusIn(body: unknown): number | null {
  const value = isJsonObject(body) ? Number(body["status"] ?? body["code"] ?? body["http_code"]) : Number.NaN;
  return value >= 400 && value < 600 ? value : null;
}

function sentenceIn(value: unknown): string {
  if (typeof value === "string") {
    return value;
  }
  if (!isJsonObject(value)) {
    return "";
  }
  const parts: JsonObject = value;
  for (const key of ["message", "error", "detail", "msg", "error_description"]) {
    const part = parts[key];
    if (typeof part === "string" && part !== "") {
      const nested = isJsonObject(parts["metadata"]) ? parts["metadata"]["raw"] : undefined;
      return typeof nested === "string" ? `${part}: ${nested}` : part;
    }
  }
  return JSON.stringify(value);
}

/** The wait that the headers ask for, milliseconds. Format: RFC 9110 section 10.2.3, seconds or a date. */
export function retryAfterOf(headers: Headers | undefined, now: number): number | null {
  const exact = Number.parseFloat(headers?.get("retry-after-ms") ?? "");
  if (Number.isFinite(exact)) {
    return Math.max(0, exact);
  }
  const text = headers?.get("retry-after")?.trim() ?? "";
  if (/^\d+(?:\.\d+)?$/u.test(text)) {
    return Math.round(Number(text) * 1000);
  }
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/** The wait that a sentence asks for, such as "Please try again in 1.5s" or `"retryDelay": "12s"`. */
function retryAfterInText(text: string): number | null {
  const match =
    /(?:try again in|retry(?:delay|-after| after| in)"?:?)\s*"?(?:(\d+)m(?!s))?\s*([\d.]+)?\s*(ms|s|sec)?/iu.exec(text);
  if (match === null || (match[1] === undefined && match[2] === undefined)) {
    return null;
  }
  const rest = Number(match[2] ?? 0) * (match[3] === "ms" ? 1 : 1000);
  return Math.round(Number(match[1] ?? 0) * 60_000 + rest);
}

/** One line without any of the hidden texts, nor anything else that looks like a key. */
export function oneLine(text: string, hidden: readonly string[]): string {
  let line = text.replace(/\s+/gu, " ").trim();
  for (const secret of hidden) {
    line = secret === "" ? line : line.replaceAll(secret, "…");
  }
  line = line.replace(/\bBearer\s+\S+/giu, "Bearer …").replace(/\b(?:sk|pk|gsk|xai)-[\w*-]{6,}/gu, "…");
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}

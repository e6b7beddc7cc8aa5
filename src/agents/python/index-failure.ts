const network =
  /NewConnectionError|ConnectTimeout|ConnectionResetError|Name or service not known|Temporary failure in name resolution|getaddrinfo failed|nodename nor servname|Failed to resolve|dns error|Connection refused|Network is unreachable|ProxyError|tunnel|timed out|SSLError|CERTIFICATE_VERIFY_FAILED|client error \(Connect\)|error sending request|Could not connect|Failed to fetch/i;
const longest = 300;

/**
 * Why an index of packages could not be reached: what pip or uv said first, and the cause that it named last; `undefined`
 * where that is not what went wrong.
 */
export function unreachableIndex(output: string): string | undefined {
  const lines = output.split("\n").map((line) => line.trim());
  const told = lines.filter((line) => network.test(line));
  const [first] = told;
  const cause = told.at(-1);
  if (first === undefined || cause === undefined) {
    return undefined;
  }
  return [...new Set([first, cause])].map((line) => withoutPasswords(line).slice(0, longest)).join(" ");
}

/** The last lines that an installer printed, on one line. */
export function lastWords(output: string): string {
  const lines = output.split("\n").map((line) => line.trim());
  return withoutPasswords(
    lines
      .filter((line) => line !== "")
      .slice(-3)
      .join(" "),
  ).slice(-2 * longest);
}

/** Addresses of private indexes carry them. */
function withoutPasswords(text: string): string {
  return text.replaceAll(/:\/\/[^/@\s]+@/g, "://***@");
}

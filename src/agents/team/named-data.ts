/** Something that a message names to be loaded, as it is written there. */
export type NamedData =
  | { readonly kind: "address"; readonly written: string }
  | { readonly kind: "server"; readonly written: string }
  | {
      readonly kind: "path";
      readonly written: string;
      /** The same with words before it, the longest first: names may have blanks without standing in quotation marks. */
      readonly longer: readonly string[];
    };

const mostBlanks = 6;

const address = /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s<>"'`“”‘’「」『』（）]+/giu;
const servers = /^(?:postgres(?:ql)?|mysql|mariadb|mssql|sqlserver|oracle|mongodb(?:\+srv)?|redis|clickhouse|jdbc)/iu;
const quoted = /`([^`\n]+)`|"([^"\n]+)"|“([^”\n]+)”|「([^」\n]+)」|'([^'\n]+)'/gu;
const withExtension =
  /(?:[A-Za-z]:[\\/]|~?[\\/]|\.{1,2}[\\/])?[^\s"'`“”‘’「」『』<>|?*，。；：！？（）,;:]*[^\s"'`“”‘’「」『』<>|?*，。；：！？（）,;:.]\.[A-Za-z]\w{0,9}(?:\.(?:gz|zip))?(?!\w)/gu;
const folderPath = /(?:^|\s)((?:[A-Za-z]:[\\/]|~?\/|\.{1,2}[\\/])[^\s"'`“”，。,;]+)/gu;
const joinedInChinese = /(\.[A-Za-z]\w{0,9})[和与及、]/gu;
/** Words before a file in scripts without blanks. */
const leadingWords = /^(?:请|帮我|把|将|加载|载入|读取|打开|导入|分析|文件|数据|和|与|以及|、)+/u;

/** What a message names, each once, in its order. A name in quotation marks may have blanks. */
export function namedData(text: string): readonly NamedData[] {
  const found: NamedData[] = [];
  const rest = text.replaceAll(address, (written) => {
    const bare = written.replace(/[.,;:!?，。；：！？)\]]+$/u, "");
    found.push({ kind: servers.test(bare) ? "server" : "address", written: bare });
    return " ";
  });
  const unquoted = rest.replaceAll(quoted, (whole, ...groups: readonly unknown[]) => {
    const written = groups.slice(0, 5).find((group) => typeof group === "string");
    if (typeof written !== "string" || !looksLikePath(written)) {
      return whole;
    }

    found.push({ kind: "path", written: written.trim(), longer: [] });
    return " ";
  });
  const spaced = unquoted.replaceAll(joinedInChinese, "$1 ");
  const files = spaced.replaceAll(withExtension, (written, at: number) => {
    const bare = written.replace(leadingWords, "");
    found.push({ kind: "path", written: bare, longer: bare === written ? withWordsBefore(spaced, at, bare) : [] });
    return " ";
  });
  for (const [, written = ""] of files.matchAll(folderPath)) {
    found.push({ kind: "path", written, longer: [] });
  }

  return found.filter(({ written }, at) => found.findIndex((other) => other.written === written) === at);
}

/** Up to the end of the file before it, or of the part of the sentence. */
function withWordsBefore(text: string, at: number, written: string): readonly string[] {
  const [before = ""] = /[^\n"'`“”‘’「」『』<>|?*，。；：！？（）,;]*$/u.exec(text.slice(0, at)) ?? [];
  const words = before.match(/\S+[ \t]+/gu)?.slice(-mostBlanks) ?? [];
  return /[ \t]$/u.test(before)
    ? words.map((_word, index) => `${words.slice(index).join("")}${written}`.replace(leadingWords, ""))
    : [];
}

/** An address as it may be shown: what stands for a password in it is not. */
export function withoutPassword(written: string): string {
  return written
    .replace(/(?<=:\/\/[^/?#@\s]*?:)[^/?#\s]*(?=@)/u, "***")
    .replaceAll(
      /(?<=[?&;](?:password|passwd|pwd|token|access_token|api_?key|key|secret|sig|signature)=)[^&;#\s]*/giu,
      "***",
    );
}

function looksLikePath(text: string): boolean {
  return /[\\/]/u.test(text) || /\.[A-Za-z]\w{0,9}$/u.test(text);
}

/** A file name for what lies at an address: its last part, without signs that paths or shells take for others. */
export function fileNameOf(url: URL): string {
  const last = decoded(url.pathname.split("/").findLast((part) => part !== "") ?? "");
  const plain = last
    .normalize("NFC")
    .replaceAll(/[^\p{L}\p{N}._ -]/gu, "_")
    .replaceAll(/^[. ]+|[. ]+$/gu, "")
    .slice(-100);
  return plain === "" ? "download" : plain;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

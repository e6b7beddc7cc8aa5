/** What is known of a failure, as its details say it. */
type Details = Readonly<Record<string, unknown>>;

function textIn(details: Details, name: string): string {
  const value = details[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** The host of the address that embeds; the address as it is where it is none. */
function hostIn(details: Details): string {
  const address = textIn(details, "baseUrl");
  return /^https?:\/\/(?:[^/@]*@)?([^/?#]+)/iu.exec(address)?.[1] ?? address;
}

const because = (details: Details): string => {
  const reason = textIn(details, "reason");
  return reason === "" ? "" : `：${reason}`;
};

const sentences: Readonly<Record<string, (details: Details) => string>> = {
  "embedding.missing": (details) =>
    `找不到向量模型“${textIn(details, "model")}”所在的服务。请填写它的地址，或启动本机的模型服务。`,
  "embedding.unreachable": (details) =>
    `无法从 ${hostIn(details)} 得到向量${because(details)}。请检查服务是否在运行、地址是否正确。`,
  "embedding.wrong-key": (details) => `${hostIn(details)} 不接受向量模型的密钥。请重新填写密钥。`,
  "embedding.unknown-model": (details) =>
    `${hostIn(details)} 没有向量模型“${textIn(details, "model")}”。请选择另一个向量模型。`,
  "embedding.rate-limited": (details) => `${hostIn(details)} 暂时拒绝更多请求，稍后会自动继续生成向量。`,
  "embedding.failed": (details) => {
    const status = textIn(details, "status");
    return `${hostIn(details)} 没能生成向量${status === "" ? "" : `（状态 ${status}）`}${because(details)}。`;
  },
  "embedding.malformed": (details) =>
    `${hostIn(details)} 给出的向量无法使用${because(details)}。请查看服务的日志，或选择另一个向量模型。`,
  "embedding.changed": (details) =>
    `${hostIn(details)} 的模型“${textIn(details, "model")}”给出的向量长度从 ${textIn(details, "was")} 变成了 ${textIn(details, "is")}，似乎换成了另一个模型。`,
};

/** Why there are no embeddings, in Chinese; `null` for other codes. What only the server can say stays in its words. */
export function embeddingProblemInChinese(code: string, details: Details): string | null {
  return sentences[code]?.(details) ?? null;
}

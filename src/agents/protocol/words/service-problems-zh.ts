/** What is known of a failure, as its details say it. */
type Details = Readonly<Record<string, unknown>>;

/** What a service is asked for: the noun for what it gives, and for its model. */
interface Service {
  readonly gives: string;
  readonly model: string;
  /** What becomes of the work. */
  readonly goesOn: string;
}

const services: Readonly<Record<string, Service>> = {
  embedding: { gives: "向量", model: "向量模型", goesOn: "稍后会自动继续生成向量" },
  rerank: { gives: "重排结果", model: "重排模型", goesOn: "请稍后再试" },
};

function textIn(details: Details, name: string): string {
  const value = details[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** The host of the address that is asked; the address as it is where it is none. */
function hostIn(details: Details): string {
  const address = textIn(details, "baseUrl");
  return /^https?:\/\/(?:[^/@]*@)?([^/?#]+)/iu.exec(address)?.[1] ?? address;
}

/** Reasons that are the product's own words. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/^no answer within (\d+) s$/u, "$1 秒内没有回答"],
  [/^the answer has no list of vectors$/u, "回答中没有向量列表"],
  [/^(\d+) vectors came for (\d+) texts$/u, "$2 段文字得到了 $1 个向量"],
  [/^vector (\d+) of (\d+) is missing(?:, and (\d+) more)?$/u, "缺少向量（共 $2 个，第 $1 个起）"],
  [
    /^vector (\d+) of (\d+) has parts that are no numbers(?:, and (\d+) more)?$/u,
    "向量中有不是数字的部分（共 $2 个，第 $1 个起）",
  ],
  [/^vector (\d+) of (\d+) is all zero(?:, and (\d+) more)?$/u, "向量全为零（共 $2 个，第 $1 个起）"],
  [/^the vectors have different lengths: (.+)$/u, "向量的长度不一致（$1）"],
  [/^(\d+) scores came for (\d+) passages$/u, "$2 个段落得到了 $1 个分数"],
  [/^the answer has no order$/u, "回答中没有次序"],
  [/^no JSON$/u, "回答不是 JSON"],
];

function because(details: Details): string {
  const reason = textIn(details, "reason");
  const known = reasons.find(([pattern]) => pattern.test(reason));
  const said = known === undefined ? reason : reason.replace(known[0], known[1]);
  return said === "" ? "" : `：${said}`;
}

const sentences: Readonly<Record<string, (details: Details, service: Service) => string>> = {
  missing: (details, { model }) =>
    `找不到${model}“${textIn(details, "model")}”所在的服务。请填写它的地址，或启动本机的模型服务。`,
  unreachable: (details, { gives }) =>
    `无法从 ${hostIn(details)} 得到${gives}${because(details)}。请检查服务是否在运行、地址是否正确。`,
  "wrong-key": (details, { model }) => `${hostIn(details)} 不接受${model}的密钥。请重新填写密钥。`,
  "unknown-model": (details, { model }) =>
    `${hostIn(details)} 没有${model}“${textIn(details, "model")}”。请选择另一个${model}。`,
  "rate-limited": (details, { goesOn }) => `${hostIn(details)} 暂时拒绝更多请求，${goesOn}。`,
  failed: (details, { gives }) => {
    const status = textIn(details, "status");
    return `${hostIn(details)} 没能生成${gives}${status === "" ? "" : `（状态 ${status}）`}${because(details)}。`;
  },
  malformed: (details, { gives, model }) =>
    `${hostIn(details)} 给出的${gives}无法使用${because(details)}。请查看服务的日志，或选择另一个${model}。`,
  changed: (details) =>
    `${hostIn(details)} 的模型“${textIn(details, "model")}”给出的向量长度从 ${textIn(details, "was")} 变成了 ${textIn(details, "is")}，似乎换成了另一个模型。`,
};

/** Why there are no embeddings or why nothing was reranked, in Chinese; `null` for other codes. What only the server can say stays in its words. */
export function serviceProblemInChinese(code: string, details: Details): string | null {
  const [name = "", what = ""] = code.split(".");
  const service = services[name];
  // Without a host nobody was asked: what is said then is in the person's language already.
  const isAsked = what === "missing" || hostIn(details) !== "";
  return service === undefined || !isAsked ? null : (sentences[what]?.(details, service) ?? null);
}

import type { Problem } from "../problem.ts";

type Say = (fact: (name: string) => string) => string;

const because = (reason: string): string => (reason === "" ? "" : `：${reason}`);

const sentences: Readonly<Record<string, Say>> = {
  "remote.refused": (fact) =>
    `${fact("address")} 上的 Byzer 网关拒绝了连接（${fact("why")}）。请重新连接集群，让它认可这台机器。`,
  "remote.unreachable": (fact) =>
    `${fact("address")} 没有应答${because(fact("reason"))}。请检查地址、Ray 是否在运行，以及它的仪表板端口能否从这里访问。`,
  "remote.token-missing": (fact) => `集群 ${fact("address")} 需要令牌。请输入启动集群时使用的 Ray 令牌。`,
  "remote.token-wrong": (fact) => `集群 ${fact("address")} 不接受这个令牌。请检查令牌。`,
  "remote.not-ray": (fact) => `${fact("address")} 上不是可用的 Ray 集群${because(fact("reason"))}。`,
  "remote.ray-version": (fact) =>
    `集群 ${fact("address")} 运行的是 Ray ${fact("found")}，这里需要 ${fact("wanted")}。请在集群上安装合适的版本。`,
  "remote.python-version": (fact) =>
    `集群 ${fact("address")} 的 Python 是 ${fact("found")}，这里需要 ${fact("wanted")}。`,
  "remote.serve-missing": (fact) =>
    `集群 ${fact("address")} 没有 Ray Serve。请在集群的每个节点上安装：pip install "ray[default,serve]"。`,
  "remote.prefix-taken": (fact) =>
    `集群 ${fact("address")} 上的应用“${fact("application")}”占用了 /byzer，没有改动它。请把它移到别的路径。`,
  "remote.resources": (fact) => `集群 ${fact("address")} 无法提供所需的资源${because(fact("reason"))}。`,
  "remote.job-failed": (fact) =>
    `集群 ${fact("address")} 上的任务“${fact("verb")}”失败了。${fact("tail") === "" ? "" : `最后的输出：${fact("tail")}`}`,
  "remote.timeout": (fact) => `集群 ${fact("address")} 在 ${fact("seconds")} 秒内没有完成：${fact("what")}。`,
  "remote.malformed": (fact) => `集群 ${fact("address")} 的应答无法理解${because(fact("reason"))}。`,
  "remote.closed": (fact) => `与集群 ${fact("address")} 的连接已关闭。`,
  "remote.not-connected": (fact) =>
    `${fact("name")} 位于集群上，而此处没有连接任何集群。请先连接集群，或在其声明中写入 location: local。`,
  "remote.gone": (fact) => `集群上的“${fact("name")}”已不存在${because(fact("reason"))}。`,
  "remote.too-large": (fact) =>
    `${fact("sizeBytes")} 字节的消息对到集群的连接来说太大了，最多 ${fact("limitBytes")} 字节。`,
  "remote.file": (fact) => `文件“${fact("path")}”无法在这台机器和集群之间传送${because(fact("reason"))}。`,
  "remote.untrusted": () => "这个工作区未受信任，因此不连接集群。",
};

/** What went wrong with a cluster, in Chinese; `null` for other codes. What only the system can say stays in its words. */
export function remoteProblemInChinese(code: string, details: Problem["details"]): string | null {
  const fact = (name: string): string => {
    const value = details[name];
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  };
  return sentences[code]?.(fact) ?? null;
}

import type { ClusterModelState } from "../cluster-model.ts";
import type { Problem } from "../problem.ts";
import { modelStateText } from "./cluster-model-text.ts";

type Say = (fact: (name: string) => string) => string;

const because = (reason: string): string => (reason === "" ? "" : `：${reason}`);

function notRayInChinese(reason: string): string {
  const [, status] = /^it does not say which version of Ray it is \((\d+)\)$/u.exec(reason) ?? [];
  return status === undefined ? reason : `它没有说明 Ray 的版本（${status}）`;
}

const sentences: Readonly<Record<string, Say>> = {
  "remote.refused": (fact) =>
    `${fact("address")} 上的 Byzer 网关拒绝了连接（${fact("why")}）。请重新连接集群，让它认可这台机器。`,
  "remote.unreachable": (fact) =>
    `${fact("address")} 没有应答${because(fact("reason"))}。请检查地址、Ray 是否在运行，以及它的仪表板端口能否从这里访问。`,
  "remote.token-missing": (fact) => `集群 ${fact("address")} 需要令牌。请输入启动集群时使用的 Ray 令牌。`,
  "remote.token-wrong": (fact) => `集群 ${fact("address")} 不接受这个令牌。请检查令牌。`,
  "remote.not-ray": (fact) =>
    fact("reason") === "it is no address"
      ? `“${fact("address")}”不是 Ray 集群的地址。请填写其仪表板的地址，例如 http://10.0.0.4:8265。`
      : `${fact("address")} 上不是可用的 Ray 集群${because(notRayInChinese(fact("reason")))}。`,
  "remote.ray-version": (fact) =>
    `集群 ${fact("address")} 运行的是 Ray ${fact("found")}，这里需要 ${fact("wanted")}。请在集群上安装合适的版本。`,
  "remote.python-version": (fact) =>
    `集群 ${fact("address")} 的 Python 是 ${fact("found")}，这里需要 ${fact("wanted")}。`,
  "remote.serve-missing": (fact) =>
    `集群 ${fact("address")} 没有 Ray Serve。请在集群的每个节点上安装：pip install "ray[default,serve]"。`,
  "remote.serve-local": (fact) =>
    `集群 ${fact("address")} 的 Ray Serve 只在 ${fact("serve")} 上监听，从这里无法访问。请在那里用 serve start --http-host 0.0.0.0 启动它，或指定一个可以访问的 Serve 地址（例如隧道）。`,
  "remote.prefix-taken": (fact) =>
    `集群 ${fact("address")} 上的应用“${fact("application")}”占用了 /byzer，没有改动它。请把它移到别的路径。`,
  "remote.memory": (fact) =>
    `集群 ${fact("address")} 的头节点共有 ${fact("total")} 内存，在 Ray 开始结束程序之前只剩 ${fact("free")}，而 Byzer 约需 ${fact("needed")}。没有在那里放置任何内容。请结束那里运行的其他程序，或在内存更大的机器上启动集群。`,
  "remote.packages": (fact) =>
    `无法在集群 ${fact("address")} 上为会话的 Python 安装 ${fact("packages")}${because(fact("reason"))}。`,
  "remote.resources": (fact) => `集群 ${fact("address")} 无法提供所需的资源${because(fact("reason"))}。`,
  "remote.job-failed": (fact) =>
    `集群 ${fact("address")} 上的任务“${fact("verb")}”失败了。${fact("tail") === "" ? "" : `最后的输出：${fact("tail")}`}`,
  "remote.timeout": (fact) => `集群 ${fact("address")} 在 ${fact("seconds")} 秒内没有完成：${fact("what")}。`,
  "remote.malformed": (fact) => `集群 ${fact("address")} 的应答无法理解${because(fact("reason"))}。`,
  "remote.closed": (fact) => `与集群 ${fact("address")} 的连接已关闭。`,
  "remote.removed": (fact) =>
    `集群 ${fact("address")} 上已没有 Byzer 的任何内容：已被移除，或集群已重新启动。在那里运行的内容已丢失。请重新连接集群。`,
  "remote.not-connected": (fact) =>
    `${fact("name")} 位于集群上，而此处没有连接任何集群。请先连接集群，或在其声明中写入 location: local。`,
  "remote.none-named": () => "这个工作区没有指定集群。请先使用命令“连接 Ray 集群”。",
  "remote.gone": (fact) => `集群上的“${fact("name")}”已不存在${because(fact("reason"))}。`,
  "remote.too-large": (fact) =>
    `${fact("sizeBytes")} 字节的消息对到集群的连接来说太大了，最多 ${fact("limitBytes")} 字节。`,
  "remote.file": (fact) => `文件“${fact("path")}”无法在这台机器和集群之间传送${because(fact("reason"))}。`,
  "remote.model-order": (fact) => orderInChinese(fact("fault"), fact("field"), fact("reason")),
  "remote.llm-missing": (fact) =>
    `集群 ${fact("address")} 没有运行模型的引擎。请在每个节点上安装：pip install "ray[llm]"。集群的说明${because(fact("reason"))}`,
  "remote.model-name-taken": (fact) =>
    `集群 ${fact("address")} 上名为“${fact("application")}”的应用不是 Byzer 的，没有改动它。请给模型换一个名称。`,
  "remote.model-missing": (fact) => `集群上没有名为“${fact("name")}”的模型。`,
  "remote.model-not-running": (fact) =>
    `集群上的模型“${fact("name")}”${modelStateText(stateOf(fact("state")), "zh")}${because(fact("reason"))}。`,
  "remote.untrusted": () => "这个工作区未受信任，因此不连接集群。",
};

const modelStates: readonly ClusterModelState[] = ["deploying", "running", "unhealthy", "failed", "removing", "gone"];

function stateOf(word: string): ClusterModelState {
  return modelStates.find((state) => state === word) ?? "gone";
}

function orderInChinese(fault: string, field: string, reason: string): string {
  switch (fault) {
    case "missing":
      return `要部署的模型缺少 ${field}。`;
    case "range":
      return `要部署的模型的 ${field} 超出范围。`;
    case "unknown":
      return `要部署的模型没有名为 ${field} 的项。`;
    case "secret":
      return `${field} 会把机密显示在集群的仪表板上，因此没有部署。请改为放进集群节点的环境变量，例如 HF_TOKEN。`;
    case "engine":
      return `引擎不接受所给的参数${because(reason)}。`;
    default:
      return `要部署的模型的 ${field} 不符合要求。`;
  }
}

/** What went wrong with a cluster, in Chinese; `null` for other codes. What only the system can say stays in its words. */
export function remoteProblemInChinese(code: string, details: Problem["details"]): string | null {
  const fact = (name: string): string => {
    const value = details[name];
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  };
  return sentences[code]?.(fact) ?? null;
}

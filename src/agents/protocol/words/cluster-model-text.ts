import type { ClusterModelState, ModelShortage } from "../cluster-model.ts";

const english: Readonly<Record<ClusterModelState, string>> = {
  deploying: "is being started",
  running: "runs",
  unhealthy: "does not answer",
  failed: "could not be started",
  removing: "is being removed",
  gone: "is gone",
};

const chinese: Readonly<Record<ClusterModelState, string>> = {
  deploying: "正在启动",
  running: "正在运行",
  unhealthy: "没有应答",
  failed: "无法启动",
  removing: "正在移除",
  gone: "已不存在",
};

/** How a model on a cluster is, as the end of a sentence about it. */
export function modelStateText(state: ClusterModelState, locale: string): string {
  return (isChinese(locale) ? chinese : english)[state];
}

/** Why a model waits. */
export function modelShortageText({ wanted, found }: ModelShortage, locale: string): string {
  if (isChinese(locale)) {
    return `需要 ${wanted} 个 GPU，集群现有 ${found} 个：在集群有足够的 GPU 之前，模型会一直等待。`;
  }
  const wants = wanted === 1 ? "1 GPU is" : `${wanted} GPUs are`;
  return `${wants} wanted and the cluster has ${found}: the model waits until there are enough.`;
}

function isChinese(locale: string): boolean {
  return locale.toLowerCase().startsWith("zh");
}

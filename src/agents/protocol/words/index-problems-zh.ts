import type { Problem } from "../problem.ts";
import { leftOutText } from "./left-out-text.ts";

type Say = (said: (name: string) => string) => string;

const because = (reason: string): string => (reason === "" ? "" : `：${reason}`);

const sentences: Readonly<Record<string, Say>> = {
  "source.not-found": (said) => `${said("name")} 已不存在：被删除或移走了。`,
  "source.none": (said) => `提问范围中没有可以读取的内容：${said("names")}。`,
  "source.left-out": (said) => `无法询问 ${said("name")}：${leftOutText(said("reason"), "zh")}。`,
  "index.not-found": (said) => `${said("name")} 不存在，或没有读取它的权限。`,
  "index.busy": () => "另一个窗口或程序正在写入索引。请稍后再试。",
  "index.full": () => "磁盘空间不足，或索引已达到大小上限。请腾出空间后重试。",
  "index.not-writable": (said) => `无法写入索引${because(said("reason"))}。`,
  "index.unreachable": (said) => `无法连接 ${said("server")} 上的共享索引${because(said("reason"))}。`,
  "index.wrong-password": (said) => `${said("server")} 拒绝了“${said("user")}”的密码。`,
  "index.denied": (said) => `${said("server")} 的数据库不允许“${said("user")}”执行所需操作${because(said("reason"))}。`,
  "index.not-shared": (said) =>
    `集群建立的索引保存在共享索引中：请为 ${said("root")} 指定一个 PostgreSQL 共享索引的地址。`,
  "index.address": (said) => `索引地址有误${because(said("reason"))}`,
  "index.name-taken": (said) =>
    `共享索引“${said("corpus")}”中是别的文件（例如 ${said("other")}）。请在索引地址中用 ?corpus=NAME 另起一个名称。`,
  "index.no-vectors": (said) =>
    `${said("server")} 上的共享索引不能保存向量${because(said("reason"))}。检索仅按文字进行。`,
  "index.other-version": (said) =>
    `共享索引“${said("corpus")}”由本程序的另一个版本建立。请先更新程序，或由有权修改的人更新索引。`,
  "index.read-only": (said) =>
    `“${said("user")}”可以检索 ${said("server")} 上的共享索引，但不能修改。新内容须由有权修改的人建立索引。`,
};

/** What went wrong with what is asked about, or with its index, in Chinese; `null` for other codes. */
export function indexProblemInChinese({ code, details }: Pick<Problem, "code" | "details">): string | null {
  const name = text(details["path"]).split(/[/\\]/u).at(-1) ?? "";
  return sentences[code]?.((key) => (key === "name" ? name : text(details[key]))) ?? null;
}

function text(value: unknown): string {
  return Array.isArray(value) ? value.map(String).join("、") : typeof value === "string" ? value : "";
}

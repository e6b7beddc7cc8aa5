import type { FilesOutput, LeftOnCluster } from "../cell-output.ts";

/** Sentences in two languages. `#1`, `#2`… are what is put in. */
type Sentence = readonly [english: string, chinese: string];

const sentences = {
  brought: [
    "Written on the cluster, and now in the working folder: #1.",
    "已在集群上写入，现已取回到本机的工作文件夹：#1。",
  ],
  left: [
    "#1 was written on the cluster at #2 of #3 and is not here: #4.",
    "#1 已写在集群节点 #3 的 #2，未取回本机：#4。",
  ],
  deleted: [
    "#1 was deleted on the cluster; a file of that name here stays as it is.",
    "#1 已在集群上删除；本机的同名文件保持不变。",
  ],
  more: ["#1 more files are not named here; they are not here either.", "另有 #1 个文件未列出，也未取回本机。"],
  incomplete: [
    "Not all of the folder #1 of #2 could be looked at: code may have written more there than is said.",
    "集群节点 #2 的文件夹 #1 未能全部检查：代码在那里写入的文件可能不止以上这些。",
  ],
  lost: [
    "Python was lost on the cluster: what this code had written into its working folder there is not here.",
    "集群上的 Python 已丢失：这段代码在那里的工作文件夹中写入的文件未取回本机。",
  ],
  kept: [
    "What is only there lies there as long as this Python lives; a folder that all nodes share, or an object store, keeps it longer.",
    "仅在集群上的文件会保留到这个 Python 结束为止；若要更久保留，请写入各节点共享的文件夹或对象存储。",
  ],
} as const satisfies Readonly<Record<string, Sentence>>;

const reasons: Readonly<Record<LeftOnCluster, Sentence>> = {
  size: [
    "it is too large; the files of one cell are brought up to 500 MB in all",
    "它太大；每个单元格最多取回共 500 MB 的文件",
  ],
  count: ["one cell's files are brought up to 200", "每个单元格最多取回 200 个文件"],
  link: ["it is a link, or no plain file", "它是链接，或不是普通文件"],
  name: ["no file can be called so here", "本机不能使用这样的文件名"],
  unreadable: ["it could not be read there", "在集群上无法读取它"],
  unasked: [
    "the code was not seen to write files, so nobody was asked whether it may",
    "未看出这段代码会写入文件，因此没有征求过写入许可",
  ],
  hidden: [
    "its name is hidden, and the code that was allowed does not name it",
    "它是隐藏文件，而获准运行的代码中没有写明它的名称",
  ],
  exists: [
    "a file of that name is here, and the code that was allowed does not name it, so that it was not overwritten",
    "本机已有同名文件，而获准运行的代码中没有写明它的名称，因此没有覆盖",
  ],
  changed: [
    "the file of that name here was changed since the code began, so that it was not overwritten",
    "本机的同名文件在代码开始运行后被改动过，因此没有覆盖",
  ],
  sandbox: [
    "the sandbox that is set for code does not let it write there on this machine",
    "为代码设置的沙箱不允许在本机的这个位置写入",
  ],
  unknown: [
    "another window let the code run, and what it may write here is not known",
    "这段代码是在另一个窗口获准运行的，不知道它可以在本机写入什么",
  ],
  outside: [
    "it stands for a file outside of the working folder, which is as it was",
    "它对应的是工作文件夹之外的文件，本机的那个文件保持不变",
  ],
  failed: ["it could not be brought", "未能取回"],
  stopped: ["bringing it was stopped", "取回已中止"],
};

/** What became of files that a cell wrote on a cluster, in sentences, each on a line of its own. @param locale Such as `zh-cn`. */
export function filesText(output: FilesOutput, locale: string): string {
  const language = locale.toLowerCase().startsWith("zh") ? 1 : 0;
  const say = (name: keyof typeof sentences, ...values: readonly string[]): string =>
    filled(sentences[name][language], values);
  const comma = language === 1 ? "、" : ", ";
  const { node, folder, brought, left, deleted, more } = output;
  return [
    ...(brought.length === 0 ? [] : [say("brought", brought.map(({ path }) => path).join(comma))]),
    ...left.map(({ path, why, reason }) =>
      say("left", path, `${folder}/${path}`, node, withReason(reasons[why][language], reason, language)),
    ),
    ...(deleted.length === 0 ? [] : [say("deleted", deleted.join(comma))]),
    ...(more === 0 ? [] : [say("more", String(more))]),
    ...(output.complete ? [] : [say("incomplete", folder, node)]),
    ...(output.lost ? [say("lost")] : []),
    ...(left.length + more === 0 || output.lost ? [] : [say("kept")]),
  ].join("\n");
}

function withReason(sentence: string, reason: string | undefined, language: 0 | 1): string {
  return reason === undefined ? sentence : language === 1 ? `${sentence}（${reason}）` : `${sentence} (${reason})`;
}

function filled(sentence: string, values: readonly string[]): string {
  return sentence.replaceAll(/#(\d)/gu, (_, place: string) => values[Number(place) - 1] ?? "");
}

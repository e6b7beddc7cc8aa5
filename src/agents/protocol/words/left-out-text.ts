/** Sentences about a file, in two languages; `#1` and `#2` are figures. */
type Sentence = readonly [english: string, chinese: string];

const sentences: Readonly<Record<string, Sentence>> = {
  secret: ["it is for keys or passwords", "它是存放密钥或密码的文件"],
  binary: ["it is no text", "它不是文本"],
  generated: ["a program wrote it for programs", "它由程序生成，供程序使用"],
  unreadable: ["it may not be read", "没有读取它的权限"],
  empty: ["it holds no text", "它没有文字内容"],
  "not-a-file": ["it is no file", "它不是文件"],
  "too-many": ["there are more files than an index holds", "文件数量超出索引的上限"],
  password: ["it opens with a password only: save a copy without one", "它需要密码才能打开：请另存一份不带密码的副本"],
  scanned: [
    "its pages are pictures without text: run text recognition (OCR) on it first",
    "它的页面是图片，没有文字（扫描件）：请先进行文字识别（OCR）",
  ],
  broken: [
    "it is damaged, or not what its name says: open it in its program and save it again",
    "它已损坏，或内容与文件名不符：请用相应的程序打开后重新保存",
  ],
  unsupported: [
    "its format is not read (such as .doc, .ppt and .rtf): save it as .docx, .pptx or PDF",
    "不支持读取该格式（如 .doc、.ppt、.rtf）：请另存为 .docx、.pptx 或 PDF",
  ],
  "too-large": [
    "it is too large, or unpacks to too much: split it into smaller files",
    "它太大，或解压后太大：请将其拆分为较小的文件",
  ],
  agent: [
    "it tells an agent how to answer; ask about the file itself to have it read",
    "它用于告诉智能体如何回答；若要读取，请直接针对该文件提问",
  ],
  "too-slow": [
    "reading it took too long: split it into smaller files, or leave it out with a .byzerignore file",
    "读取它耗时过长：请将其拆分为较小的文件，或用 .byzerignore 文件排除它",
  ],
  "first-megabytes": ["only the first #1 MB are read", "只读取了前 #1 MB"],
  "first-and-last-megabytes": [
    "of #3 MB only the first #1 and the last #2 are read: split it to have all of it searched",
    "共 #3 MB，只读取了前 #1 MB 和后 #2 MB：如需全部检索，请将其拆分",
  ],
  "first-pages": ["only the first #1 of #2 pages are read", "共 #2 页，只读取了前 #1 页"],
  "first-characters": ["only the first #1 characters are read", "只读取了前 #1 个字符"],
  "pages-cut": ["of #1 of #2 pages some text is missing", "共 #2 页，其中 #1 页的文字不完整"],
  "pages-without-text": ["#1 of #2 pages are pictures without text", "共 #2 页，其中 #1 页是没有文字的图片"],
  "masked-keys": ["read without the keys in it (#1)", "已读取，其中的 #1 处密钥已隐去"],
};

/** One reason, with its figures; what is not known is said as it is. */
function sentenceOf(reason: string, language: 0 | 1): string {
  const [code = "", ...figures] = reason.split(" ");
  const sentence = sentences[code]?.[language];
  return sentence === undefined
    ? reason
    : sentence.replace(/#(\d)/gu, (_, place: string) => figures[Number(place) - 1] ?? "?");
}

/**
 * Says why a file, or a part of it, is not in an index.
 *
 * @param reason as `LeftOutFile` gives it: a code with its figures, or several with `; ` between them
 */
export function leftOutText(reason: string, locale: string): string {
  const isChinese = locale.toLowerCase().startsWith("zh");
  return reason
    .split("; ")
    .map((one) => sentenceOf(one, isChinese ? 1 : 0))
    .join(isChinese ? "；" : "; ");
}

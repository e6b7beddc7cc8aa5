/** English words that a question has and an answer need not have. */
const english = new Set(
  `a about am an and any are as at be because been being but by can could did do does doing done for from had has have
  having he her hers him his how i if in into is it its itself just me might much many must my no nor not of off on once
  only or other our ours out over own please shall she should so some such tell than that the their theirs them then
  there these they this those through to too under until up upon us very was we were what when where which while who
  whom whose why will with would you your yours explain describe give show find let ll re ve don doesn didn isn aren
  wasn weren won t s d m`.split(/\s+/),
);

/** Chinese words that ask, and particles; the longest first, so that a part of a longer one is not taken from it. */
const chinese = [
  "请告诉我 请解释一下 请介绍一下 能不能 可不可以 是不是 有没有 为什么 為什麼 怎么样 怎麼樣 怎么办 怎麼辦 什么样 什麼樣 什么时候 什麼時候",
  "请问 請問 告诉我 请解释 请介绍 请说明 解释一下 介绍一下 怎么 怎麼 怎样 怎樣 如何 为何 為何 什么 什麼 哪些 哪个 哪個 哪里 哪裡 哪儿 哪位 哪一 多少 几个 幾個",
  "多大 多长 多久 多远 是否 能否 可否 我们 我們 你们 你們 他们 他們 它们 它們 这个 這個 那个 那個 这些 那些 一下 一个 一個",
  "何时 何時 何地 何处 何處 何人 何种 何種 何以 第几 第幾 几次 幾次 几年 幾年 几种 幾種 几项 幾項",
  "哪种 哪種 哪类 哪類 哪年 哪天 哪月 哪座 哪家 哪部 哪支 哪项 哪項 哪条 哪條 哪场 哪場 哪国 哪國 哪所 哪本 哪款 哪次 哪方面",
  "哪一个 哪一個 哪一种 哪一種 哪一类 哪一年 哪一天 哪一座 哪一家 哪一部 哪一支 哪一项 哪一条 哪一场 哪一所 哪一本 哪一次",
  "哪 几 幾 谁 誰 吗 嗎 呢 的 了 是 在 有 和 与 與 被 把 吧 啊 呀 请 請 我 你 您 就 都 也 着 著 之",
]
  .join(" ")
  .split(" ");

const chinesePattern = new RegExp(chinese.toSorted((a, b) => b.length - a.length).join("|"), "gu");

/** Says whether an English word, in lower case, carries nothing to look for. */
export function isQuestionWord(word: string): boolean {
  return english.has(word);
}

/**
 * A question with the Chinese words that ask replaced by spaces, so that no pair of characters spans them. A question
 * that has nothing else stays.
 */
export function withoutQuestionWords(text: string): string {
  const rest = text.replace(chinesePattern, " ");
  return /[\p{L}\p{N}]/u.test(rest) ? rest : text;
}

const english = [
  String.raw`\b(?:earlier|previous|past|last|former|other|recent) (?:\w+ )?(?:conversations?|chats?|sessions?|discussions?|questions?|answers?|time|week|month|year|results?|findings?|analysis|analyses)\b`,
  String.raw`\b(?:did|have|had|'ve) (?:we|i|you)\b`,
  String.raw`\bwe (?:already |once )?(?:found|discussed|decided|concluded|computed|calculated|talked|agreed|said|saw|looked)\b`,
  String.raw`\b(?:do you )?(?:remember|recall)\b|\bremind me\b|\b(?:yesterday|the other day|days? ago|weeks? ago|months? ago)\b`,
];
const chinese = [
  "上次|上回|上一次|上周|上个?月|昨天|前天|前几天|以前|之前|先前|此前|早些时候|当时",
  "(?:我们|咱们|我|你).{0,12}(?:发现|得出|讨论|聊|谈|说|算|问|分析|决定|结论)(?:了|过|到|出)",
  "还?记得|回忆|历史(?:对话|会话|记录)|(?:其他|别的|另一个)(?:对话|会话)",
];
const pattern = new RegExp([...english, ...chinese].join("|"), "iu");

/** Whether a question speaks of what was asked or found before. A hint: what a question means, a model decides. */
export function refersToEarlier(question: string): boolean {
  return pattern.test(question);
}

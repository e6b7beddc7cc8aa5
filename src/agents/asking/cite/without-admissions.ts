import { sentencesOf } from "./sentences.ts";

const told = "passages?|files?|documents?|texts?|sources?|excerpts?|notes|pages?";
const telling =
  "say|state|mention|describe|give|tell|list|specify|name|cover|contain|include|explain|provide|discuss|address|show|define|report|answer|indicate|record|identify|refer|detail";
const toldOf =
  "said|stated|mentioned|described|given|told|listed|specified|named|covered|contained|included|explained|provided|discussed|addressed|shown|defined|reported|answered|indicated|recorded|identified";
const admission = new RegExp(
  [
    String.raw`\b(?:${told})\b[^.;]{0,80}?\b(?:do|does|did)(?: not|n['’]t)\b (?:\w+ ){0,2}(?:${telling})\b`,
    String.raw`\b(?:${told})\b[^.;]{0,80}?\b(?:${telling})s? (?:nothing|no|neither)\b`,
    String.raw`\b(?:no|none of the|neither of the) (?:${told}|information|mention|details?)\b`,
    String.raw`\b(?:is|are|was|were)(?: not|n['’]t) (?:\w+ )?(?:${toldOf})\b(?=\s*(?:[.,;!]|$|anywhere|here|(?:in|by) (?:the|these|those|any)\b))`,
    String.raw`\b(?:it|they)\b (?:do|does)(?: not|n['’]t) (?:say|state|mention|specify)\b`,
    "^not in these files\\b",
    "(?:段落|文件|文档|文章|资料|材料|原文|文中|文本|来源|檔案|文檔|資料)[^。；]{0,40}?(?:没有|没|未|並未|并未|沒有|不)(?:有|具体|明确|直接|进一步|具體|明確)*(?:提|说|說|写|寫|包含|涉及|描述|给出|給出|列出|记载|記載|指出|提供|介绍|介紹|回答|解释|解釋|交代|讨论|討論)",
    "^(?:没有|未|沒有)(?:提及|提到|说明|說明)",
  ].join("|"),
  "iu",
);
/** Where a sentence turns from what is not said to what is. */
const turn = /(?<=[,，;；])\s*(?=(?:but|however|though|although|only|yet|instead|they do|it does)\b|[但不然只而])/iu;

/** A line of an answer without what admits that the files do not say something. */
export function withoutAdmissions(line: string): string {
  return sentencesOf(line)
    .flatMap(({ start, end }) => line.slice(start, end).split(turn))
    .filter((part) => !admission.test(part))
    .join(" ");
}

const exact =
  /^[\s*【[(（]*(合\s*计|总\s*计|总\s*和|总\s*数|总\s*额|小\s*计|共\s*计|累\s*计|汇\s*总|合计数|全部|全国|全省|全市|全体|总体|grand total|sub-?total|totals?|sum|overall|all|gesamt|summe|insgesamt|total general|somme|world|both( sexes)?)[\s*：:)】\]）]*$/iu;
const inside = /(合计|总计|小计|共计|汇总|总和)|\b(total|subtotal|all|overall|combined|aggregate)\b/iu;
const notes =
  /^[\s*※]*(注|备注|说明|来源|数据来源|资料来源|制表|sources?|notes?|footnotes?|generated|exported|\(\d+ rows?( affected)?\)|\d+ rows? selected)/iu;
const averages = /^[\s*]*(平\s*均|均\s*值|平均值|平均数|average|mean|avg\.?)[\s:：]*$/iu;

/** The word stands for a total and nothing else: `合计`, `Total`. */
export function isTotalWord(text: string): boolean {
  return exact.test(text);
}

/** The words could name a total: `All natural disasters`, `华北合计`. */
export function namesTotal(text: string): boolean {
  return exact.test(text) || inside.test(text);
}

/** The line is a remark below the table. */
export function isNote(text: string): boolean {
  return notes.test(text);
}

/** The word stands for an average. */
export function isAverageWord(text: string): boolean {
  return averages.test(text);
}

const exact =
  /^[\s*【[(（]*(合\s*计|总\s*计|总\s*和|总\s*数|总\s*额|总\s*共|總\s*數|總\s*額|小\s*计|共\s*计|累\s*计|汇\s*总|合计数|全部|全国|全省|全市|全体|总体|全年|全年合计|全季|年计|月计|本年累计|full year|whole year|小\s*計|合\s*計|総\s*計|總\s*計|总\s*合\s*计|本页合计|计|計|계|합계|소계|총계|grand[ -]totals?|sub[ -]?totals?|totals?|sum|overall|all|gesamt|gesamtsumme|zwischensumme|summe|insgesamt|total (general|général)|totale( generale)?|sous-total|ensemble|somme|totaal|toplam|итого|всего|suma|razem|celkem|celkový součet|összesen|ukupno|skupaj|spolu|yhteensä|kokonaismäärä|totalt|i alt|samtals|kokku|kopā|iš viso|общий итог|всього|разом|усього|общо|σύνολο|jumlah|tổng( cộng)?|รวม|รวมทั้งหมด|المجموع|الإجمالي|جمع|מ?סה["״]כ|सभी|कुल|योग|মোট|total geral|suma total|world|both( sexes)?)[\s*：:)】\]）]*$/iu;
const inside =
  /(合计|总计|小计|共计|汇总|总和|合計|小計|總計|総計|합계|소계)|\b(total|sub-?total|all|overall|combined|aggregate|gesamt|summe|totale|ensemble|totaal|toplam)\b|(?<!\p{L})(итого|всего)(?!\p{L})/iu;
const notes =
  /^[\s*※]*(注|备注|说明|来源|数据来源|资料来源|制表|sources?|notes?|footnotes?|generated|exported|\(\d+ rows?( affected)?\)|\d+ rows? selected|共\s*\d+\s*(笔|条|行|项|个)|[-=_—]{4,}|导出|end of (file|report)|-- end)/iu;
const averages =
  /^[\s*]*(平\s*均|均\s*值|平均值|平均数|平均値|평균|average|mean|avg\.?|durchschnitt|mittelwert|moyenne|promedio|media|среднее)[\s:：]*$/iu;

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

/**
 * The ideograph of each code point of the block “CJK Radicals Supplement” from U+2E80 on, itself where there is none of one
 * UTF-16 unit. Source: https://www.unicode.org/Public/UCD/latest/ucd/EquivalentUnifiedIdeograph.txt
 */
const supplement =
  "⺀厂乛乚乙亻冂⺇刀刂卜㔾小小兀尣尢⺑巳幺彑⺕忄心" +
  "扌攵⺚旡日月歺母民氵氺灬爫爫丬牛犭王⺪目示礻⺮糹" +
  "纟罓罒㓁冗⺵羊⺷⺸耂肀聿肉⺽艹艹艹虎衤覀西见角⻇" +
  "讠贝⻊车辶辶辶邑钅長镸长门⻕阝雨青韦页风飞食⻞飠" +
  "饣⻡马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟";

const radicals = /[\u2e80-\u2ef3\u2f00-\u2fd5]/gu;

/**
 * A text with radicals written as the ideographs that look the same. Many PDF documents in Chinese and Japanese name their
 * letters so, and nobody types radicals: `⼯` is then found by `工`. No length changes.
 */
export function withIdeographs(text: string): string {
  return text.replace(radicals, (radical) =>
    radical < "\u2f00" ? (supplement[radical.charCodeAt(0) - 0x2e80] ?? radical) : radical.normalize("NFKC"),
  );
}

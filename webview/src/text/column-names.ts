/** Words that, as a column's last word, name a key or a code: its digits are not a quantity. */
const codeWords: ReadonlySet<string> = new Set(
  "id ids uid uuid guid code codes zip zipcode postcode phone telephone tel mobile fax isbn sku ean fips ssn".split(
    " ",
  ),
);
const chineseCode = /(?:编号|编码|代码|号码|代号|邮编|电话|手机|手机号|身份证|身份证号|学号|工号|卡号|账号|订单号)$/u;

/** Names that count lines as often as they measure something. */
const lineWords: ReadonlySet<string> = new Set(["index", "no", "nr", "num", "row", "序号", "#"]);

const yearWords: ReadonlySet<string> = new Set(["year", "yr", "年", "年份", "年度"]);

/** Whether a column of that name holds keys or codes, such as `customer_id`, `orderCode` or `城市代码`. */
export function isCodeName(name: string): boolean {
  return codeWords.has(lastWord(name)) || /[a-z]code$/iu.test(name.trim()) || chineseCode.test(name.trim());
}

/** Whether a column of that name may just count its lines, such as `No.` or `序号`. */
export function isLineName(name: string): boolean {
  return lineWords.has(lastWord(name)) || name.trim().endsWith("序号");
}

/** Whether a column of that name holds calendar years. */
export function isYearName(name: string): boolean {
  return yearWords.has(name.trim().toLowerCase()) || lastWord(name) === "year";
}

/** `customerId`, `customer_id` and `Customer ID` all end in `id`. */
function lastWord(name: string): string {
  const words = name
    .trim()
    .replaceAll(/([a-z\d])([A-Z])/gu, "$1 $2")
    .split(/[\s_\-./:]+/u)
    .filter((word) => word !== "");
  return (words.at(-1) ?? "").toLowerCase();
}

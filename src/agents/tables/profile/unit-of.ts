const brackets = /[(（[【]\s*([^()（）[\]【】]{1,16})\s*[)）\]】]\s*$/u;
const slashed = /[/／]\s*([\p{L}%℃°]{1,8})\s*$/u;
const suffix =
  /_(usd|eur|gbp|cny|rmb|jpy|km|km2|m|m2|cm|mm|kg|g|t|lb|mi|ft|mph|kmh|kwh|mw|gw|pct|percent|ms|s|sec|min|hours?|days?|years?|celsius|fahrenheit|c|f|hpa|pa|ppm)$/iu;
const comma = /[,，:：]\s*([%℃°]|[kmcµ]?m[²³23]?|k?g|万?亿?元|人|万人|美元|公里|平方公里|吨|万吨)\s*$/u;

const currencies =
  /^(usd|eur|gbp|cny|rmb|jpy|us\$|hk\$|nt\$|[$€£¥￥]|(百|千|万|百万|千万|亿)?(元|美元|欧元|英镑|日元|港元|人民币)|(million|billion|thousand|mn|bn|k|m)?\s*(usd|eur|gbp|cny|rmb|dollars|euros|yuan|[$€£¥]))$/iu;

/** A remark in brackets that is no unit: a year, a note. */
const noUnit = /^(\d{2,4}年?|[a-z]+ed|total|avg|mean|合计|总|含.*|不含.*|.*说明|单位.*)$/iu;

/** The unit that a header names, such as `km` in `length (km)` or `usd` in `price_usd`; `null` when it names none. */
export function unitOf(name: string): string | null {
  const stated = /[(（]\s*单位[:：]?\s*([^()（）]{1,16})\s*[)）]/u.exec(name)?.[1];
  const found =
    stated ?? brackets.exec(name)?.[1] ?? suffix.exec(name)?.[1] ?? slashed.exec(name)?.[1] ?? comma.exec(name)?.[1];
  const unit = found?.trim();
  return unit === undefined || unit === "" || (stated === undefined && noUnit.test(unit)) ? null : unit;
}

/** The unit is money. */
export function isCurrencyUnit(unit: string | null): boolean {
  return unit !== null && currencies.test(unit);
}

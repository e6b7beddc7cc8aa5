import iconv from "iconv-lite";
import type { AwkwardTable } from "./awkward-table.ts";

/** A small table in one language, its cells parted by commas. */
interface Language {
  readonly name: string;
  readonly text: string;
  readonly encodings: readonly string[];
}

const languages: readonly Language[] = [
  {
    name: "simplified",
    text: "序号,城市,产品名称,金额\n1,北京,笔记本电脑,4500\n2,上海,打印机,1200\n3,广州,办公桌,800\n4,成都,显示器,1500\n",
    encodings: ["gb18030", "gbk", "utf-8", "utf-16le", "utf-16be", "utf-32le", "utf-32be"],
  },
  {
    name: "simplified-tiny",
    text: "姓名,分数\n张三,90\n李四,85\n",
    encodings: ["gb18030", "utf-16le", "utf-16be", "utf-32le"],
  },
  {
    name: "simplified-header",
    text: "编号,数值\n1,10\n2,20\n3,30\n",
    encodings: ["gb18030", "utf-16le", "utf-16be", "utf-32be"],
  },
  {
    name: "simplified-long",
    text: "标题,内容,数量\n公司公告,关于召开二〇二三年度股东大会的通知,3\n市场分析,受国际油价上涨影响，本季度运输成本有所增加,5\n用户反馈,“服务态度很好”，但是物流速度比较慢,8\n",
    encodings: ["gb18030"],
  },
  {
    name: "traditional",
    text: "編號,姓名,縣市,備註\n1,陳怡君,臺北市,已經完成付款\n2,林志豪,高雄市,等待客戶確認\n3,張雅婷,新竹縣,請重新寄送發票\n",
    encodings: ["big5", "utf-16le"],
  },
  {
    name: "traditional-tiny",
    text: "縣市,人口\n臺北市,2480681\n新北市,4041120\n桃園市,2317445\n臺中市,2845909\n",
    encodings: ["big5"],
  },
  {
    name: "japanese",
    text: "日付,商品名,数量,担当者\n2023-04-01,りんごジュース,12,田中さくら\n2023-04-02,チョコレート,30,山本たろう\n2023-04-03,緑茶（ペット）,24,鈴木はなこ\n",
    encodings: ["shift_jis", "euc-jp", "utf-16le"],
  },
  {
    name: "japanese-kanji",
    text: "都道府県,人口,面積\n東京都,14047594,2194\n大阪府,8837685,1905\n北海道,5224614,83424\n神奈川県,9237337,2416\n",
    encodings: ["shift_jis", "euc-jp"],
  },
  {
    name: "japanese-halfwidth",
    text: "ｺｰﾄﾞ,名称,金額\nA1,ｱﾙﾐﾎｲﾙ,350\nA2,ｷｯﾁﾝﾍﾟｰﾊﾟｰ,420\nB1,歯ﾌﾞﾗｼ,198\n",
    encodings: ["shift_jis"],
  },
  {
    name: "korean",
    text: "번호,이름,지역,점수\n1,김민수,서울,90\n2,박지영,부산,85\n3,최동현,대구,77\n",
    encodings: ["euc-kr", "utf-16be"],
  },
  {
    name: "german",
    text: "Straße,Ort,Menge\nHauptstraße,München,3\nGrünweg,Köln,7\nMühlgasse,Düsseldorf,2\n",
    encodings: ["windows-1252", "utf-8"],
  },
  {
    name: "german-old",
    text: "Straße,Ort,Menge\nHauptstraße,München,3\nGrünweg,Köln,7\nMühlgasse,Düsseldorf,2\n",
    encodings: ["macintosh", "cp850"],
  },
  {
    name: "french",
    text: "Prénom,Région,Âge\nHélène,Île-de-France,34\nFrançois,Rhône-Alpes,51\nZoé,Bourgogne-Franche-Comté,28\n",
    encodings: ["windows-1252"],
  },
  {
    name: "spanish",
    text: "Año,Población,País\n2001,40000000,España\n2002,38000000,Perú\n2003,10000000,Panamá\n",
    encodings: ["windows-1252"],
  },
  {
    name: "euro",
    text: "Artikel,Preis in €,Größe\nTür,12.5,groß\nSchlüssel,3.25,klein\nBrötchen,0.45,klein\n",
    encodings: ["windows-1252", "iso-8859-15"],
  },
  {
    name: "polish",
    text: "Miasto,Województwo,Ludność\nŁódź,łódzkie,670642\nKraków,małopolskie,800653\nGdańsk,pomorskie,486022\nŚwiętochłowice,śląskie,49557\n",
    encodings: ["windows-1250"],
  },
  {
    name: "czech",
    text: "Jméno,Město,Počet\nJiří Dvořák,Plzeň,12\nLukáš Němec,České Budějovice,7\nŽaneta Růžičková,Jihlava,9\n",
    encodings: ["windows-1250"],
  },
  {
    name: "hungarian",
    text: "Név,Város,Összeg\nKovács Győző,Győr,120\nSzűcs Tünde,Székesfehérvár,45\nTóth Ödön,Hódmezővásárhely,80\n",
    encodings: ["windows-1250"],
  },
  {
    name: "russian",
    text: "Город,Население,Округ\nМосква,12655050,Центральный\nНовосибирск,1620162,Сибирский\nКазань,1259173,Приволжский\n",
    encodings: ["windows-1251", "koi8-r", "cp866"],
  },
  {
    name: "greek",
    text: "Πόλη,Πληθυσμός,Περιφέρεια\nΑθήνα,664046,Αττική\nΘεσσαλονίκη,325182,Κεντρική Μακεδονία\nΠάτρα,167446,Δυτική Ελλάδα\n",
    encodings: ["windows-1253"],
  },
  {
    name: "turkish",
    text: "Şehir,Nüfus,Bölge\nİstanbul,15840900,Marmara\nDiyarbakır,1791373,Güneydoğu Anadolu\nIğdır,203159,Doğu Anadolu\nMuğla,1021141,Ege\n",
    encodings: ["windows-1254"],
  },
  {
    name: "hebrew",
    text: "עיר,אוכלוסייה,מחוז\nירושלים,936425,ירושלים\nחיפה,285316,חיפה\nבאר שבע,209687,הדרום\n",
    encodings: ["windows-1255"],
  },
  {
    name: "arabic",
    text: "المدينة,السكان,الدولة\nالقاهرة,9540000,مصر\nالرياض,7676654,السعودية\nالدار البيضاء,3359818,المغرب\n",
    encodings: ["windows-1256"],
  },
  {
    name: "thai",
    text: "จังหวัด,ประชากร,ภาค\nกรุงเทพมหานคร,5588222,กลาง\nเชียงใหม่,1784370,เหนือ\nขอนแก่น,1794531,อีสาน\n",
    encodings: ["windows-874"],
  },
];

const delimiters: readonly (readonly [string, string])[] = [
  ["comma", ","],
  ["semicolon", ";"],
  ["tab", "\t"],
  ["pipe", "|"],
];

function tablesOf({ name, text, encodings }: Language): AwkwardTable[] {
  const lines = text.trimEnd().split("\n");
  const names = (lines[0] ?? "").split(",");
  const first = (lines[1] ?? "").split(",");
  const textAt = first.findLastIndex((cell) => !/^[\d.-]+$/u.test(cell));
  return encodings.flatMap((encoding) =>
    delimiters.map(([word, delimiter]): AwkwardTable => {
      const written = text.replaceAll(",", delimiter).replaceAll("\n", word === "tab" ? "\r\n" : "\n");
      return {
        file: `encoding-${name}-${encoding}-${word}.csv`,
        bytes: iconv.encode(written, encoding, { addBOM: false }),
        rows: lines.length - 1,
        names,
        cells: [[0, textAt, first[textAt]]],
      };
    }),
  );
}

/** One word beyond ASCII in a long file. */
const singleWords: readonly (readonly [name: string, encoding: string, word: string])[] = [
  ["french", "windows-1252", "café"],
  ["german", "windows-1252", "Müller"],
  ["swedish", "windows-1252", "Åsa"],
  ["portuguese", "windows-1252", "São Paulo"],
  ["degrees", "windows-1252", "20°C"],
  ["euros", "windows-1252", "5 € each"],
  ["apostrophe", "windows-1252", "it’s"],
  ["polish", "windows-1250", "Łódź"],
  ["turkish", "windows-1254", "Şişli"],
  ["russian", "windows-1251", "Москва"],
  ["greek", "windows-1253", "Αθήνα"],
  ["chinese", "gb18030", "北京"],
  ["chinese-name", "gb18030", "张"],
  ["japanese", "shift_jis", "東京"],
  ["korean", "euc-kr", "서울"],
];

const marked = "名称,数量\n苹果,3\n香蕉,5\n";

/** Tables in the encodings that people have, each with several delimiters. */
export const encodedTables: readonly AwkwardTable[] = [
  ...languages.flatMap(tablesOf),
  ...["utf-8", "utf-16le", "utf-16be", "utf-32le", "utf-32be"].flatMap((encoding) =>
    delimiters.map(([word, delimiter]): AwkwardTable => ({
      file: `marked-${encoding}-${word}.csv`,
      bytes: iconv.encode(marked.replaceAll(",", delimiter), encoding, { addBOM: true }),
      rows: 2,
      names: ["名称", "数量"],
      sums: { 数量: 8 },
    })),
  ),
  ...singleWords.map(([name, encoding, word]): AwkwardTable => ({
    file: `single-${name}.csv`,
    bytes: iconv.encode(`id,name\n${word},1\n${"plain,2\n".repeat(200)}`, encoding),
    rows: 201,
    names: ["id", "name"],
    cells: [[0, 0, word]],
  })),
  { file: "marked-header-only.csv", bytes: "\ufeffa,b,c\n", rows: 0, names: ["a", "b", "c"], warnings: ["no-rows"] },
  {
    file: "marked-quoted.csv",
    bytes: '\ufeff"id","name"\n"1","x"\n"2","y"\n',
    rows: 2,
    names: ["id", "name"],
    cells: [[0, 0, 1]],
  },
  {
    file: "marked-sep.csv",
    bytes: "\ufeffsep=;\r\na;b\r\n1;2\r\n",
    rows: 1,
    names: ["a", "b"],
  },
  {
    file: "utf16-sep.csv",
    bytes: iconv.encode("sep=\t\r\n名\t值\r\n一\t2\r\n", "utf-16le", { addBOM: true }),
    rows: 1,
    names: ["名", "值"],
  },
  {
    file: "broken-utf8.csv",
    bytes: Buffer.concat([
      Buffer.from("城市,数量\n北京,1\n上海,2\n广"),
      Buffer.from([0xe5, 0xb7]),
      Buffer.from(",3\n深圳,4\n杭州,5\n成都,6\n"),
    ]),
    rows: 6,
    names: ["城市", "数量"],
    sums: { 数量: 21 },
    warnings: ["replaced-characters"],
  },
  {
    file: "utf8-then-latin.csv",
    bytes: Buffer.concat([
      Buffer.from(`name,n\n${"Zoë Müller,1\n".repeat(60)}`),
      Buffer.from("Jos\xe9,2\n", "latin1"),
      Buffer.from("Ana,3\n"),
    ]),
    rows: 62,
    names: ["name", "n"],
    sums: { n: 65 },
    warnings: ["replaced-characters"],
  },
  { file: "ctrl-z.csv", bytes: "a,b\r\n1,2\r\n3,4\r\n\u001a", rows: 2, names: ["a", "b"], sums: { a: 4 } },
  { file: "ctrl-z-one.csv", bytes: "a\r\n1\r\n2\r\n\u001a", rows: 2, names: ["a"], sums: { a: 3 } },
  {
    file: "nul-bytes.csv",
    bytes: "a,b\n1,x\0y\n2,z\n",
    rows: 2,
    names: ["a", "b"],
    sums: { a: 3 },
    warnings: ["nul-bytes"],
  },
];

/** Why a file cannot be read, as readers say it in English, and in Chinese. */
const reasons: Readonly<Record<string, string>> = {
  "a text without a table": "是一段没有表格的文字。可以把它作为文档提问，或选择分隔符后按表格读取",
  "it holds only blank lines or comments": "其中只有空行或注释，请检查保存方式",
  "tables drawn in text of more than 64 MB cannot be read": "无法读取超过 64 MB 的文本表格，请另存为 CSV",
  "the page has no table": "网页中没有表格，请选择有表格的网页，或把表格另存为 CSV",
  "it unpacks to several hundred times its size, as archives made to fill a disk do":
    "解压后的大小是原来的数百倍，像是用来占满磁盘的压缩包；如果可信，请自行解压后选择其中的文件",
  "it unpacks to more than 1 GB": "解压后超过 1 GB，请把工作表另存为 CSV，或缩小工作簿",
  "its end is missing: it was cut short": "文件结尾缺失，被截断了；请重新复制或下载",
  "its end is missing": "文件结尾缺失；请重新复制或下载",
  "no list of records was found in it": "其中没有记录列表；表格应是对象的列表，或由列表组成的对象",
  "JSON of more than 512 MB cannot be read at once":
    "超过 512 MB 的 JSON 无法一次读取，请转换为 JSON Lines、CSV 或 Parquet",
  "one of its lines has more than 64 MB": "其中有一行超过 64 MB，请转换为 CSV 或 Parquet",
  "the Node of this editor comes without SQLite": "此编辑器的 Node 不含 SQLite；请把其中的表另存为 CSV，或更新编辑器",
  "the database has no tables": "数据库中没有表，请选择其他文件",
  "none of its sheets has a cell": "所有工作表都没有单元格，请检查保存方式",
  "a member is missing": "压缩包缺少成员，请用其他程序解压后选择其中的文件",
  "the archive holds no table": "压缩包中没有表格，请选择表格文件，或含有表格的压缩包",
  "reading it needs more memory than is allowed": "所需内存超过限制，请另存为 CSV 或 Parquet，或只取一部分",
  "no permission to read it": "没有读取权限；请更改文件或文件夹的权限，或复制到可以读取的位置",
  "another program has locked it": "被其他程序锁定；请关闭该程序，或复制文件",
  "its symbolic link leads back to itself": "符号链接指回了自身；请选择它本应指向的文件",
  "its name is too long": "文件名过长；请改用较短的名称",
  "the disk or the network did not give its bytes": "磁盘或网络没有返回数据；请检查连接，或复制到本机",
  "an archive inside an archive": "是压缩包中的压缩包，请先解压",
  "a SQLite database inside a packed file, which must be unpacked first": "是压缩文件中的 SQLite 数据库，请先解压",
  "a PDF document": "是 PDF 文档，请先把其中的表格复制到电子表格",
  "a Word document": "是 Word 文档，请先把其中的表格复制到电子表格",
  "a PowerPoint presentation": "是 PowerPoint 演示文稿，请先把其中的表格复制到电子表格",
  "an e-book": "是电子书",
  "an old Office file": "是旧版 Office 文件，请用相应的程序另存为 xlsx 或 CSV",
  "an Apple iWork document": "是 Apple iWork 文档，请从 Numbers 导出为 CSV 或 Excel 工作簿",
  "an OpenDocument file as plain XML": "是纯 XML 形式的 OpenDocument 文件，请用电子表格软件另存为 xlsx 或 CSV",
  "an XML document": "是 XML 文档，请把其中的表格另存为 CSV",
  "a SQL script": "是 SQL 脚本，请在数据库中运行，再把结果导出为 CSV",
  "a single JSON value": "只有一个 JSON 值",
  "binary data": "是二进制数据",
  "an RTF document": "是 RTF 文档，请先把其中的表格复制到电子表格",
  "a program": "是程序",
  "a Python pickle":
    "是 Python pickle，载入时可以运行任意程序，因此不会打开；如果可信，请在 Python 中载入后写成 CSV 或 Parquet",
  "an encrypted Parquet file": "是加密的 Parquet 文件，请先写成不加密的文件",
  "an Access database": "是 Access 数据库，请从 Access 导出为 CSV 或 Excel 工作簿",
  "a shapefile": "是 shapefile，请把图层另存为 GeoJSON",
};

/** What a file is instead of a table; what is to be done with it follows from its kind. */
const kinds: readonly (readonly [names: RegExp, advice: string])[] = [
  [/^an? (PNG|JPEG|GIF|TIFF) picture$/u, "是 $1 图片"],
  [/^an? (.+) archive(?: \((.+)\))?$/u, "是 $1 压缩包，请解压后选择其中的文件"],
  [/^an? (R workspace|R object \(\.rds\))$/u, "是 $1，请在 R 中用 write.csv 写成 CSV"],
  [/^an? (MATLAB) file$/u, "是 $1 文件，请在 MATLAB 中用 writetable 写成 CSV"],
  [
    /^an? (.+?)(?: data| transport| weather)? file(?: of the first version)?$/u,
    "是 $1 文件，请用写出它的程序或 Python 另存为 CSV 或 Parquet",
  ],
  [/^an? (NumPy) array$/u, "是 $1 数组，请在 Python 中用 np.savetxt 写成文本"],
  [/^an? (dBase) table$/u, "是 $1 表格，请用电子表格软件另存为 CSV 或 xlsx"],
  [/^an? (Lotus 1-2-3) sheet$/u, "是 $1 工作表，请另存为 CSV 或 xlsx"],
];

/** Reasons with facts in them. */
const patterns: readonly (readonly [reason: RegExp, chinese: string])[] = [
  [/^it has more than (\d+) MB, which this format cannot be read in$/u, "超过 $1 MB，这种格式无法读取"],
  [
    /^the checksum of "(.+)" does not fit, so some of its bytes were altered$/u,
    "“$1”的校验和不符，有字节被改动，数值不可信；请重新复制或下载",
  ],
  [/^it cannot be unpacked \((.+)\)$/u, "无法解压（$1）；请重新复制或下载"],
  [
    /^it holds (\d+) JSON documents one after another$/u,
    "其中连续写了 $1 个 JSON 文档；请每行放一个（JSON Lines），或用方括号和逗号组成列表",
  ],
  [/^its records have more than (\d+) different keys$/u, "其记录有超过 $1 个不同的键；请转换为 CSV 或 Parquet"],
  [/^there is no "(.+)" in it$/u, "其中没有“$1”"],
  [/^the sheet "(.+)" has no cells$/u, "工作表“$1”没有单元格，请选择其他工作表"],
  [/^"(.+)" is packed by an unusual method$/u, "“$1”使用了不常见的压缩方式，请用其他程序解压后选择其中的文件"],
  [/^a quote that opens on line (\d+) never closes$/u, "第 $1 行的引号没有闭合，请补上或删除它"],
  [/^unknown encoding (.+)$/u, "无法识别编码“$1”，请选择其他编码，例如 utf-8 或 gb18030"],
];

/** A reason of a reader in Chinese; `null` where it has no words here, as what a library or the system said. */
export function tableReasonInChinese(reason: string): string | null {
  const [words, chinese] = [...patterns, ...kinds].find(([known]) => known.test(reason)) ?? [];
  return reasons[reason] ?? (words === undefined || chinese === undefined ? null : reason.replace(words, chinese));
}

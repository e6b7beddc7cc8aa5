/** What the view of a PDF document says. */
export interface PdfStrings {
  readonly previous: string;
  readonly next: string;
  readonly pageNumber: string;
  readonly ofPages: (count: number) => string;
  readonly page: (number: number) => string;
  readonly larger: string;
  readonly smaller: string;
  readonly fitWidth: string;
  readonly loading: string;
  readonly password: string;
  readonly unreadable: string;
  readonly notFound: string;
}

const en: PdfStrings = {
  previous: "Previous page",
  next: "Next page",
  pageNumber: "Page",
  ofPages: (count) => `of ${count}`,
  page: (number) => `Page ${number}`,
  larger: "Zoom in",
  smaller: "Zoom out",
  fitWidth: "Fit to width",
  loading: "Loading…",
  password: "This document is protected by a password.",
  unreadable: "This document cannot be shown.",
  notFound: "The cited words are not on this page as they were read; this is the page they were read on.",
};

const zh: PdfStrings = {
  previous: "上一页",
  next: "下一页",
  pageNumber: "页码",
  ofPages: (count) => `共 ${count} 页`,
  page: (number) => `第 ${number} 页`,
  larger: "放大",
  smaller: "缩小",
  fitWidth: "适合宽度",
  loading: "正在加载…",
  password: "此文档受密码保护。",
  unreadable: "无法显示此文档。",
  notFound: "此页上找不到所引用的原文；这是读取时所在的页。",
};

/** @param locale BCP 47. */
export function pdfStrings(locale: string): PdfStrings {
  return /^zh\b/iu.test(locale) ? zh : en;
}

import { closeSync, openSync, writeSync } from "node:fs";
import { pick, seededDraw, type Draw } from "../../src/agents/testing/seeded-draw.ts";

const channels = ["web", "store", "phone", "partner", "app", "fair"];
const cities = "北京 上海 广州 深圳 成都 重庆 杭州 南京 武汉 西安 Berlin Paris Madrid Oslo Lisboa Wien".split(" ");
const words = "late fragile gift repeat bulk checked returned partial urgent sample spare blue small heavy".split(" ");

const two = (value: number): string => String(value).padStart(2, "0");

function note(draw: Draw): string {
  const text = Array.from({ length: 4 + draw(5) }, () => pick(draw, words)).join(" ");
  const kind = draw(20);
  return kind === 0 ? `"${text}, ""${pick(draw, words)}"""` : kind === 1 ? "" : text;
}

function day(draw: Draw): string {
  return `${2015 + draw(10)}-${two(1 + draw(12))}-${two(1 + draw(28))}`;
}

/** One record of an order book: whole and decimal numbers, dates, words, text, codes, missing values, quotes, hanzi. */
function record(row: number, draw: Draw): string {
  const cells = [
    row + 1,
    `ORD-${two(draw(100))}-${String(draw(100_000_000)).padStart(8, "0")}`,
    `${day(draw)} ${two(draw(24))}:${two(draw(60))}:${two(draw(60))}`,
    day(draw),
    pick(draw, channels),
    pick(draw, cities),
    1 + draw(40),
    `${draw(5000)}.${two(draw(100))}`,
    draw(10) === 0 ? "" : `${draw(1_000_000)}.${String(draw(10_000)).padStart(4, "0")}`,
    draw(2) === 0 ? "true" : "false",
    draw(50) === 0 ? "N/A" : draw(200) - 100,
    note(draw),
  ];
  return `${cells.join(",")}\n`;
}

const header = "id,order_no,created_at,ship_date,channel,city,quantity,price,weight_g,member,score,note\n";

/** Writes a CSV file of `rowCount` rows and 12 columns, about 130 bytes a row; the same for the same number. */
export function writeOrders(path: string, rowCount: number): void {
  const draw = seededDraw(7);
  const file = openSync(path, "w");
  try {
    writeSync(file, header);
    let piece = "";
    for (let row = 0; row < rowCount; row += 1) {
      piece += record(row, draw);
      if (piece.length > 4_000_000 || row === rowCount - 1) {
        writeSync(file, piece);
        piece = "";
      }
    }
  } finally {
    closeSync(file);
  }
}

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tinyPdf } from "../test/editor/tiny-pdf.mjs";

/** The folder that the pictures ask about. */
export const picturedFolder = "workshop";

/** Words of its files that the pictured answer cites. */
export const picturedQuotes = {
  refund: "Fees are refunded in full until 14 days before the first day; after that, half of them.",
  seats: "The room seats 24 people, and no more than 20 with instruments.",
  power: "Unplug the kiln before opening the lid; it stays hot for three hours.",
};

const terms = `# Terms

## Registration

Places are given in the order in which registrations come in. A registration is binding once the fee has arrived.

## Cancelling

Whoever cannot come tells the office in writing.
${picturedQuotes.refund}
Somebody else may take the place at no cost.

## Insurance

The house is insured against fire and water. Instruments are not.
`;

const rooms = `# Rooms

| room | floor | light |
| --- | --- | --- |
| Linden | ground | north |
| Ash | first | south |

## Linden

${picturedQuotes.seats}
Chairs are stacked along the wall and go back there in the evening.

## Ash

For talks and films. The screen comes down from the ceiling.
`;

const safety = [
  ["House rules", "", "The door closes at ten.", "Bicycles stay in the yard."],
  ["Pottery", "", picturedQuotes.power, "Gloves hang beside the door.", "Glazes are kept in the cellar."],
];

/**
 * Writes the documents of the pictures.
 *
 * @param {string} folder Absolute path of the workspace.
 */
export function writePicturedDocuments(folder) {
  const own = join(folder, picturedFolder);
  mkdirSync(own);
  writeFileSync(join(own, "terms.md"), terms);
  writeFileSync(join(own, "rooms.md"), rooms);
  writeFileSync(join(own, "safety.pdf"), tinyPdf(safety));
}

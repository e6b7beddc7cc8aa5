/** The library that reads workbooks, as a bundle of its own: whoever reads one loads it, and it is packed once. */
export { read, SSF, utils } from "@e965/xlsx";

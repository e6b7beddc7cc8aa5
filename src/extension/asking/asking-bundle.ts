/**
 * What asking in files is made of, loaded at first use as a bundle of its own. `asking-room.ts` is the only file that
 * imports it.
 */
export { addedPlaces, pathsToAdd, placeInWorkspace } from "./added-places.ts";
export { askAboutFiles, askAboutFolders, askAboutSelection, askAboutWorkspace } from "./ask-about.ts";
export { createAsking } from "./create-asking.ts";
export { findFiles } from "./find-files.ts";

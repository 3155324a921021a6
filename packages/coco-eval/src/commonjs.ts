// What `require` gets: one file for all entries that run in browsers, whose one-line files the build writes.
import * as index from "./index";
import * as rle from "./rle";
import * as tide from "./tide";

export { index, rle, tide };

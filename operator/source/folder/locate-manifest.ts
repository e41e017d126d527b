import { join } from "node:path";
import type { LoadedManifest } from "./folder-contents.ts";
import { createLineFinder } from "./locate-field.ts";
import { readText } from "./read-text.ts";
import { splitDocuments } from "./split-documents.ts";

/**
 * Finds the lines of fields of manifests that were read. Only worth it for what is going to be shown: each file is read
 * again. The line of the manifest stands in where the file has changed since.
 */
export class ManifestLocator {
  readonly #folder: string;
  #file: string | undefined;
  #documents: readonly { readonly line: number; readonly lineOf: (path: string) => number }[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param path as problems name it: "spec.rules[0].verbs" */
  lineOf(manifest: LoadedManifest, path: string): number {
    this.#open(manifest.file);
    const document = this.#documents.findLast(({ line }) => line <= manifest.line);
    if (document === undefined) return manifest.line;
    const whole = [manifest.path, path].filter((part) => part !== "").join(".");
    return Math.max(manifest.line, document.line + document.lineOf(whole));
  }

  #open(file: string): void {
    if (this.#file === file) return;
    this.#file = file;
    const text = readText(file, join(this.#folder, file));
    const isJson = /\.json$/i.test(file);
    const documents =
      typeof text !== "string" ? [] : isJson ? [{ text, line: 1 }] : [...splitDocuments(text)];
    this.#documents = documents.map(({ text, line }) => ({
      line,
      lineOf: createLineFinder(text, isJson, 0),
    }));
  }
}

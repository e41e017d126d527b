import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { generate } from "./generate.ts";

const root = join(import.meta.dirname, "..");

/** The anchors of a page's headings, as forges make them. */
function anchorsOf(text: string): Set<string> {
  const headings = text.matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(([, heading]) =>
      (heading as string)
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

describe("The documentation", () => {
  it.each([...generate()])("has a fresh %s", (path, content) => {
    expect(readFileSync(join(root, "docs", path), "utf8")).toBe(content);
  });

  const pages = globSync("{*.md,docs/**/*.md,presets/**/*.md,test/**/*.md}", { cwd: root });

  it.each(pages)("has no dead link in %s", (page) => {
    const links = [
      ...readFileSync(join(root, page), "utf8").matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g),
    ];
    const dead = links
      .map(([, target]) => normalize(join(dirname(page), target as string)))
      .filter((path) => !existsSync(join(root, path)));
    expect(dead).toEqual([]);
  });

  it.each(pages)("leads to headings that are there from %s", (page) => {
    const links = readFileSync(join(root, page), "utf8").matchAll(
      /\]\((?!https?:|mailto:)([^)#\s]*\.md)?#([^)\s]+)\)/g,
    );
    const dead = [...links].filter(([, target, anchor]) => {
      const path = target === undefined ? page : normalize(join(dirname(page), target));
      return !anchorsOf(readFileSync(join(root, path), "utf8")).has(anchor as string);
    });
    expect(dead.map(([link]) => link)).toEqual([]);
  });

  it.each([
    ["docs/README.md", "docs/{how-to,tutorial,reference}/*.md"],
    ["docs/explanation/README.md", "docs/explanation/[a-z]*.md"],
  ])("has every page in the index %s", (index, indexed) => {
    const text = readFileSync(join(root, index), "utf8");
    const unnamed = globSync(indexed, { cwd: root }).filter(
      (page) => !text.includes(`](${relative(dirname(index), page)})`),
    );
    expect(unnamed).toEqual([]);
  });
});

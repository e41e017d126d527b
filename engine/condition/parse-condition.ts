import type { ASTNode } from "@marcbachmann/cel-js";
import { conditionLimits } from "../model/condition-limits.ts";
import { environmentFor } from "./variables.ts";

/** The syntax tree of a condition, to look at; undefined for a source that can not be parsed. */
export function parseCondition(source: string): ASTNode | undefined {
  if (source.length > conditionLimits.conditionLength) return undefined;
  try {
    return environmentFor(source).parse(source).ast;
  } catch {
    return undefined;
  }
}

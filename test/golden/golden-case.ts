import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import type { LevelName } from "../../engine/model/scope.ts";
import type { Cell } from "./case-file.ts";

/** Objects and the decisions that are expected in them. */
export interface GoldenWorld {
  /** The file's path from the root of the project. */
  readonly file: string;
  readonly title: string;
  /** Whether the objects are valid manifests. */
  readonly isValid: boolean;
  readonly objects: readonly SidegateObject[];
  readonly cases: readonly GoldenCase[];
}

export interface GoldenCase {
  readonly name: string;
  /** The words that the case stands for, and for presets the line of the document. */
  readonly says: { readonly line?: number; readonly words: string } | undefined;
  readonly cell: Cell | undefined;
  /** The world's objects with the changes of this case; the same array where there are none. */
  readonly objects: readonly SidegateObject[];
  readonly request: GoldenRequest;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly want: GoldenResult;
}

/** A request as every door takes it; what is left out is empty. */
export interface GoldenRequest {
  readonly subjectKind: string;
  readonly subjectName: string;
  readonly groups: readonly string[];
  readonly permission: string;
  readonly scope: string;
  readonly resourceName: string;
  readonly activeRoles: readonly string[];
}

/** What an evaluator answers. */
export interface GoldenResult {
  /** Allowed, InvalidRequest or a reason of section 5 of the semantics. */
  readonly outcome: string;
  /** With a denial. */
  readonly disclosure?: "Forbidden" | "NotFound";
  /** With WrongLevel. */
  readonly level?: LevelName;
}

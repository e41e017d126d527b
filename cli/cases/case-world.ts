import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import type { LevelName } from "../../engine/model/scope.ts";
import type { JsonObject } from "../../proto/struct.ts";
import type { Cell } from "./case-file.ts";

/** Objects and what is expected in them. */
export interface CaseWorld {
  /** The file's path from the root that the loader was given. */
  readonly file: string;
  readonly title: string;
  /** Whether the objects are valid manifests. */
  readonly isValid: boolean;
  readonly objects: readonly SidegateObject[];
  /** Decisions. */
  readonly cases: readonly CheckCase[];
}

/** What a case of any form says of itself. */
export interface AnyCase {
  readonly name: string;
  /** The words that the case stands for, and for presets the line of the document. */
  readonly says: { readonly line?: number; readonly words: string } | undefined;
  readonly cell: Cell | undefined;
  /** The world's objects with the changes of this case; the same array where there are none. */
  readonly objects: readonly SidegateObject[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A decision. */
export interface CheckCase extends AnyCase {
  readonly request: CaseRequest;
  readonly want: CaseResult;
}

/** A request as every door takes it; what is left out is empty. */
export interface CaseRequest {
  readonly subjectKind: string;
  readonly subjectName: string;
  readonly groups: readonly string[];
  readonly permission: string;
  readonly scope: string;
  readonly resourceName: string;
  readonly activeRoles: readonly string[];
  readonly subjectAttributes?: JsonObject;
  readonly resourceAttributes?: JsonObject;
  readonly context?: JsonObject;
  readonly token?: CaseToken;
}

/** A token, and what an evaluator that reads no signatures needs to know of it. */
export interface CaseToken {
  /** What is sent. */
  readonly text: string;
  /** What its payload holds; undefined where the case gives the text itself. */
  readonly claims: JsonObject | undefined;
  /** The id of the test key whose good signature it bears, as its header says; undefined: it bears none. */
  readonly signedBy: string | undefined;
}

/** What is decided. */
export interface CaseResult {
  /** Allowed, InvalidRequest or a reason of section 5 of the semantics. */
  readonly outcome: string;
  /** With a denial. */
  readonly disclosure?: "Forbidden" | "NotFound";
  /** With WrongLevel. */
  readonly level?: LevelName;
}

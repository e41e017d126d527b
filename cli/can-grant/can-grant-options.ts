import type { AskerOptions } from "../asking/asker-options.ts";
import type { SourceOptions } from "../asking/source-options.ts";

/** What `sidegate can-grant` was given. */
export interface CanGrantOptions
  extends Pick<AskerOptions, "subject" | "group" | "subjectAttribute" | "tokenFile">,
    SourceOptions {
  readonly activeRole?: readonly string[];
  readonly scope: string;
  readonly to?: GrantTarget;
  readonly from?: GrantTarget;
  readonly list?: boolean;
}

export interface GrantTarget {
  readonly kind: "User" | "ServiceAccount" | "Group" | "AccessGroup";
  readonly name: string;
}

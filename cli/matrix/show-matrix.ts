import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { LevelName } from "../../engine/model/scope.ts";
import { openDomain } from "../folder/open-domain.ts";
import { formatMatrix, type MatrixFormat } from "./format-matrix.ts";
import { roleMatrix } from "./role-matrix.ts";

export interface MatrixOptions {
  readonly level?: readonly LevelName[];
  readonly role?: readonly string[];
  readonly organization?: string;
  readonly domain?: string;
  readonly output: MatrixFormat;
}

/**
 * The matrix of a folder as text.
 *
 * @throws SidegateError SG5001 for a role or organization that there is not, and what `openDomain` throws
 */
export async function showMatrix(folder: string, options: MatrixOptions): Promise<string> {
  const { world, policy } = await openDomain(folder, options.domain);
  const { level, role, organization, output } = options;
  const unknown = role?.find((name) => !policy.model.roleRows.has(name));
  if (unknown !== undefined) throw new SidegateError("SG5001", `${folder} has no AccessRole ${unknown}`);
  if (organization !== undefined && world.live("Organization", organization) === undefined) {
    throw new SidegateError("SG5001", `${folder} has no Organization ${organization}`);
  }
  return formatMatrix(output, roleMatrix(world, policy, { levels: level, roles: role, organization }));
}

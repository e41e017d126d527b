import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The companies whose matrices there are. */
export const companies = ["apj", "domino", "emea", "hc"] as const;

export type Company = (typeof companies)[number];

/** A complete access matrix: users and permissions are numbered from 1. */
export interface AccessMatrix {
  readonly users: number;
  readonly permissions: number;
  /** How many cells are allowed. */
  readonly allowed: number;
  has(user: number, permission: number): boolean;
}

/** A role of those that rebuild the matrix. */
export interface MinedRole {
  readonly name: string;
  readonly permissions: readonly number[];
  readonly users: readonly number[];
}

/** Reads upa-COMPANY.txt: a user and a permission on each line. */
export function readMatrix(folder: string, company: Company): AccessMatrix {
  const pairs = read(folder, `upa-${company}.txt`).map((line) => line.split(/\s+/).map(Number));
  const users = Math.max(...pairs.map(([user]) => user!));
  const permissions = Math.max(...pairs.map(([, permission]) => permission!));
  const cells = new Uint8Array((users + 1) * (permissions + 1));
  for (const [user, permission] of pairs) cells[user! * (permissions + 1) + permission!] = 1;
  return {
    ...{ users, permissions, allowed: cells.reduce((sum, cell) => sum + cell, 0) },
    has: (user, permission) => cells[user * (permissions + 1) + permission] === 1,
  };
}

/** Reads roles-COMPANY.txt: three lines for each role. */
export function readRoles(folder: string, company: Company): MinedRole[] {
  const lines = read(folder, `roles-${company}.txt`);
  return lines.flatMap((line, index) => {
    const name = /^role: (\d+)$/.exec(line)?.[1];
    if (name === undefined) return [];
    return [{ name, permissions: numbersOf(lines[index + 1]!), users: numbersOf(lines[index + 2]!) }];
  });
}

function numbersOf(line: string): number[] {
  return line.replace(/^\w+:/, "").split(",").map(Number);
}

/** The lines that are not empty. */
function read(folder: string, file: string): string[] {
  const lines = readFileSync(join(folder, file), "utf8").split("\n");
  return lines.map((line) => line.trim()).filter((line) => line !== "");
}

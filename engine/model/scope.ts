/** The levels of the scope tree, from the root down. The numbers stand in compiled policies and never change. */
export const Level = { Platform: 1, Organization: 2, Workspace: 3, Environment: 4 } as const;
export type Level = (typeof Level)[keyof typeof Level];
export type LevelName = keyof typeof Level;

export const levelNames: readonly LevelName[] = ["Platform", "Organization", "Workspace", "Environment"];

/** The name of a level as it stands in manifests. */
export function levelName(level: Level): LevelName {
  return levelNames[level - 1] as LevelName;
}

/** Levels as one number: bit n is set for level n. */
export function levelBits(levels: readonly LevelName[]): number {
  return levels.reduce((bits, level) => bits | (1 << Level[level]), 0);
}

/** Whether a level is among those that `levelBits` wrote. */
export function hasLevel(bits: number, level: Level): boolean {
  return ((bits >>> level) & 1) !== 0;
}

/** Writes a scope as requests do: "platform", "organization/acme", "environment/acme-prod". */
export function formatScope(kind: LevelName, name: string): string {
  return kind === "Platform" ? "platform" : `${kind.toLowerCase()}/${name}`;
}

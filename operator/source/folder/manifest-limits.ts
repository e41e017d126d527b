/**
 * The limits of a folder of manifests. docs/reference/limits.md is generated from this table together with those of
 * engine/model/limits.ts.
 */
export const manifestLimits = {
  /** Bytes of one file. */
  fileBytes: 64 * 1024 * 1024,
  /**
   * Characters of one YAML document that uses more of YAML than block style (anchors, flow style, block scalars). Reading
   * such a document stops everything else in the process: for 0.3 s if it is sensible, for 2 s if it is malicious.
   */
  documentLength: 512 * 1024,
  /** How many times its anchors' content the aliases of a document may stand for. */
  aliases: 100,
  /** Aliases of a document times its characters: 100 aliases in 80 KiB, 16 in the longest document. */
  aliasWork: 8 * 1024 * 1024,
  /** Keys of one mapping in a document of more characters than that. */
  keys: 10_000,
  /** Levels of nesting in one document. */
  depth: 64,
  /** Manifests in the folder. */
  objects: 1_000_000,
  /** Files in the folder, of any kind. */
  files: 200_000,
  /** Problems that are reported one by one; of the others only the number is. */
  problems: 100,
} as const;

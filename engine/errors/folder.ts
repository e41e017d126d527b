import { defineErrors } from "./define.ts";

/** Files and folders of manifests: SG1100 to SG1199. */
export const folderErrors = defineErrors({
  SG1101: {
    reason: "UnreadableFolder",
    cause: "The folder of manifests is not there, is no folder, or may not be read.",
    remedy: "Name a folder that exists and that this process may read.",
  },
  SG1102: {
    reason: "UnreadableFile",
    cause: "A file in the folder of manifests can not be read.",
    remedy: "Let this process read the file, mend the link, or take the file out of the folder.",
  },
  SG1103: {
    reason: "FolderTooLarge",
    cause: "A file, a YAML document or the folder of manifests is over a limit of docs/reference/limits.md.",
    remedy: "Split what is too large; the message says which limit it is over.",
  },
  SG1104: {
    reason: "InvalidEncoding",
    cause: "A file holds bytes that are not UTF-8, or characters that YAML does not allow.",
    remedy: "Save the file as UTF-8 text; write unusual characters as escapes in double quotes.",
  },
  SG1105: {
    reason: "InvalidYaml",
    cause: "A file is not YAML, or not JSON where its name ends in .json.",
    remedy:
      "Correct the text at the line that the message names; mostly it is the indentation or a missing quote.",
  },
  SG1106: {
    reason: "ExcessiveYaml",
    cause: "A YAML document nests too deeply, or its anchors and aliases stand for too much.",
    remedy: "Write out what the aliases stand for, or split the document.",
  },
  SG1107: {
    reason: "DuplicateObject",
    cause: "Two manifests in the folder declare the same object.",
    remedy: "Remove one of them, or rename it; the message names both places.",
  },
});

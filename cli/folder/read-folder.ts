import { crds } from "../../crds/definitions.ts";
import { createManifestValidator, type ManifestValidator } from "../../engine/validate/manifest-validator.ts";
import type { FolderContents } from "../../operator/source/folder/folder-contents.ts";
import { FolderReader } from "../../operator/source/folder/folder-reader.ts";
import { BrokenFolderError } from "./broken-folder.ts";

/** The validator of the CRDs that this version comes with. */
export function createValidator(): ManifestValidator {
  return createManifestValidator(crds);
}

/** Reads a folder once, without looking at whether it is in order. */
export function readFolder(folder: string, domain: string): Promise<FolderContents> {
  return new FolderReader({ folder, domain, validator: createValidator(), pause: async () => {} }).read();
}

/** Reads a folder that is to be used. @throws BrokenFolderError where it can not be */
export async function readSoundFolder(folder: string, domain: string): Promise<FolderContents> {
  const contents = await readFolder(folder, domain);
  if (contents.problemCount > 0) throw new BrokenFolderError(folder, contents);
  return contents;
}

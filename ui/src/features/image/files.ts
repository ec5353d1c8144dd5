import { byName } from "$i18n";
import type { PhotoSource } from "$ipc";

/** A photograph on its way in: bytes that the window holds or reads when its turn comes, or a file that the core reads. */
export type Incoming = { name: string; source: PhotoSource } & (
  | { read: () => Promise<Uint8Array> }
  | { offer: { key: number; watched: boolean } }
);

const bytesOf = async (file: File): Promise<Uint8Array> => new Uint8Array(await file.arrayBuffer());

export function incomingOf(files: Iterable<File>, source: PhotoSource = "file"): Incoming[] {
  return [...files].map((file) => ({ name: file.name, source, read: () => bytesOf(file) }));
}

/** Pictures of a paste. They carry no name worth showing, so they get a running one. */
export function pastedFiles(transfer: DataTransfer | null, nameOf: (number: number) => string): Incoming[] {
  return [...(transfer?.files ?? [])]
    .filter((file) => file.type.startsWith("image/"))
    .map((file, index) => ({ name: nameOf(index + 1), source: "paste", read: () => bytesOf(file) }));
}

export function carriesFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes("Files") ?? false;
}

/** Most files of one drop. */
const MOST = 20_000;

const inner = (folder: FileSystemDirectoryReader): Promise<FileSystemEntry[]> =>
  new Promise((resolve, reject) => folder.readEntries(resolve, reject));
const fileOf = (entry: FileSystemFileEntry): Promise<File> => new Promise((resolve, reject) => entry.file(resolve, reject));

/**
 * Files of a drop, and those below its folders, in the order in which they lie there. A file is opened when its
 * turn comes, so that thousands of them take no memory. Anything else, such as dragged text, gives none.
 */
export async function droppedFiles(transfer: DataTransfer | null): Promise<Incoming[]> {
  // The transfer is empty once the event is over.
  const files = [...(transfer?.files ?? [])];
  const entries = [...(transfer?.items ?? [])].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (!entries.some((entry) => entry?.isDirectory)) return incomingOf(files);
  const found: Incoming[] = [];
  const open = entries.filter((entry) => entry !== null).reverse();
  for (let entry = open.pop(); entry !== undefined && found.length < MOST; entry = open.pop()) {
    const name = entry.fullPath.replace(/^\//, "");
    if (entry.isFile) {
      const file = entry as FileSystemFileEntry;
      found.push({ name, source: "folder", read: async () => bytesOf(await fileOf(file)) });
    } else {
      const reader = (entry as FileSystemDirectoryEntry).createReader();
      const below: FileSystemEntry[] = [];
      // A reader hands out a hundred entries at a time.
      for (let some = await inner(reader); some.length > 0; some = await inner(reader)) below.push(...some);
      const shown = below.filter((candidate) => !candidate.name.startsWith("."));
      open.push(...shown.sort((a, b) => byName(b.name, a.name)));
    }
  }
  return found;
}

export type NamedFile = { file: File; name: string };

/** Files of a drop; anything else, such as dragged text, gives none. */
export function droppedFiles(transfer: DataTransfer | null): NamedFile[] {
  return [...(transfer?.files ?? [])].map((file) => ({ file, name: file.name }));
}

/** Pictures of a paste. They carry no name worth showing, so they get a running one. */
export function pastedFiles(transfer: DataTransfer | null, nameOf: (number: number) => string): NamedFile[] {
  return [...(transfer?.files ?? [])]
    .filter((file) => file.type.startsWith("image/"))
    .map((file, index) => ({ file, name: nameOf(index + 1) }));
}

export function carriesFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes("Files") ?? false;
}

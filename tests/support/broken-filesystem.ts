import type { AppendableFileSystem } from '../../src/ports/filesystem.ts';

export type Call = 'stat' | 'read' | 'get' | 'stage' | 'publish' | 'discard' | 'put' | 'append' | 'remove' | 'folderEtag' | 'removeFolder';

/**
 * `files`, with a say before and after every call: `before` throws to keep it from happening (a crash, a refusal), `after` throws once it happened
 * (a lost answer).
 */
export function brokenFileSystem(
  files: AppendableFileSystem,
  fault: { readonly before?: (call: Call, path: string) => void; readonly after?: (call: Call, path: string) => void },
  permanent: ReadonlySet<string> = new Set(),
): AppendableFileSystem {
  const through = async <T>(call: Call, path: string, act: () => Promise<T>): Promise<T> => {
    fault.before?.(call, path);
    const answer = await act();
    fault.after?.(call, path);
    return answer;
  };
  const { folderEtag, removeFolder } = files;
  return {
    url: files.url,
    permanent,
    stat: (path) => through('stat', path, () => files.stat(path)),
    list: (folder) => files.list(folder),
    read: (path, range) => through('read', path, () => files.read(path, range)),
    get: (path) => through('get', path, () => files.get(path)),
    stage: (names, body) => through('stage', names.staged, () => files.stage(names, body)),
    publish: (file) => through('publish', file.final, () => files.publish(file)),
    staged: (folder) => files.staged(folder),
    discard: (file) => through('discard', file.staged, () => files.discard(file)),
    put: (path, body, condition) => through('put', path, () => files.put(path, body, condition)),
    append: (path, line) => through('append', path, () => files.append(path, line)),
    remove: (path) => through('remove', path, () => files.remove(path)),
    ...(folderEtag && { folderEtag: (path: string) => through('folderEtag', path, () => folderEtag.call(files, path)) }),
    ...(removeFolder && {
      removeFolder: (path: string, condition: { readonly ifMatch: string }) =>
        through('removeFolder', path, () => removeFolder.call(files, path, condition)),
    }),
  };
}

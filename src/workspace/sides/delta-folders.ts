/** Finds folders that are Delta tables, by paths alone: the log of a table contains a commit or a checkpoint. */
const inLog = /^(?:(.*?)\/)?_delta_log\/\d{20}\./;

/** The folder of the table whose log contains the file; '' is the folder to which paths are relative. Undefined: the file is in no log. */
export function tableOfLog(path: string): string | undefined {
  const found = inLog.exec(path);
  return found === null ? undefined : (found[1] ?? '');
}

/** The tables whose logs are among the files, in the order of their folders. */
export function tablesAmong(paths: readonly string[]): readonly string[] {
  return [...new Set(paths.flatMap((path) => tableOfLog(path) ?? []))].sort();
}

/** The folder of the table whose log is this path or contains it; undefined: the path is in no log. */
export function tableAround(place: string): string | undefined {
  return /^(.*?)[\\/]_delta_log(?:[\\/]|$)/.exec(place)?.[1];
}
